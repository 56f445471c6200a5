import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { CustomerKey } from '../../src/core/customerKey.ts';
import { serversFromEnvironment } from '../servers/fromEnvironment.ts';
import type { RecordedRequest } from '../servers/proxyFaults.ts';
import { useDialogs } from './support/dialogs.ts';
import { closeEditors, openText, replaceText, until } from './support/editors.ts';
import { labelsBelow, rowAt } from './support/objectsView.ts';
import type { Outcome } from './support/outcome.ts';
import {
  addConnection,
  addCustomerKey,
  putNamed,
  requestsOf,
  uriOf,
  useSite,
} from './support/site.ts';

const { executeCommand } = vscode.commands;

const headers = {
  ContentType: 'text/x-odd',
  CacheControl: 'max-age=7',
  Metadata: { owner: 'me', mtime: '1354040105.123456789' },
  Tagging: 'project=x&stage=test',
};

for (const server of serversFromEnvironment()) {
  describe(`object commands on ${server.name}`, () => {
    const site = useSite(server);
    const dialogs = useDialogs();

    function place(key: string): { connection: string; bucket: string; key: string } {
      return { connection: site.connection, bucket: site.bucket, key };
    }

    function below(prefix: string): { connection: string; bucket: string; prefix: string } {
      return { connection: site.connection, bucket: site.bucket, prefix };
    }

    const put = (...keys: readonly string[]): Promise<void> => putNamed(site, ...keys);

    /** That an object is what {@link headers} and its old key say, encrypted as before. */
    async function assertKept(key: string, text: string, bucket = site.bucket): Promise<void> {
      const { other, customerKey } = site;
      assert.equal(await other.text(bucket, key, customerKey), text);
      assert.notEqual(await other.status(bucket, key), 200);
      const head = await other.head(bucket, key, customerKey);
      assert.equal(head.SSECustomerKeyMD5, customerKey.fingerprint);
      assert.equal(head.ContentType, headers.ContentType);
      assert.equal(head.CacheControl, headers.CacheControl);
      assert.deepEqual(head.Metadata, headers.Metadata);
      assert.deepEqual(await other.tags(bucket, key), { project: 'x', stage: 'test' });
    }

    it('opens an object by address and by URI', async () => {
      await put('open/a.txt');
      const uri = uriOf(site, 'open/a.txt').toString();
      assert.deepEqual(await executeCommand('ssec.openObject', place('open/a.txt')), { uri });
      assert.equal(vscode.window.activeTextEditor?.document.getText(), 'open/a.txt');
      await closeEditors();
      await executeCommand('ssec.openObject', { uri });
      await until(() => vscode.window.activeTextEditor);
    });

    it('says what is wrong with its arguments', async () => {
      const wrong = [
        { ...place('x'), colour: 'red' },
        { ...place('x'), uri: uriOf(site, 'x').toString() },
        { uri: 'file:///etc/passwd' },
        { ...place(''), bucket: 7 },
      ];
      for (const args of wrong) {
        await assert.rejects(async () => executeCommand('ssec.openObject', args));
      }
      const target = 'bucket/x';
      await assert.rejects(
        async () => executeCommand('ssec.copyObject', { ...place('x'), target }),
        /s3:\/\//,
      );
    });

    it('renames: key, headers, metadata and tags stay', async () => {
      const { other, bucket, customerKey } = site;
      await other.put(bucket, 'rename/a.txt', 'text', customerKey, headers);
      const renamed = await executeCommand('ssec.renameObject', {
        ...place('rename/a.txt'),
        name: 'b.txt',
      });
      assert.deepEqual(renamed, place('rename/b.txt'));
      assert.deepEqual(await other.keys(bucket, 'rename/'), ['rename/b.txt']);
      await assertKept('rename/b.txt', 'text');
      assert.deepEqual(dialogs.shown, []);
    });

    it('moves what an editor shows, and the editor with it', async () => {
      await put('editor/a.txt');
      await openText(uriOf(site, 'editor/a.txt'));
      await executeCommand('ssec.renameObject', { ...place('editor/a.txt'), name: 'b.txt' });
      const uri = uriOf(site, 'editor/b.txt').toString();
      await until(
        () => vscode.window.activeTextEditor?.document.uri.toString() === uri || undefined,
      );
      const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
      assert.deepEqual(
        tabs.map(({ label }) => label),
        ['b.txt'],
      );
    });

    it('does not move what has unsaved changes', async () => {
      await put('dirty/a.txt');
      await replaceText(await openText(uriOf(site, 'dirty/a.txt')), 'unsaved');
      const args = { ...place('dirty/a.txt'), name: 'b.txt' };
      await assert.rejects(async () => executeCommand('ssec.renameObject', args), /unsaved/);
      assert.deepEqual(await site.other.keys(site.bucket, 'dirty/'), ['dirty/a.txt']);
    });

    it('overwrites a target only if told so', async () => {
      const { other, bucket } = site;
      await put('over/a', 'over/b');
      const args = { ...place('over/a'), name: 'b' };
      const refused = { ...args, overwrite: false };
      await assert.rejects(async () => executeCommand('ssec.renameObject', refused), /already/);
      assert.equal(await executeCommand('ssec.renameObject', args), undefined);
      assert.match(dialogs.modals()[0]?.message ?? '', /Overwrite “b”\?/);
      assert.deepEqual(await other.keys(bucket, 'over/'), ['over/a', 'over/b']);
      dialogs.answer('Overwrite');
      await executeCommand('ssec.renameObject', args);
      assert.deepEqual(await other.keys(bucket, 'over/'), ['over/b']);
      assert.equal(await other.text(bucket, 'over/b', site.customerKey), 'over/a');
    });

    it('leaves the source if the target fails', async () => {
      const { other, bucket, customerKey, proxy } = site;
      await other.put(bucket, 'failing/a.txt', 'text', customerKey, headers);
      for (const method of ['PUT', 'POST']) {
        await proxy.addFault({
          match: { method, pathRegex: '/failing/b' },
          fault: { kind: 'respond', status: 403, body: accessDenied },
        });
      }
      const args = { ...place('failing/a.txt'), name: 'b.txt' };
      await assert.rejects(async () => executeCommand('ssec.renameObject', args));
      await proxy.clearFaults();
      assert.deepEqual(await other.keys(bucket, 'failing/'), ['failing/a.txt']);
      await assertKept('failing/a.txt', 'text');
    });

    it('leaves a source that somebody changed while it was moved', async () => {
      const { other, bucket, customerKey, proxy } = site;
      await put('changed/a.txt');
      await proxy.clear();
      // Whoever looks at the target waits, its verification too; that is when somebody writes.
      await proxy.addFault({
        match: { method: 'HEAD', pathRegex: '/changed/b' },
        fault: { kind: 'delay', milliseconds: 1500 },
      });
      const args = { ...place('changed/a.txt'), name: 'b.txt' };
      const moving = assert.rejects(
        async () => executeCommand('ssec.renameObject', args),
        /copied to .* but not deleted|not in the state that was expected/,
      );
      while (!(await proxy.requests()).some(isWholeCopy)) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      await other.put(bucket, 'changed/a.txt', 'theirs', customerKey);
      await moving;
      assert.equal(await other.text(bucket, 'changed/a.txt', customerKey), 'theirs');
      // Where the server itself does not hold on to the source's ETag, the copy is taken back.
      const copies =
        server.like === 'ceph' ? ['changed/a.txt'] : ['changed/a.txt', 'changed/b.txt'];
      assert.deepEqual(await other.keys(bucket, 'changed/'), copies);
    });

    it('copies to another bucket, and to another connection', async () => {
      const { other, bucket, customerKey, connection } = site;
      const second = `${bucket}-two`;
      await other.createBucket(second);
      await other.put(bucket, 'copy/a.txt', 'text', customerKey, headers);
      const target = `s3://${second}/into/`;
      await executeCommand('ssec.copyObject', { ...place('copy/a.txt'), target });
      await assertKept('into/a.txt', 'text', second);
      const elsewhere = `${connection}-two`;
      await addConnection(server, elsewhere);
      // The same server by another name: the proxy is the host, so the key is bound to it.
      const args = { ...place('copy/a.txt'), targetConnection: elsewhere };
      await executeCommand('ssec.copyObject', { ...args, target: `s3://${second}/streamed` });
      await assertKept('streamed', 'text', second);
      await assertKept('copy/a.txt', 'text');
      const itself = { ...args, target: `s3://${bucket}/copy/a.txt`, overwrite: true };
      await assert.rejects(async () => executeCommand('ssec.moveObject', itself), /both source/);
      await assertKept('copy/a.txt', 'text');
    });

    it('moves everything below a prefix, and says first how much', async () => {
      const { other, bucket, customerKey } = site;
      const names = ['x', 'y%2Fz', 'w/v', 'ü', '\u0001', 'a b'];
      await put(...names.map((name) => `tree/${name}`), 'tree2/beside');
      await other.put(bucket, 'tree/with headers', 'text', customerKey, headers);
      dialogs.answer('Move');
      const outcome = await executeCommand('ssec.moveObject', {
        ...below('tree/'),
        target: `s3://${bucket}/moved/`,
      });
      assert.deepEqual(outcome, { succeeded: 7, failures: [], skipped: 0 });
      const [question] = dialogs.modals();
      assert.match(question?.message ?? '', /^Move 7 objects \(\d+ B\)\?$/);
      assert.deepEqual(await other.keys(bucket, 'tree/'), []);
      const expected = [...names, 'with headers'].map((name) => `moved/${name}`);
      assert.deepEqual([...(await other.keys(bucket, 'moved/'))].sort(), expected.sort());
      for (const name of names) {
        assert.equal(await other.text(bucket, `moved/${name}`, customerKey), `tree/${name}`);
      }
      await assertKept('moved/with headers', 'text');
      assert.deepEqual(await other.keys(bucket, 'tree2/'), ['tree2/beside']);
    });

    it('goes on after a failure, reports it, and leaves that source', async () => {
      const { other, bucket } = site;
      const unknown = CustomerKey.generate();
      await put('partly/a', 'partly/c');
      await other.put(bucket, 'partly/b', 'locked', unknown);
      // A key that nobody here has is asked for; the question is escaped.
      const outcome = await executeCommand<Outcome>('ssec.renameObject', {
        ...below('partly/'),
        ...{ name: 'whole', confirmed: true },
      });
      assert.equal(outcome.succeeded, 2);
      assert.deepEqual(
        outcome.failures.map(({ key }) => key),
        ['partly/b'],
      );
      assert.deepEqual(await other.keys(bucket, 'partly/'), ['partly/b']);
      assert.deepEqual(await other.keys(bucket, 'whole/'), ['whole/a', 'whole/c']);
      const told = dialogs.shown.at(-1);
      assert.match(told?.message ?? '', /2 objects moved; 1 of 3 failed/);
      assert.deepEqual(told?.buttons, ['Show Failures', 'Retry']);
    });

    it('refuses to move a prefix into itself', async () => {
      await put('self/a');
      const args = { ...below('self/'), target: `s3://${site.bucket}/self/b/`, confirmed: true };
      await assert.rejects(async () => executeCommand('ssec.moveObject', args), /into itself/);
    });

    it('deletes after a question, which says what is deleted', async () => {
      const { other, bucket } = site;
      await put('delete/a', 'delete/b', 'delete/c/d', 'delete/c/e');
      await executeCommand('ssec.deleteObject', place('delete/a'));
      assert.deepEqual(await other.keys(bucket, 'delete/a'), ['delete/a']);
      assert.match(dialogs.modals()[0]?.message ?? '', /Delete “a”\?/);
      assert.match(dialogs.modals()[0]?.detail ?? '', /cannot be undone/);
      dialogs.answer('Delete');
      const objects = [place('delete/a'), { ...below('delete/c/') }];
      const outcome = await executeCommand('ssec.deleteObject', { objects });
      assert.deepEqual(outcome, { succeeded: 3, failures: [], skipped: 0 });
      assert.match(dialogs.modals()[1]?.message ?? '', /Delete 3 objects/);
      assert.deepEqual(await other.keys(bucket, 'delete/'), ['delete/b']);
    });

    it('deletes many in requests of 1,000, without a question if it is answered', async () => {
      const { bucket, other } = site;
      const keys = Array.from({ length: 120 }, (_, index) => `heap/${index}`);
      await Promise.all(keys.map((key) => other.put(bucket, key, '')));
      const requests = await requestsOf(site, () =>
        executeCommand('ssec.deleteObject', { ...below('heap/'), confirmed: true }),
      );
      assert.deepEqual(requests, ['LIST heap/', 'POST ']);
      assert.deepEqual(await other.keys(bucket, 'heap/'), []);
      assert.deepEqual(dialogs.shown, []);
    });

    it('has the number of objects, or the name of the prefix, typed above 100', async () => {
      const { bucket, other } = site;
      const keys = Array.from({ length: 101 }, (_, index) => `typed/${index}`);
      for (const right of ['101', 'typed']) {
        await Promise.all(keys.map((key) => other.put(bucket, key, '')));
        for (const typed of [undefined, '10', 'typ', right]) {
          dialogs.answer('Delete');
          await withInput(typed, () => executeCommand('ssec.deleteObject', below('typed/')));
          const left = await other.keys(bucket, 'typed/');
          assert.equal(left.length, typed === right ? 0 : 101);
        }
      }
    });

    it('says that versions stay where the bucket keeps them', async () => {
      const { other, connection, customerKey } = site;
      const bucket = `${site.bucket}-kept`;
      await other.createBucket(bucket);
      await other.keepVersions(bucket);
      await other.put(bucket, 'a', 'text', customerKey);
      dialogs.answer('Delete');
      await executeCommand('ssec.deleteObject', { connection, bucket, key: 'a' });
      assert.match(dialogs.modals()[0]?.detail ?? '', /keeps versions/);
      assert.deepEqual(await other.keys(bucket), []);
    });

    it('opens a prefix as a workspace folder, also beside an object of its name', async () => {
      await put('mount/a/x', 'mount/b/y');
      const added: { readonly name?: string; readonly uri: vscode.Uri }[] = [];
      const { workspace } = vscode;
      const before = workspace.updateWorkspaceFolders;
      // Taken for real the window reloads, and the tests with it.
      workspace.updateWorkspaceFolders = (_start, _count, ...folders) => added.push(...folders) > 0;
      try {
        await executeCommand('ssec.openAsWorkspaceFolder', below('mount/a/'));
        await executeCommand('ssec.openAsWorkspaceFolder', below(''));
        if (server.like === 'ceph') {
          await put('mount/b');
          await executeCommand('ssec.openAsWorkspaceFolder', below('mount/b/'));
        }
      } finally {
        workspace.updateWorkspaceFolders = before;
      }
      const { bucket, connection } = site;
      const names = [`${bucket}/mount/a (${connection})`, `${bucket} (${connection})`];
      const [prefix, root, beside] = added;
      assert.deepEqual([prefix?.name, root?.name], names);
      assert.equal(prefix?.uri.toString(), uriOf(site, 'mount/a').toString());
      const entries = await workspace.fs.readDirectory(prefix.uri);
      assert.deepEqual(entries, [['x', vscode.FileType.File]]);
      if (beside === undefined) return;
      assert.deepEqual(await workspace.fs.readDirectory(beside.uri), [['y', vscode.FileType.File]]);
    });

    it('asks before a key goes to another host with a copy, and sends nothing if refused', async () => {
      const { bucket, connection, customerKey, other } = site;
      await put('host/a');
      const elsewhere = `${connection}-host`;
      // The same server past the proxy: another host to the customer key.
      await addConnection(server, elsewhere, { endpoint: server.endpoint });
      const args = { ...place('host/a'), targetConnection: elsewhere };
      const copy = (): Thenable<unknown> =>
        executeCommand('ssec.copyObject', { ...args, target: `s3://${bucket}/host/b` });
      await assert.rejects(async () => copy(), /may not be sent to/);
      const { message = '', detail = '' } = dialogs.modals()[0] ?? {};
      assert.ok(message.includes(new URL(server.endpoint).host), message);
      assert.ok(detail.includes(customerKey.fingerprint), detail);
      assert.deepEqual(await other.keys(bucket, 'host/'), ['host/a']);
    });

    it('makes an object, encrypted as the rules say, and opens it', async () => {
      const { bucket, customerKey, connection, other } = site;
      await put('new/beside');
      const { uri } = await executeCommand<{ uri: string }>('ssec.newObject', {
        ...below('new/'),
        name: 'made.txt',
      });
      assert.equal(uri, uriOf(site, 'new/made.txt').toString());
      assert.equal(vscode.window.activeTextEditor?.document.uri.toString(), uri);
      const head = await other.head(bucket, 'new/made.txt', customerKey);
      assert.equal(head.SSECustomerKeyMD5, customerKey.fingerprint);
      assert.equal(head.ContentType, 'text/plain');
      const again = { ...place('new/beside'), open: false };
      await assert.rejects(async () => executeCommand('ssec.newObject', again), /already/);
      assert.equal(await other.text(bucket, 'new/beside', customerKey), 'new/beside');
      await executeCommand('ssec.newPrefix', { ...below('new/'), name: 'folder' });
      const labels = await labelsBelow(await rowAt(connection, bucket, 'new'));
      assert.deepEqual(labels, ['folder', 'beside', 'made.txt']);
    });

    it('tries a customer key for an object and remembers it', async () => {
      const { bucket, other } = site;
      const key = CustomerKey.generate();
      const { host } = new URL(server.proxy.endpoint);
      await other.put(bucket, 'choose/a.txt', 'chosen', key);
      await addCustomerKey(key, `chosen for ${bucket}`, [host]);
      const wrong = { ...place('choose/a.txt'), customerKey: site.customerKey.fingerprint };
      await assert.rejects(async () => executeCommand('ssec.chooseCustomerKey', wrong));
      const right = { ...place('choose/a.txt'), customerKey: `chosen for ${bucket}` };
      const chosen = await executeCommand('ssec.chooseCustomerKey', right);
      assert.deepEqual(chosen, { fingerprint: key.fingerprint });
      const requests = await requestsOf(site, () =>
        vscode.workspace.fs.readFile(uriOf(site, 'choose/a.txt')),
      );
      assert.deepEqual(requests, ['GET choose/a.txt']);
    });

    it('copies the address', async () => {
      await executeCommand('ssec.copyAddress', place('a b/%2F'));
      assert.equal(await vscode.env.clipboard.readText(), `s3://${site.bucket}/a b/%2F`);
      await executeCommand('ssec.copyAddress', below(''));
      assert.equal(await vscode.env.clipboard.readText(), `s3://${site.bucket}/`);
    });
  });
}

/** Answers the next input boxes in place of a person; undefined escapes them. */
async function withInput(
  answer: string | undefined,
  work: () => PromiseLike<unknown>,
): Promise<void> {
  const { window } = vscode;
  const before = window.showInputBox;
  window.showInputBox = () => Promise.resolve(answer);
  try {
    await work();
  } finally {
    window.showInputBox = before;
  }
}

/** Whether a request made the target whole: a copy, a PUT, or the end of an upload in parts. */
function isWholeCopy({ method, path, status }: RecordedRequest): boolean {
  if (status !== 200 || !path.includes('/changed/b')) return false;
  return method === (path.includes('uploadId=') ? 'POST' : 'PUT');
}

const accessDenied =
  '<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>No.</Message></Error>';
