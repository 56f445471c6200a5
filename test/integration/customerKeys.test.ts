import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { CustomerKey } from '../../src/core/customerKey.ts';
import { serversFromEnvironment } from '../servers/fromEnvironment.ts';
import { useDialogs } from './support/dialogs.ts';
import { useSite, uriOf } from './support/site.ts';

interface KeyRecord {
  readonly name: string;
  readonly fingerprint: string;
  readonly scope: string;
  readonly bindings: readonly { readonly host: string; readonly buckets?: readonly string[] }[];
  readonly missing: boolean;
}

async function run(command: string, args: Readonly<Record<string, unknown>>): Promise<unknown> {
  return await vscode.commands.executeCommand(`ssec.${command}`, args);
}

async function listed(fingerprint: string): Promise<readonly KeyRecord[]> {
  const records = (await run('listCustomerKeys', { show: false })) as readonly KeyRecord[];
  return records.filter((record) => record.fingerprint === fingerprint);
}

const base64 = (key: CustomerKey): string => Buffer.from(key.reveal()).toString('base64');
const hex = (key: CustomerKey): string => Buffer.from(key.reveal()).toString('hex');
const uniqueName = (): string => `key ${randomUUID().slice(0, 8)}`;
const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

function inspectDefault(): { user: unknown; workspace: unknown } {
  const inspected = vscode.workspace.getConfiguration().inspect('ssec.defaultCustomerKey');
  return { user: inspected?.globalValue, workspace: inspected?.workspaceValue };
}

