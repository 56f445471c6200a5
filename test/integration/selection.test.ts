import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { CustomerKey } from '../../src/core/customerKey.ts';
import { serversFromEnvironment } from '../servers/fromEnvironment.ts';
import { useDialogs } from './support/dialogs.ts';
import { openText, replaceText } from './support/editors.ts';
import { drag, dropOnto, rowAt } from './support/objectsView.ts';
import type { Row } from './support/rows.ts';
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

interface ShownTransfer {
  readonly id: string;
  readonly kind: string;
  readonly label: string;
  readonly state: string;
  readonly bytes: number;
}

type ObjectPlace = { readonly connection: string; readonly bucket: string } & (
  { readonly key: string } | { readonly prefix: string }
);

/** A file without a path, as a browser hands it over. */
class DroppedFile extends vscode.DataTransferItem {
  readonly #file: vscode.DataTransferFile;

  constructor(name: string, text: string) {
    super('');
    this.#file = { name, data: () => Promise.resolve(Buffer.from(text)) };
  }

  override asFile(): vscode.DataTransferFile {
    return this.#file;
  }
}

for (const server of serversFromEnvironment()) {
  describe(`selections on ${server.name}`, () => {
    const site = useSite(server);
    const dialogs = useDialogs();

    /** What ends with a slash is a prefix. */
    function places(...keys: readonly string[]): ObjectPlace[] {
      const { connection, bucket } = site;
      return keys.map((key) =>
        key.endsWith('/') ? { connection, bucket, prefix: key } : { connection, bucket, key },
      );
    }

    const put = (...keys: readonly string[]): Promise<void> => putNamed(site, ...keys);

    /** Listed anew: the tests write past the extension. */
    async function row(...path: readonly string[]): Promise<Row> {
      await executeCommand('ssec.refresh', { connection: site.connection });
      return await rowAt(site.connection, site.bucket, ...path);
    }

    async function keys(prefix: string): Promise<readonly string[]> {
      return await site.other.keys(site.bucket, prefix);
    }

    async function transfers(): Promise<readonly ShownTransfer[]> {
      return await executeCommand('ssec.showTransfers', { show: false });
    }

    it('moves objects and prefixes into a prefix, each under its own name', async () => {
      await put('many/a', 'many/b', 'many/c/1', 'many/c/2/3', 'many/stays');
      dialogs.answer('Move');
      const outcome = await executeCommand<Outcome>('ssec.moveObject', {
        objects: places('many/a', 'many/b', 'many/c/', 'many/c/1'),
        target: `s3://${site.bucket}/many-target/`,
      });
      assert.deepEqual(outcome, { succeeded: 4, failures: [], skipped: 0 });
      assert.match(dialogs.modals()[0]?.message ?? '', /^Move 4 objects/);
      assert.match(dialogs.modals()[0]?.detail ?? '', /many\/c\//);
      assert.deepEqual(await keys('many/'), ['many/stays']);
      const moved = ['a', 'b', 'c/1', 'c/2/3'].map((name) => `many-target/${name}`);
      assert.deepEqual(await keys('many-target/'), moved);
      const text = await site.other.text(site.bucket, 'many-target/c/1', site.customerKey);
      assert.equal(text, 'many/c/1');
      assert.notEqual(await site.other.status(site.bucket, 'many-target/c/1'), 200);
      const listed = await transfers();
      const last = listed.at(-1);
      assert.equal(last?.kind, 'move');
      assert.match(last.label, /^3 items → s3:/);
      assert.equal(last.state, 'done');
    });

    it('says what is wrong with a list', async () => {
      const target = `s3://${site.bucket}/x/`;
      const wrong = [
        { objects: [], target },
        { objects: [{ bucket: 'x' }], target },
        { objects: places('a'), key: 'b', target },
        { objects: places('a'), target: `s3://${site.bucket}/no-prefix` },
      ];
      for (const args of wrong) {
        await assert.rejects(async () => executeCommand('ssec.copyObject', args), /objects|target/);
      }
    });

    it('does nothing of it while one of them has unsaved changes', async () => {
      await put('unsaved/a', 'unsaved/b');
      await replaceText(await openText(uriOf(site, 'unsaved/b')), 'mine');
      const objects = places('unsaved/a', 'unsaved/b');
      const target = `s3://${site.bucket}/unsaved-target/`;
      const args = { objects, target, confirmed: true };
      await assert.rejects(async () => executeCommand('ssec.moveObject', args), /unsaved/);
      assert.deepEqual(await keys('unsaved'), ['unsaved/a', 'unsaved/b']);
    });

    it('takes the selection of a menu', async () => {
      await put('menu/a', 'menu/b', 'menu/c/d');
      const rows = await Promise.all(['a', 'b', 'c'].map((name) => row('menu', name)));
      const nodes = rows.map(({ node }) => node);
      await executeCommand('ssec.copyAddress', nodes[0], nodes);
      const addresses = ['a', 'b', 'c/'].map((name) => `s3://${site.bucket}/menu/${name}`);
      assert.equal(await vscode.env.clipboard.readText(), addresses.join('\n'));
      // What is not a part of the selection stands alone.
      await executeCommand('ssec.copyAddress', nodes[2], nodes.slice(0, 2));
      assert.equal(await vscode.env.clipboard.readText(), addresses[2]);
      await executeCommand('ssec.openObject', nodes[0], nodes.slice(0, 2));
      const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
      assert.deepEqual(
        tabs.map(({ label }) => label),
        ['a', 'b'],
      );
      dialogs.answer('Delete');
      await executeCommand('ssec.deleteObject', nodes[0], nodes);
      assert.match(dialogs.modals()[0]?.message ?? '', /^Delete 3 objects/);
      assert.deepEqual(await keys('menu/'), []);
      await assert.rejects(rowAt(site.connection, site.bucket, 'menu'), /No "menu"/);
    });

    it('lists each prefix of a selection anew, once', async () => {
      await put('again/a', 'again/b', 'again/c/d');
      const rows = [await row('again', 'a'), await row('again', 'b')];
      const nodes = rows.map(({ node }) => node);
      await site.other.put(site.bucket, 'again/new', 'x', site.customerKey);
      await executeCommand('ssec.refresh', nodes[0], nodes);
      await rowAt(site.connection, site.bucket, 'again', 'new');
    });

    it('pastes what was cut, and what was copied beside itself', async () => {
      await put('clip/a.txt', 'clip/b/1', 'clip/t/x');
      const nodes = [(await row('clip', 'a.txt')).node, (await row('clip', 'b')).node];
      await executeCommand('ssec.copyObjects', nodes[0], nodes);
      dialogs.answer('Copy', 'Move');
      // Onto an object: beside it.
      await executeCommand('ssec.pasteObjects', nodes[0]);
      assert.deepEqual(await keys('clip/'), [
        ...['clip/a copy.txt', 'clip/a.txt', 'clip/b copy/1', 'clip/b/1', 'clip/t/x'],
      ]);
      await executeCommand('ssec.cutObjects', nodes[0], nodes);
      const target = (await row('clip', 't')).node;
      await executeCommand('ssec.pasteObjects', target);
      assert.deepEqual(await keys('clip/'), [
        ...['clip/a copy.txt', 'clip/b copy/1', 'clip/t/a.txt', 'clip/t/b/1', 'clip/t/x'],
      ]);
      // What was cut is pasted once.
      const again = { ...places('clip/t/')[0] };
      await assert.rejects(async () => executeCommand('ssec.pasteObjects', again), /Cut or copy/);
    });

    it('moves what is dropped onto a prefix, after a question', async () => {
      await put('drop/a', 'drop/b', 'drop/c/d', 'drop/t/x');
      const rows = await Promise.all(['a', 'b', 'c'].map((name) => row('drop', name)));
      const dragged = await drag(...rows);
      const uris = ['a', 'b', 'c'].map((name) => uriOf(site, `drop/${name}`).toString());
      assert.equal(await dragged.get('text/uri-list')?.asString(), uris.join('\r\n'));
      await dropOnto(await row('drop', 't'), dragged);
      assert.deepEqual(dialogs.modals()[0]?.buttons, ['Move', 'Copy']);
      assert.match(dialogs.modals()[0]?.message ?? '', /Move or copy 3 objects/);
      assert.equal((await keys('drop/t/')).length, 1, 'nothing was moved at Cancel');
      dialogs.answer('Move');
      await dropOnto(await row('drop', 't', 'x'), dragged);
      assert.deepEqual(
        await keys('drop/'),
        ['drop/t/a', 'drop/t/b', 'drop/t/c/d', 'drop/t/x'],
        'beside an object is where the object stands',
      );
      await dropOnto(undefined, dragged);
      assert.match(dialogs.shown.at(-1)?.message ?? '', /onto a bucket or a prefix/);
    });

    it('takes what is dropped from a mounted bucket', async () => {
      await put('mounted/a', 'mounted/b/c');
      const transfer = new vscode.DataTransfer();
      const uris = ['mounted/a', 'mounted/b'].map((path) => uriOf(site, path).toString());
      transfer.set('text/uri-list', new vscode.DataTransferItem(uris.join('\r\n')));
      dialogs.answer('Copy');
      await put('mounted-target/x');
      await dropOnto(await row('mounted-target'), transfer);
      assert.deepEqual(await keys('mounted-target/'), [
        ...['mounted-target/a', 'mounted-target/b/c', 'mounted-target/x'],
      ]);
    });

    it('uploads files that are dropped, from the Explorer and from a browser', async () => {
      const { bucket, customerKey, other } = site;
      await put('upload/x');
      const folder = await mkdtemp(join(tmpdir(), 'dropped-'));
      try {
        await mkdir(join(folder, 'docs'));
        await writeFile(join(folder, 'docs', 'ü.txt'), 'in a folder');
        await writeFile(join(folder, 'a b.txt'), 'a file');
        const paths = [join(folder, 'docs'), join(folder, 'a b.txt')];
        const transfer = new vscode.DataTransfer();
        const uris = paths.map((path) => vscode.Uri.file(path).toString()).join('\r\n');
        transfer.set('text/uri-list', new vscode.DataTransferItem(uris));
        await dropOnto(await row('upload'), transfer);
      } finally {
        await rm(folder, { recursive: true });
      }
      const contents = new vscode.DataTransfer();
      contents.set('text/plain', new DroppedFile('../c.txt', 'only its bytes'));
      await dropOnto(await row('upload', 'x'), contents);
      assert.deepEqual(dialogs.modals(), []);
      assert.deepEqual(await keys('upload/'), [
        ...['upload/a b.txt', 'upload/c.txt', 'upload/docs/ü.txt', 'upload/x'],
      ]);
      const text = (key: string): Promise<string> => other.text(bucket, key, customerKey);
      assert.equal(await text('upload/docs/ü.txt'), 'in a folder');
      assert.equal(await text('upload/c.txt'), 'only its bytes');
      const left = (await readdir(tmpdir())).filter((name) => name.startsWith('ssec-drop-'));
      assert.deepEqual(left, [], 'nothing of it stays in the temporary folder');
    });

    it('asks once more where something is in the way', async () => {
      await put('way/a', 'way/b', 'way-target/a');
      const dragged = await drag(await row('way', 'a'), await row('way', 'b'));
      dialogs.answer('Move', 'Move the Others');
      await dropOnto(await row('way-target'), dragged);
      assert.match(dialogs.modals()[1]?.detail ?? '', /1 of them are there already/);
      assert.deepEqual(await keys('way'), ['way-target/a', 'way-target/b', 'way/a']);
      const { bucket, customerKey, other } = site;
      assert.equal(await other.text(bucket, 'way-target/a', customerKey), 'way-target/a');
    });

    it('retries only what failed', async () => {
      await put('retry/a', 'retry/b', 'retry/c');
      await site.proxy.addFault({
        match: { method: 'HEAD', pathRegex: '/retry/b' },
        fault: { kind: 'respond', status: 403, body: '' },
      });
      const args = { ...places('retry/')[0], target: `s3://${site.bucket}/retried/` };
      const first = await executeCommand<Outcome>('ssec.moveObject', { ...args, confirmed: true });
      assert.deepEqual([first.succeeded, first.failures.length], [2, 1]);
      assert.deepEqual(dialogs.shown.at(-1)?.buttons, ['Show Failures', 'Retry']);
      await site.proxy.clearFaults();
      const failed = (await transfers()).findLast(({ state }) => state === 'failed');
      const requests = await requestsOf(site, async () => {
        const again = await executeCommand<Outcome>('ssec.retryTransfer', { id: failed?.id });
        assert.deepEqual(again, { succeeded: 1, failures: [], skipped: 0 });
      });
      assert.ok(!requests.some((request) => request.includes('retry/a')), requests.join('\n'));
      assert.deepEqual(await keys('retr'), ['retried/a', 'retried/b', 'retried/c']);
    });

    it('takes a large object to another connection, in parts', async () => {
      const { bucket, connection, customerKey, other } = site;
      const elsewhere = `${connection}-far`;
      // The same server past the proxy is another host, as another server is.
      await addConnection(server, elsewhere, { endpoint: server.endpoint });
      dialogs.answer('All Buckets');
      const bytes = randomBytes(17 * 1024 * 1024);
      await other.put(bucket, 'far/large.bin', bytes, customerKey, { Metadata: { mtime: '1.5' } });
      const requests = await requestsOf(site, () =>
        executeCommand('ssec.moveObject', {
          ...places('far/large.bin')[0],
          ...{ targetConnection: elsewhere, target: `s3://${bucket}/far-target/` },
        }),
      );
      assert.equal(requests.filter((request) => request === 'GET far/large.bin').length, 2);
      assert.deepEqual(await keys('far'), ['far-target/large.bin']);
      assert.ok(bytes.equals(await other.get(bucket, 'far-target/large.bin', customerKey)));
      const head = await other.head(bucket, 'far-target/large.bin', customerKey);
      assert.equal(head.SSECustomerKeyMD5, customerKey.fingerprint);
      assert.deepEqual(head.Metadata, { mtime: '1.5' });
      const last = (await transfers()).at(-1);
      assert.deepEqual([last?.kind, last?.state, last?.bytes], ['move', 'done', bytes.length]);
    }).timeout(60_000);

    if (server.name === 'minio') {
      it('says that another server does not get the storage class', async () => {
        const { bucket, connection, customerKey, other } = site;
        await other.put(bucket, 'class/a', 'text', customerKey, {
          StorageClass: 'REDUCED_REDUNDANCY',
        });
        const elsewhere = `${connection}-class`;
        await addConnection(server, elsewhere, { endpoint: server.endpoint });
        dialogs.answer('All Buckets');
        await executeCommand('ssec.copyObject', {
          ...places('class/a')[0],
          ...{ targetConnection: elsewhere, target: `s3://${bucket}/class/b` },
        });
        const said = '“b” was stored without its storage class REDUCED_REDUNDANCY';
        assert.ok(dialogs.shown.some(({ message }) => message.startsWith(said)));
        const head = await other.head(bucket, 'class/b', customerKey);
        assert.equal(head.StorageClass, undefined);
      });
    }

    it('encrypts a copy with the key that is named, and without one only after a question', async () => {
      const { bucket, other, customerKey } = site;
      const second = CustomerKey.generate();
      const name = `second of ${bucket}`;
      await addCustomerKey(second, name, [new URL(server.proxy.endpoint).host]);
      await put('keys/a', 'keys/b');
      const to = (target: string): object => ({
        ...{ ...places('keys/')[0], target: `s3://${bucket}/${target}/`, confirmed: true },
      });
      await executeCommand('ssec.copyObject', { ...to('second'), targetKey: name });
      assert.equal(await other.text(bucket, 'second/a', second), 'keys/a');
      await executeCommand('ssec.copyObject', { ...to('rule'), targetKey: 'byRule' });
      assert.equal(await other.text(bucket, 'rule/a', customerKey), 'keys/a');
      const plain = { ...to('plain'), confirmed: false, targetKey: 'none' };
      dialogs.answer('Copy');
      assert.equal(await executeCommand('ssec.copyObject', plain), undefined);
      assert.match(dialogs.modals()[1]?.message ?? '', /2 objects without a customer key/);
      assert.deepEqual(await keys('plain/'), []);
      dialogs.answer('Copy', 'Store Without a Key');
      await executeCommand('ssec.copyObject', plain);
      assert.equal(await other.text(bucket, 'plain/a'), 'keys/a');
      const one = { ...places('keys/a')[0], target: `s3://${bucket}/one`, targetKey: 'none' };
      assert.equal(await executeCommand('ssec.copyObject', one), undefined);
      assert.match(dialogs.modals().at(-1)?.message ?? '', /Store the object without/);
      assert.deepEqual(await keys('one'), []);
      const unknown = { ...one, targetKey: 'nobody has it' };
      await assert.rejects(
        async () => executeCommand('ssec.copyObject', unknown),
        /no customer key/,
      );
      // The key itself in place of its name is not repeated.
      const value = randomBytes(32).toString('base64');
      for (const [command, args] of [
        ['ssec.copyObject', { ...one, targetKey: value }],
        ['ssec.chooseCustomerKey', { ...places('keys/a')[0], customerKey: value }],
        ['ssec.renameCustomerKey', { customerKey: value, newName: 'x' }],
      ] as const) {
        await assert.rejects(
          async () => executeCommand(command, args),
          (error) => error instanceof Error && !error.message.includes(value),
          command,
        );
      }
      assert.ok(!dialogs.shown.some(({ message }) => message.includes(value)));
    });

    it('tries the same customer key with all that are selected', async () => {
      const { bucket, other } = site;
      const key = CustomerKey.generate();
      const name = `tried in ${bucket}`;
      await addCustomerKey(key, name, [new URL(server.proxy.endpoint).host]);
      for (const object of ['tried/a', 'tried/b']) await other.put(bucket, object, object, key);
      await put('tried/c');
      const outcome = await executeCommand<Outcome>('ssec.chooseCustomerKey', {
        ...{ objects: places('tried/a', 'tried/b', 'tried/c'), customerKey: name },
      });
      assert.equal(outcome.succeeded, 2);
      assert.deepEqual(
        outcome.failures.map((failure) => failure.key),
        ['tried/c'],
      );
    });
  });
}
