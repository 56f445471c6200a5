import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { serversFromEnvironment } from '../servers/fromEnvironment.ts';
import { freePorts } from '../servers/ports.ts';
import { connectProxy, type ProxyClient } from '../servers/proxyClient.ts';
import { useDialogs } from './support/dialogs.ts';
import { OtherClient } from './support/otherClient.ts';

type Arguments = Readonly<Record<string, unknown>>;

async function run(command: string, args: Arguments): Promise<unknown> {
  return await vscode.commands.executeCommand(`ssec.${command}`, args);
}

/** What the settings say about a connection. */
function settingOf(
  name: string,
  target: 'globalValue' | 'workspaceValue' = 'globalValue',
): unknown {
  const inspected = vscode.workspace
    .getConfiguration()
    .inspect<Record<string, unknown>>('ssec.connections');
  return inspected?.[target]?.[name];
}

async function setInWorkspace(name: string, value: unknown): Promise<void> {
  await vscode.workspace
    .getConfiguration()
    .update(
      'ssec.connections',
      value === undefined ? undefined : { [name]: value },
      vscode.ConfigurationTarget.Workspace,
    );
}

const message = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

for (const server of serversFromEnvironment()) {
  describe(`connections to ${server.name}`, () => {
    const unique = randomUUID().slice(0, 8);
    const bucket = `connections-${unique}`;
    const access = {
      source: 'accessKey',
      accessKeyId: server.accessKeyId,
      secretAccessKey: server.secretAccessKey,
    };
    let name = '';
    const dialogs = useDialogs();
    let proxy: ProxyClient;
    let folder: string;

    before(async () => {
      folder = mkdtempSync(join(tmpdir(), 'ssec-profiles-'));
      const other = new OtherClient(server);
      await other.createBucket(bucket);
      other.dispose();
    });

    after(() => {
      rmSync(folder, { recursive: true });
    });

    beforeEach(async () => {
      name = `c-${randomUUID().slice(0, 8)}`;
      proxy = connectProxy(server.proxy.control);
      await proxy.clear();
    });

    afterEach(async () => {
      await proxy.clearFaults();
      await setInWorkspace(name, undefined);
      if (settingOf(name) !== undefined) await run('removeConnection', { name, confirmed: true });
    });

    function argumentsOf(more: Arguments = {}): Arguments {
      const { region, caFile } = server;
      const { endpoint } = server.proxy;
      return { name, endpoint, region, caFile, credentials: access, target: 'user', ...more };
    }

    async function failure(args: Arguments): Promise<string> {
      try {
        await run('addConnection', args);
      } catch (error) {
        assert.equal(settingOf(name), undefined, 'it was kept');
        return message(error);
      }
      throw new Error('The connection was added.');
    }

    it('are tried, and kept without their secret, and nothing is asked', async () => {
      const added = await run('addConnection', argumentsOf());
      assert.deepEqual((added as { buckets: string[] }).buckets.includes(bucket), true);
      assert.deepEqual(
        { ...(added as object), buckets: [] },
        {
          ...{ name, target: 'user', tried: true, buckets: [] },
        },
      );
      assert.deepEqual(settingOf(name), {
        endpoint: server.proxy.endpoint,
        region: server.region,
        addressing: 'path',
        caFile: server.caFile,
        credentials: { source: 'accessKey' },
      });
      assert.deepEqual(dialogs.shown, []);
      const uri = vscode.Uri.from({ scheme: 'ssec', authority: name, path: `/${bucket}` });
      assert.deepEqual(await vscode.workspace.fs.readDirectory(uri), []);
    });

    it('take a bare host for https', async () => {
      await run('addConnection', argumentsOf({ endpoint: new URL(server.proxy.endpoint).host }));
      assert.equal((settingOf(name) as { endpoint: string }).endpoint, server.proxy.endpoint);
    });

    it('say that the name resolution failed', async () => {
      const args = argumentsOf({ endpoint: 'https://nowhere.invalid' });
      assert.match(await failure(args), /^Name resolution failed: the host nowhere\.invalid/);
    });

    it('say that nobody listens', async () => {
      const [port = 0] = await freePorts(1);
      const args = argumentsOf({ endpoint: `https://127.0.0.1:${String(port)}` });
      assert.match(await failure(args), /was not reached/);
    });

    it('say that TLS failed', async () => {
      assert.match(await failure(argumentsOf({ caFile: undefined })), /^TLS failed/);
    });

    for (const [what, wrong] of [
      ['secret access key', { secretAccessKey: 'hunter2hunter2' }],
      ['access key ID', { accessKeyId: 'nobody' }],
    ] as const) {
      it(`say that the credentials are wrong: ${what}`, async () => {
        const said = await failure(argumentsOf({ credentials: { ...access, ...wrong } }));
        assert.match(said, /^The credentials are missing, or .* does not accept them/);
        assert.doesNotMatch(said, /hunter2/);
      });
    }

    it('say that the right to list buckets is missing; then buckets can be named', async () => {
      await proxy.addFault({
        match: { method: 'GET', pathRegex: '^/(\\?.*)?$' },
        fault: {
          kind: 'respond',
          status: 403,
          headers: { 'content-type': 'application/xml' },
          body: '<Error><Code>AccessDenied</Code><Message>no</Message></Error>',
        },
      });
      assert.match(await failure(argumentsOf()), /^The rights do not suffice/);
      await run('addConnection', argumentsOf({ buckets: [bucket] }));
      assert.deepEqual((settingOf(name) as { buckets: unknown }).buckets, [bucket]);
    });

    it('say that a named bucket is not there', async () => {
      const missing = `missing-${unique}`;
      const said = await failure(argumentsOf({ buckets: [bucket, missing] }));
      assert.ok(said.startsWith(`There is no bucket "${missing}".`), said);
    });

    it('are kept in spite of a failure if the arguments say so', async () => {
      const args = argumentsOf({ caFile: undefined, keepOnFailure: true });
      const added = (await run('addConnection', args)) as { tried: boolean };
      assert.equal(added.tried, false);
      await assert.rejects(run('testConnection', { name }), /TLS failed/);
    });

    it('are not replaced without a word', async () => {
      await run('addConnection', argumentsOf());
      await run('addConnection', argumentsOf({ region: 'elsewhere-1' }));
      assert.equal((settingOf(name) as { region: string }).region, server.region);
      assert.equal(dialogs.modals().length, 1);
      dialogs.answer('Replace');
      await run('addConnection', argumentsOf({ buckets: [bucket] }));
      assert.deepEqual((settingOf(name) as { buckets: unknown }).buckets, [bucket]);
    });

    it('are tested: region, buckets and what is known of the server', async () => {
      await run('addConnection', argumentsOf());
      const tested = (await run('testConnection', { name })) as Record<string, unknown>;
      assert.equal(tested['region'], server.region);
      assert.ok((tested['buckets'] as string[]).includes(bucket));
      assert.ok('conditionalPut' in (tested['traits'] as object));
      await assert.rejects(run('testConnection', { name: 'nobody' }), /no connection "nobody"/);
    });

    it('take the credentials of the environment, or of a profile of the shared files', async () => {
      const variables = {
        AWS_ACCESS_KEY_ID: server.accessKeyId,
        AWS_SECRET_ACCESS_KEY: server.secretAccessKey,
        AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
      };
      writeFileSync(
        variables.AWS_SHARED_CREDENTIALS_FILE,
        `[p]\naws_access_key_id = ${server.accessKeyId}\n` +
          `aws_secret_access_key = ${server.secretAccessKey}\n`,
      );
      const before = { ...process.env };
      try {
        Object.assign(process.env, variables);
        const { endpoint } = server;
        const environment = { source: 'environment' };
        await run('addConnection', argumentsOf({ endpoint, credentials: environment }));
        delete process.env['AWS_SECRET_ACCESS_KEY'];
        await assert.rejects(run('testConnection', { name }), /credentials/);
        await run('editConnection', { name, credentials: { source: 'profile', profile: 'p' } });
        const credentials = { source: 'profile', profile: 'p' };
        assert.deepEqual((settingOf(name) as { credentials: unknown }).credentials, credentials);
        await run('testConnection', { name });
        const nobody = { source: 'profile', profile: 'nobody' };
        await assert.rejects(run('editConnection', { name, credentials: nobody }), /credentials/);
      } finally {
        for (const variable of Object.keys(variables)) {
          if (before[variable] === undefined) Reflect.deleteProperty(process.env, variable);
          else process.env[variable] = before[variable];
        }
      }
    });

    it('are edited, keeping the access key that is not given', async () => {
      await run('addConnection', argumentsOf());
      await run('editConnection', { name, buckets: [bucket] });
      assert.deepEqual((settingOf(name) as { buckets: unknown }).buckets, [bucket]);
      await run('editConnection', { name, buckets: null });
      assert.ok(!('buckets' in (settingOf(name) as object)));
      await run('testConnection', { name });
      assert.deepEqual(dialogs.modals(), []);
    });

    it('get another name, and their access key with it', async () => {
      await run('addConnection', argumentsOf());
      const newName = `${name}-b`;
      const old = name;
      assert.deepEqual(await run('editConnection', { name, newName }), {
        ...{ name: newName, tried: true },
      });
      assert.equal(settingOf(old), undefined);
      name = newName;
      await run('testConnection', { name });
    });

    it('send a stored access key to another endpoint only if the person says so', async () => {
      await run('addConnection', argumentsOf());
      await proxy.clear();
      const args = { name, endpoint: server.endpoint };
      assert.equal(await run('editConnection', args), undefined);
      assert.equal((settingOf(name) as { endpoint: string }).endpoint, server.proxy.endpoint);
      const [modal] = dialogs.modals();
      assert.equal(modal?.message, `Use the stored access key with ${server.endpoint}?`);
      dialogs.answer('Use It');
      await run('editConnection', args);
      assert.equal((settingOf(name) as { endpoint: string }).endpoint, server.endpoint);
    });

    it('send nothing where the workspace has changed the endpoint', async () => {
      // Added for the server itself; the proxy is the stranger that would see it.
      await run('addConnection', argumentsOf({ endpoint: server.endpoint, target: 'workspace' }));
      const entry = settingOf(name, 'workspaceValue') as object;
      await setInWorkspace(name, { ...entry, endpoint: server.proxy.endpoint });
      await assert.rejects(run('testConnection', { name }), (error) => {
        assert.ok(message(error).includes(`was added for ${server.endpoint}`), message(error));
        return true;
      });
      const uri = vscode.Uri.from({ scheme: 'ssec', authority: name, path: `/${bucket}` });
      await assert.rejects(async () => await vscode.workspace.fs.readDirectory(uri));
      assert.deepEqual(await proxy.requests(), []);
    });

    it('of the workspace do not get the access key of the user’s of the same name', async () => {
      await run('addConnection', argumentsOf({ endpoint: server.endpoint }));
      const entry = settingOf(name) as object;
      await setInWorkspace(name, { ...entry, endpoint: server.proxy.endpoint });
      await assert.rejects(run('testConnection', { name }), /access key/);
      // Not even for the same endpoint, and not mixed with fields of the user's.
      await setInWorkspace(name, { region: 'x', credentials: { source: 'accessKey' } });
      await assert.rejects(run('testConnection', { name }));
      assert.deepEqual(await proxy.requests(), []);
      await setInWorkspace(name, undefined);
      await run('testConnection', { name });
    });

    // With an endpoint that no other test has used: whoever adds such a connection agrees by it.
    it('of the workspace use a profile or the environment only once the person agreed', async () => {
      const { region, caFile } = server;
      const { endpoint } = server.proxy;
      const credentials = { source: 'environment' };
      await setInWorkspace(name, { endpoint, region, caFile, credentials });
      await assert.rejects(run('testConnection', { name }), /was not allowed to use/);
      const [modal] = dialogs.modals();
      assert.equal(modal?.message, `Use your AWS credentials with ${endpoint}?`);
      assert.match(modal.detail, /the credentials of your environment/);
      assert.deepEqual(await proxy.requests(), []);
    });

    it('follow changes of the settings, whoever makes them', async () => {
      await run('addConnection', argumentsOf({ target: 'workspace' }));
      const entry = settingOf(name, 'workspaceValue') as object;
      await setInWorkspace(name, { ...entry, buckets: ['only-this'] });
      await assert.rejects(run('testConnection', { name }), /There is no bucket "only-this"/);
    });

    it('are removed after a question, with their access key', async () => {
      await run('addConnection', argumentsOf());
      assert.equal(await run('removeConnection', { name }), undefined);
      assert.ok(settingOf(name));
      assert.match(dialogs.modals()[0]?.detail ?? '', /customer keys stay/);
      assert.deepEqual(await run('removeConnection', { name, confirmed: true }), { name });
      assert.equal(settingOf(name), undefined);
      const { region, caFile } = server;
      await setInWorkspace(name, undefined);
      // The same entry by hand: the access key is gone.
      const credentials = { source: 'accessKey' };
      await setInWorkspace(name, { endpoint: server.proxy.endpoint, region, caFile, credentials });
      await assert.rejects(run('testConnection', { name }), /credentials|access key/);
    });

    it('do not cut what another one has on its way', async () => {
      await run('addConnection', argumentsOf());
      const uri = vscode.Uri.from({ scheme: 'ssec', authority: name, path: `/${bucket}` });
      await vscode.workspace.fs.readDirectory(uri);
      await proxy.clear();
      await proxy.addFault({ match: {}, fault: { kind: 'delay', milliseconds: 3000 } });
      const listing = vscode.workspace.fs.readDirectory(uri);
      while ((await proxy.requests()).length === 0) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      const args = argumentsOf({ name: `${name}-two`, endpoint: server.endpoint });
      await run('addConnection', args);
      await run('removeConnection', { name: `${name}-two`, confirmed: true });
      assert.deepEqual(await listing, []);
      // A second one would be the retry of one that was cut.
      assert.equal((await proxy.requests()).length, 1);
    });

    it('are used over http, with a warning', async () => {
      if (server.httpEndpoint === undefined) {
        // A server that speaks TLS alone: the trial says so, and nothing is kept.
        const endpoint = server.endpoint.replace('https:', 'http:');
        await assert.rejects(
          run('addConnection', argumentsOf({ endpoint })),
          /not as an S3 server/,
        );
        assert.equal(settingOf(name), undefined);
        return;
      }
      await run('addConnection', argumentsOf({ endpoint: server.httpEndpoint }));
      assert.equal(dialogs.modals().length, 0);
      assert.match(dialogs.shown.at(-1)?.message ?? '', /customer key is never sent/);
    });

    it('refuse arguments that make no sense, without repeating them', async () => {
      await assert.rejects(run('addConnection', argumentsOf({ endpont: 'x' })), (error) => {
        assert.match(message(error), /"endpont"/);
        return true;
      });
      const credentials = { ...access, secretAccessKey: { nested: 'hunter2' } };
      await assert.rejects(run('addConnection', argumentsOf({ credentials })), (error) => {
        assert.match(message(error), /credentials\.secretAccessKey/);
        assert.doesNotMatch(message(error), /hunter2/);
        return true;
      });
    });
  });
}