describe('customer keys', () => {
  const dialogs = useDialogs();
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'ssec-keys-'));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  function fileWith(content: string | Uint8Array): string {
    const file = join(folder, randomUUID());
    writeFileSync(file, content);
    return file;
  }

  const text = randomBytes(16).toString('hex');
  const formats: readonly [string, (key: CustomerKey) => Readonly<Record<string, unknown>>][] = [
    ['base64', (key) => ({ format: 'base64', value: base64(key) })],
    ['base64 without padding', (key) => ({ format: 'base64', value: base64(key).slice(0, 43) })],
    ['hex', (key) => ({ format: 'hex', value: hex(key) })],
    ['a raw file', (key) => ({ format: 'file', file: fileWith(key.reveal()) })],
    ['a base64 file', (key) => ({ format: 'file', file: fileWith(`${base64(key)}\n`) })],
    ['a hex file', (key) => ({ format: 'file', file: fileWith(hex(key)) })],
    ['text', () => ({ format: 'text', value: text })],
  ];
  for (const [what, argumentsOf] of formats) {
    it(`are added from ${what}, and nothing is asked`, async () => {
      const key = what === 'text' ? new CustomerKey(Buffer.from(text)) : CustomerKey.generate();
      const name = uniqueName();
      const hosts = ['https://S3.example.com/'];
      const added = await run('addCustomerKey', { name, ...argumentsOf(key), hosts });
      assert.deepEqual(added, { name, fingerprint: key.fingerprint, scope: 'workspace' });
      const [record] = await listed(key.fingerprint);
      assert.deepEqual(record?.bindings, [{ host: 's3.example.com' }]);
      assert.deepEqual(dialogs.shown, []);
      assert.deepEqual(dialogs.lists, []);
    });
  }

  it('are generated, with a copy that only the owner can read', async () => {
    const name = uniqueName();
    const saveCopy = join(folder, 'copy.key');
    const added = (await run('addCustomerKey', {
      name,
      format: 'generate',
      saveCopy,
    })) as KeyRecord;
    assert.equal(statSync(saveCopy).mode & 0o777, 0o600);
    const bytes = Buffer.from(readFileSync(saveCopy, 'utf8').trim(), 'base64');
    assert.equal(new CustomerKey(bytes).fingerprint, added.fingerprint);
    // A file that is there may hold the only copy of another key.
    const again = { name: uniqueName(), format: 'generate', saveCopy };
    await assert.rejects(run('addCustomerKey', again), /There is a file .* already/);
  });

  it('are refused with the reason, and without being repeated', async () => {
    const key = CustomerKey.generate();
    for (const [args, reason] of [
      [{ format: 'hex', value: base64(key) }, /reads as base64, not as hex/],
      [{ format: 'base64', value: base64(key).slice(0, 20) }, /20 characters/],
      [{ format: 'base64', value: [base64(key)] }, /"value"/],
      [{ format: 'morse', value: base64(key) }, /"format".*"generate"/],
      [{ format: 'file', file: fileWith('short') }, /5 characters/],
      [{ format: 'base64', value: base64(key), hosts: ['http://h'] }, /"hosts\.0".*host/],
      [{ format: 'base64', value: base64(key), buckets: ['b'] }, /"hosts", too/],
      [{ format: 'base64', value: base64(key), expect: 'AAAA' }, /another customer key/],
    ] as const) {
      await assert.rejects(run('addCustomerKey', { name: uniqueName(), ...args }), (error) => {
        assert.match(messageOf(error), reason);
        assert.ok(!messageOf(error).includes(base64(key).slice(0, 16)));
        return true;
      });
    }
    assert.deepEqual(await listed(key.fingerprint), []);
  });

  it('have names that are unique in their scope, and are there once', async () => {
    const key = CustomerKey.generate();
    const name = uniqueName();
    const value = base64(key);
    await run('addCustomerKey', { name, format: 'base64', value });
    const other = base64(CustomerKey.generate());
    await assert.rejects(run('addCustomerKey', { name, format: 'base64', value: other }), /name/);
    await assert.rejects(
      run('addCustomerKey', { name: uniqueName(), format: 'base64', value }),
      /already/,
    );
    await run('addCustomerKey', { name, format: 'base64', value, scope: 'user' });
    assert.equal((await listed(key.fingerprint)).length, 2);
  });

  it('stand in no setting and no list with their bytes', async () => {
    const key = CustomerKey.generate();
    await run('addCustomerKey', { name: uniqueName(), format: 'base64', value: base64(key) });
    const records = JSON.stringify(await run('listCustomerKeys', { show: false }));
    const settings = JSON.stringify(vscode.workspace.getConfiguration('ssec'));
    assert.ok(!(records + settings).includes(base64(key)));
  });

  it('are renamed, and the default that names them follows', async () => {
    const key = CustomerKey.generate();
    const name = uniqueName();
    await run('addCustomerKey', { name, format: 'base64', value: base64(key) });
    await run('setDefaultCustomerKey', { customerKey: key.fingerprint, target: 'workspace' });
    assert.equal(inspectDefault().workspace, name);
    const newName = uniqueName();
    await run('renameCustomerKey', { customerKey: name, newName });
    assert.equal((await listed(key.fingerprint))[0]?.name, newName);
    assert.equal(inspectDefault().workspace, newName);
    await run('setDefaultCustomerKey', { customerKey: null, target: 'workspace' });
    assert.equal(inspectDefault().workspace, undefined);
    await assert.rejects(
      run('renameCustomerKey', { customerKey: name, newName }),
      /no customer key/,
    );
  });

  it('are bound to more hosts only if the person says so, whatever the arguments', async () => {
    const key = CustomerKey.generate();
    const name = uniqueName();
    await run('addCustomerKey', { name, format: 'base64', value: base64(key) });
    const args = { customerKey: name, hosts: ['evil.example.com'], buckets: ['b'] };
    assert.equal(await run('bindCustomerKey', args), undefined);
    assert.deepEqual((await listed(key.fingerprint))[0]?.bindings, []);
    const [modal] = dialogs.modals();
    assert.ok(modal);
    assert.ok(modal.message.includes(name) && modal.message.includes('evil.example.com'));
    assert.ok(modal.detail.includes(key.fingerprint));
    await assert.rejects(run('bindCustomerKey', { ...args, confirmed: true }), /"confirmed"/);
    dialogs.answer('Allow');
    await run('bindCustomerKey', args);
    const bound = [{ host: 'evil.example.com', buckets: ['b'] }];
    assert.deepEqual((await listed(key.fingerprint))[0]?.bindings, bound);
    await run('bindCustomerKey', { ...args, action: 'unbind' });
    assert.deepEqual((await listed(key.fingerprint))[0]?.bindings, []);
    assert.equal(dialogs.modals().length, 2);
  });
});

