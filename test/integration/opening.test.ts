import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { CustomerKey } from '../../src/core/customerKey.ts';
import { serversFromEnvironment } from '../servers/fromEnvironment.ts';
import { useDialogs } from './support/dialogs.ts';
import { openText, until } from './support/editors.ts';
import { addCustomerKey, useSite, requestsOf, uriOf } from './support/site.ts';

for (const server of serversFromEnvironment()) {
  describe(`opening on ${server.name}`, () => {
    const site = useSite(server);
    const dialogs = useDialogs();

    /** Reads past VS Code's editors, which hide the message. */
    async function read(path: string): Promise<Uint8Array> {
      return await vscode.workspace.fs.readFile(uriOf(site, path));
    }

    async function failure(path: string): Promise<vscode.FileSystemError> {
      try {
        await read(path);
      } catch (error) {
        if (error instanceof vscode.FileSystemError) return error;
        throw error;
      }
      return assert.fail('It was read.');
    }

    it('finds the key among those bound to the host, and remembers it', async () => {
      const { bucket, other } = site;
      const [first, second] = [CustomerKey.generate(), CustomerKey.generate()];
      const { host } = new URL(server.proxy.endpoint);
      await addCustomerKey(first, `first of ${bucket}`, [host]);
      await addCustomerKey(second, `second of ${bucket}`, [host]);
      await other.put(bucket, 'among.txt', 'found', second);
      assert.equal(Buffer.from(await read('among.txt')).toString(), 'found');
      const again = await requestsOf(site, () => read('among.txt'));
      assert.deepEqual(again, ['GET among.txt']);
    });

    it('does not send a key to a host that it is not bound to', async () => {
      const { bucket, other, proxy } = site;
      const elsewhere = CustomerKey.generate();
      await addCustomerKey(elsewhere, `elsewhere of ${bucket}`, ['s3.example.com']);
      await other.put(bucket, 'elsewhere.txt', 'locked', elsewhere);
      await proxy.clear();
      setTimeout(
        () => void vscode.commands.executeCommand('workbench.action.closeQuickOpen'),
        2000,
      );
      await failure('elsewhere.txt');
      const sent = (await proxy.requests()).map(({ customerKey }) => customerKey.keyMd5);
      assert.ok(sent.length > 0);
      assert.ok(!sent.includes(elsewhere.fingerprint));
    });

    it('says that an object is not there', async () => {
      assert.equal((await failure('missing/nothing.txt')).code, 'FileNotFound');
      assert.deepEqual(dialogs.shown, []);
    });

    it('says once why an object cannot be read: no right', async () => {
      const { bucket, customerKey, other, proxy } = site;
      await other.put(bucket, 'forbidden.txt', 'x', customerKey);
      const body =
        '<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>No.</Message></Error>';
      for (const method of ['GET', 'HEAD']) {
        await proxy.addFault({
          match: { method, pathRegex: '/forbidden' },
          fault: { kind: 'respond', status: 403, body },
        });
      }
      try {
        await vscode.commands.executeCommand('vscode.open', uriOf(site, 'forbidden.txt'));
        await until(() => dialogs.shown[0]);
        const error = await failure('forbidden.txt');
        assert.equal(error.code, 'NoPermissions');
      } finally {
        await proxy.clearFaults();
      }
      assert.equal(dialogs.shown.length, 1);
      assert.match(dialogs.shown[0]?.message ?? '', /forbidden\.txt/);
    });

    it('says that there is no such connection', async () => {
      const authority = `no-${server.name}`;
      const uri = vscode.Uri.from({ scheme: 'ssec', authority, path: '/b/x.txt' });
      await assert.rejects(async () => vscode.workspace.fs.readFile(uri), /no connection "no-/);
      await assert.rejects(async () => vscode.workspace.fs.readFile(uri));
      assert.equal(dialogs.shown.length, 1);
      assert.match(dialogs.shown[0]?.message ?? '', /no connection "no-/);
    });

    it('opens and saves 20 MiB of bytes', async () => {
      const { bucket, customerKey, other } = site;
      const bytes = randomBytes(20 * 1024 * 1024);
      await other.put(bucket, 'large.bin', bytes, customerKey);
      const found = await read('large.bin');
      assert.equal(Buffer.compare(found, bytes), 0);
      const changed = Buffer.concat([bytes.subarray(1), Buffer.from('!')]);
      await vscode.workspace.fs.writeFile(uriOf(site, 'large.bin'), changed);
      assert.equal(Buffer.compare(await other.get(bucket, 'large.bin', customerKey), changed), 0);
      assert.deepEqual(dialogs.shown, []);
    });

    it('asks before it reads a larger one', async () => {
      const { bucket, customerKey, other } = site;
      await other.put(bucket, 'larger.bin', Buffer.alloc(21 * 1024 * 1024), customerKey);
      const declined = await requestsOf(site, () => failure('larger.bin'));
      assert.match(dialogs.shown[0]?.message ?? '', /“larger.bin” has 21 MiB. Open it\?/);
      assert.deepEqual(declined, ['GET larger.bin']);
      dialogs.answer('Open');
      assert.equal((await read('larger.bin')).length, 21 * 1024 * 1024);
      await read('larger.bin');
      assert.equal(dialogs.shown.length, 2);
    });

    it('sends nothing before it asks if the size was listed', async () => {
      const { bucket, customerKey, other } = site;
      await other.put(bucket, 'sizes/l.bin', Buffer.alloc(21 * 1024 * 1024), customerKey);
      await vscode.workspace.fs.readDirectory(uriOf(site, 'sizes'));
      const declined = await requestsOf(site, () => failure('sizes/l.bin'));
      assert.deepEqual(declined, []);
      assert.equal(dialogs.shown.length, 1);
    });

    it('shows an image in VS Code’s own viewer', async () => {
      const { bucket, customerKey, other } = site;
      const png = Buffer.from(
        'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
        'base64',
      );
      await other.put(bucket, 'dot.png', png, customerKey);
      const requests = await requestsOf(site, async () => {
        await vscode.commands.executeCommand('vscode.open', uriOf(site, 'dot.png'));
        await until(() => {
          const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
          return input instanceof vscode.TabInputCustom ? input : undefined;
        });
      });
      assert.ok(requests.every((request) => !request.startsWith('PUT')));
      assert.deepEqual(dialogs.shown, []);
    });

    it('opens text in odd encodings as the bytes that they are', async () => {
      const { bucket, customerKey, other } = site;
      const bytes = Buffer.from('fffe680069000a00', 'hex');
      await other.put(bucket, 'utf16.txt', bytes, customerKey);
      const document = await openText(uriOf(site, 'utf16.txt'));
      assert.equal(document.getText(), 'hi\n');
    });
  });
}