for (const server of serversFromEnvironment()) {
  describe(`customer keys and objects on ${server.name}`, () => {
    const host = new URL(server.proxy.endpoint).host;
    const site = useSite(server);
    const dialogs = useDialogs();
    let key: CustomerKey;
    let name: string;
    let uri: vscode.Uri;

    after(async () => {
      await run('setDefaultCustomerKey', { customerKey: null, target: 'user' });
    });
    beforeEach(async () => {
      key = CustomerKey.generate();
      name = uniqueName();
      const object = `${name}/secret.txt`;
      await site.other.put(site.bucket, object, 'the text', key);
      uri = uriOf(site, object);
    });

    async function read(): Promise<string> {
      return Buffer.from(await vscode.workspace.fs.readFile(uri)).toString();
    }

    async function sentKeys(): Promise<readonly (string | undefined)[]> {
      return (await site.proxy.requests())
        .filter(({ customerKey }) => customerKey.key)
        .map(({ customerKey }) => customerKey.keyMd5);
    }

    it('are asked for, and where they may be sent, and open it', async () => {
      await run('addCustomerKey', { name, format: 'base64', value: base64(key) });
      await site.proxy.clear();
      dialogs.pick(name, 'For this object');
      dialogs.answer(`Only Bucket "${site.bucket}"`);
      assert.equal(await read(), 'the text');
      assert.match(dialogs.lists[0]?.title ?? '', /secret\.txt/);
      const [modal] = dialogs.modals();
      assert.equal(modal?.message, `Send the customer key "${name}" to ${host}?`);
      assert.ok(modal.detail.includes(key.fingerprint) && modal.detail.includes(site.bucket));
      const bindings = [{ host, buckets: [site.bucket] }];
      assert.deepEqual((await listed(key.fingerprint))[0]?.bindings, bindings);
      // Known from now on: nothing is asked again.
      assert.equal(await read(), 'the text');
      assert.equal(dialogs.modals().length, 1);
    });

    it('are sent nowhere if the person does not agree', async () => {
      await run('addCustomerKey', { name, format: 'base64', value: base64(key) });
      await site.proxy.clear();
      dialogs.pick(name, 'For this object');
      await assert.rejects(read());
      assert.ok(!(await sentKeys()).includes(key.fingerprint));
      assert.deepEqual((await listed(key.fingerprint))[0]?.bindings, []);
    });

    it('bound to the host are tried without a question', async () => {
      await run('addCustomerKey', { name, format: 'base64', value: base64(key), hosts: [host] });
      assert.equal(await read(), 'the text');
      assert.deepEqual(dialogs.lists, []);
    });

    it('are remembered for a prefix if the person says so', async () => {
      await run('addCustomerKey', { name, format: 'base64', value: base64(key) });
      const object = `${name}/other.txt`;
      await site.other.put(site.bucket, object, 'other', key);
      dialogs.pick(name, 'For everything in its prefix');
      dialogs.answer('All Buckets');
      assert.equal(await read(), 'the text');
      await site.proxy.clear();
      const other = await vscode.workspace.fs.readFile(uriOf(site, object));
      assert.equal(Buffer.from(other).toString(), 'other');
      assert.deepEqual(new Set(await sentKeys()), new Set([key.fingerprint]));
      assert.equal(dialogs.lists.length, 2);
    });

    it('are not tried on a bucket that they are not bound to', async () => {
      const args = { name, format: 'base64', value: base64(key), hosts: [host] };
      await run('addCustomerKey', { ...args, buckets: ['another'] });
      await site.proxy.clear();
      await assert.rejects(read());
      assert.ok(!(await sentKeys()).includes(key.fingerprint));
    });

    it('encrypt new objects where they are the default', async () => {
      await run('addCustomerKey', { name, format: 'base64', value: base64(key), hosts: [host] });
      await run('setDefaultCustomerKey', { customerKey: name, target: 'workspace' });
      try {
        const object = `${name}/new.txt`;
        await vscode.workspace.fs.writeFile(uriOf(site, object), Buffer.from('new'));
        assert.equal(await site.other.text(site.bucket, object, key), 'new');
        assert.notEqual(await site.other.status(site.bucket, object), 200);
      } finally {
        await run('setDefaultCustomerKey', { customerKey: null, target: 'workspace' });
      }
    });

    it('are removed after saying what becomes unreadable', async () => {
      await run('addCustomerKey', { name, format: 'base64', value: base64(key), hosts: [host] });
      assert.equal(await read(), 'the text');
      await vscode.workspace
        .getConfiguration()
        .update('ssec.keyRules', { [`s3://${site.bucket}/x/**`]: name });
      try {
        assert.equal(await run('removeCustomerKey', { customerKey: name }), undefined);
        const [modal] = dialogs.modals();
        assert.deepEqual(modal?.buttons, ['Save a Copy…', 'Remove']);
        assert.ok(modal.detail.includes(`s3://${site.bucket}/${name}/secret.txt`), modal.detail);
        assert.ok(modal.detail.includes(`s3://${site.bucket}/x/**`), modal.detail);
        assert.equal((await listed(key.fingerprint)).length, 1);
      } finally {
        await vscode.workspace.getConfiguration().update('ssec.keyRules', undefined);
      }
      await run('removeCustomerKey', { customerKey: name, confirmed: true });
      assert.deepEqual(await listed(key.fingerprint), []);
      await assert.rejects(read());
    });
  });
}
