import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { toUriParts } from '../../src/core/objectUri.ts';
import { serversFromEnvironment } from '../servers/fromEnvironment.ts';
import { useDialogs } from './support/dialogs.ts';
import { closeEditors, openText, replaceText, until } from './support/editors.ts';
import { putNamed, requestsOf, uriOf, useSite } from './support/site.ts';

const { Directory, File } = vscode.FileType;

/** Object keys that file systems and URIs stumble over; MinIO refuses those marked so. */
const nastyKeys: readonly { readonly key: string; readonly minio?: false }[] = [
  { key: 'per%cent' },
  { key: 'slash%2Fin' },
  { key: 'a?b#c&d+e=f' },
  { key: ' spaces at the ends ' },
  { key: 'back\\slash' },
  { key: 'colon:here' },
  { key: 'emoji-😀' },
  { key: 'nfc-\u00e9' },
  { key: 'nfd-e\u0301' },
  { key: 'new\nline' },
  { key: 'control-\u0007' },
  { key: `quotes-'"` },
  { key: 'UPPER' },
  { key: 'upper' },
  { key: 'C:' },
  { key: `long-${'x'.repeat(200)}/${'y'.repeat(200)}/${'z'.repeat(200)}/${'ä'.repeat(100)}` },
  { key: 'a//b', minio: false },
  { key: '/leading', minio: false },
  { key: 'dot/./here', minio: false },
  { key: 'dots/../here', minio: false },
  { key: '../out', minio: false },
  { key: '1'.repeat(1024), minio: false },
];

for (const server of serversFromEnvironment()) {
  describe(`directories on ${server.name}`, () => {
    const site = useSite(server);
    const dialogs = useDialogs();

    const { fs } = vscode.workspace;

    const put = (...keys: readonly string[]): Promise<void> => putNamed(site, ...keys);

    function text(key: string): Promise<string> {
      return site.other.text(site.bucket, key, site.customerKey);
    }

    function keyUri(key: string): vscode.Uri {
      return vscode.Uri.from(toUriParts({ connection: site.connection, bucket: site.bucket, key }));
    }

    it('lists the buckets of a connection', async () => {
      const uri = vscode.Uri.from({ scheme: 'ssec', authority: site.connection, path: '/' });
      const names = await fs.readDirectory(uri);
      assert.ok(names.some(([name, type]) => name === site.bucket && type === Directory));
    });

    it('lists a level with one LIST, without directory markers', async () => {
      await put('tree/a.txt', 'tree/b/c.txt', 'tree/b/d/e.txt');
      await site.other.put(site.bucket, 'tree/', '');
      let entries: [string, vscode.FileType][] = [];
      const requests = await requestsOf(site, async () => {
        entries = await fs.readDirectory(uriOf(site, 'tree'));
      });
      assert.deepEqual(entries, [
        ['a.txt', File],
        ['b', Directory],
      ]);
      assert.deepEqual(requests, ['LIST tree/']);
    });

    it('lists more than a page', async () => {
      const names = Array.from({ length: 1100 }, (_, index) => `many/${1000 + index}`);
      for (let at = 0; at < names.length; at += 50) {
        await Promise.all(names.slice(at, at + 50).map((key) => put(key)));
      }
      const entries = await fs.readDirectory(uriOf(site, 'many'));
      assert.equal(entries.length, 1100);
    });

    it('knows implicit prefixes as directories, and what is missing as missing', async () => {
      await put('implicit/deep/x.txt');
      assert.equal((await fs.stat(uriOf(site, 'implicit'))).type, Directory);
      assert.equal((await fs.stat(uriOf(site, 'implicit/deep'))).type, Directory);
      assert.equal((await fs.stat(uriOf(site, 'implicit/deep/x.txt'))).type, File);
      for (const path of ['implicit/dee', 'implicit/deep/x.txt/y', 'imp']) {
        await assert.rejects(async () => fs.stat(uriOf(site, path)), { code: 'FileNotFound' });
      }
      await assert.rejects(async () => fs.readDirectory(uriOf(site, 'imp')), {
        code: 'FileNotFound',
      });
    });

    it('answers a mount’s probes with few requests', async () => {
      await put('mounted/readme.txt');
      const probes = ['.vscode/settings.json', '.vscode/tasks.json', '.vscode/launch.json'];
      probes.push('.vscode/extensions.json', '.git', '.git/HEAD', 'package.json', 'tsconfig.json');
      const requests = await requestsOf(site, async () => {
        await fs.readDirectory(uriOf(site, 'mounted'));
        const asked = probes.map((probe) => fs.stat(uriOf(site, `mounted/${probe}`)));
        for (const each of asked) await assert.rejects(async () => each);
      });
      assert.deepEqual(requests, ['LIST mounted/']);
    });

    it('makes directories, encrypted like any new object, and deletes them', async () => {
      const uri = uriOf(site, 'made');
      await fs.createDirectory(uri);
      assert.deepEqual(await site.other.keys(site.bucket, 'made'), ['made/']);
      assert.equal((await site.other.get(site.bucket, 'made/', site.customerKey)).length, 0);
      assert.deepEqual(await fs.readDirectory(uri), []);
      await fs.delete(uri);
      assert.deepEqual(await site.other.keys(site.bucket, 'made'), []);
      await assert.rejects(async () => fs.stat(uri), { code: 'FileNotFound' });
    });

    it('deletes a directory with all there is in it', async () => {
      const keys = Array.from({ length: 30 }, (_, index) => `doomed/${index % 3}/${index}`);
      await put(...keys, 'doomed-not');
      await assert.rejects(async () => fs.delete(uriOf(site, 'doomed')), /not empty/);
      const requests = await requestsOf(site, () =>
        fs.delete(uriOf(site, 'doomed'), { recursive: true }),
      );
      assert.equal(requests.filter((request) => request.startsWith('POST')).length, 1);
      assert.deepEqual(await site.other.keys(site.bucket, 'doomed'), ['doomed-not']);
      await assert.rejects(async () => fs.stat(uriOf(site, 'doomed')), { code: 'FileNotFound' });
    });

    it('renames an object with its key, headers, metadata and tags', async () => {
      const { bucket, customerKey, other } = site;
      await other.put(bucket, 'names/old.txt', 'content', customerKey, {
        ...{ ContentType: 'text/x-odd', Metadata: { owner: 'me' }, Tagging: 'colour=red' },
      });
      await fs.rename(uriOf(site, 'names/old.txt'), uriOf(site, 'names/new.txt'));
      assert.deepEqual(await other.keys(bucket, 'names/'), ['names/new.txt']);
      assert.equal(await text('names/new.txt'), 'content');
      assert.notEqual(await other.status(bucket, 'names/new.txt'), 200);
      const head = await other.head(bucket, 'names/new.txt', customerKey);
      assert.equal(head.ContentType, 'text/x-odd');
      assert.deepEqual(head.Metadata, { owner: 'me' });
      assert.deepEqual(await other.tags(bucket, 'names/new.txt'), { colour: 'red' });
    });

    it('does not rename or copy over an object without being told so', async () => {
      await put('over/a', 'over/b');
      const [a, b] = [uriOf(site, 'over/a'), uriOf(site, 'over/b')];
      await assert.rejects(async () => fs.rename(a, b), { code: 'FileExists' });
      await assert.rejects(async () => fs.copy(a, b), { code: 'FileExists' });
      assert.equal(await text('over/b'), 'over/b');
      await fs.copy(a, b, { overwrite: true });
      assert.equal(await text('over/b'), 'over/a');
      await fs.rename(b, a, { overwrite: true });
      assert.deepEqual(await site.other.keys(site.bucket, 'over/'), ['over/a']);
    });

    it('renames and copies a directory', async () => {
      await put('from/1', 'from/2/3', 'from/2/4');
      await fs.copy(uriOf(site, 'from'), uriOf(site, 'copied'));
      await fs.rename(uriOf(site, 'from'), uriOf(site, 'to'));
      assert.deepEqual(await site.other.keys(site.bucket, 'from'), []);
      assert.deepEqual(await site.other.keys(site.bucket, 'to/'), ['to/1', 'to/2/3', 'to/2/4']);
      assert.equal((await site.other.keys(site.bucket, 'copied/')).length, 3);
      assert.equal(await text('to/2/4'), 'from/2/4');
      assert.notEqual(await site.other.status(site.bucket, 'to/2/4'), 200);
    });

    it('leaves no markers of directories that VS Code made for a move or copy', async () => {
      const keys = (): Promise<readonly string[]> => site.other.keys(site.bucket, 'deep');
      await put('deep-from/1', 'deep-from/2/3', 'deep-file');
      await fs.rename(uriOf(site, 'deep-from'), uriOf(site, 'deep/new/place'));
      await fs.copy(uriOf(site, 'deep-file'), uriOf(site, 'deep-copy/a/b'));
      const expected = ['deep-copy/a/b', 'deep-file', 'deep/new/place/1', 'deep/new/place/2/3'];
      assert.deepEqual(await keys(), expected);
      // One that somebody made stays.
      await fs.createDirectory(uriOf(site, 'deep-made'));
      await new Promise((resolve) => setTimeout(resolve, 1100));
      await fs.rename(uriOf(site, 'deep-file'), uriOf(site, 'deep-made/file'));
      assert.ok((await keys()).includes('deep-made/'));
    });

    it('says how a % is written to whoever makes a file with one', async () => {
      const uri = uriOf(site, 'not-made/50%.txt');
      await assert.rejects(async () => fs.writeFile(uri, Buffer.from('x')), /write “50%25\.txt”/);
      const target = uriOf(site, 'percent/60%.txt');
      await fs.writeFile(uriOf(site, 'percent/50%25.txt'), Buffer.from('x'));
      await assert.rejects(
        async () => fs.rename(uriOf(site, 'percent/50%25.txt'), target),
        /write “60%25\.txt”/,
      );
      // Neither is there a marker of the directory, which VS Code makes first.
      assert.deepEqual(await site.other.keys(site.bucket, 'percent/'), ['percent/50%.txt']);
    });

    it('takes unsaved changes along with a rename', async () => {
      await fs.writeFile(uriOf(site, 'along/a.txt'), Buffer.from('saved'));
      const document = await openText(uriOf(site, 'along/a.txt'));
      await replaceText(document, 'unsaved');
      const edit = new vscode.WorkspaceEdit();
      edit.renameFile(document.uri, uriOf(site, 'along/b.txt'));
      assert.equal(await vscode.workspace.applyEdit(edit), true);
      const renamed = vscode.workspace.textDocuments.find(({ uri }) => uri.path.endsWith('b.txt'));
      assert.equal(renamed?.getText(), 'unsaved');
      assert.equal(await renamed.save(), true);
      assert.equal(await text('along/b.txt'), 'unsaved');
      assert.deepEqual(await site.other.keys(site.bucket, 'along/'), ['along/b.txt']);
      assert.deepEqual(dialogs.shown, []);
    });

    it('tells watchers what this window does', async () => {
      await put('watched/a', 'watched/b');
      const pattern = new vscode.RelativePattern(uriOf(site, 'watched'), '**');
      const watcher = vscode.workspace.createFileSystemWatcher(pattern);
      const told: string[] = [];
      const note = (what: string) => (uri: vscode.Uri) => told.push(`${what} ${uri.path}`);
      watcher.onDidCreate(note('created'));
      watcher.onDidChange(note('changed'));
      watcher.onDidDelete(note('deleted'));
      const at = (name: string): string => `/${site.bucket}/watched/${name}`;
      await fs.writeFile(uriOf(site, 'watched/a'), Buffer.from('x'));
      await until(() => (told.includes(`changed ${at('a')}`) ? true : undefined));
      await fs.rename(uriOf(site, 'watched/a'), uriOf(site, 'watched/c'));
      await until(() => (told.includes(`created ${at('c')}`) ? true : undefined));
      await until(() => (told.includes(`deleted ${at('a')}`) ? true : undefined));
      const { connection, bucket } = site;
      const args = { connection, bucket, key: 'watched/b', confirmed: true };
      await vscode.commands.executeCommand('ssec.deleteObject', args);
      await until(() => (told.includes(`deleted ${at('b')}`) ? true : undefined));
      watcher.dispose();
    });

    it('shows an object beside a prefix of its name', async () => {
      await put('twin/a', 'twin/a/b');
      const entries = await fs.readDirectory(uriOf(site, 'twin'));
      if (server.like === 'minio') {
        // MinIO keeps an object below another one, but lists it nowhere.
        assert.deepEqual(entries, [['a', File]]);
        assert.equal(await text('twin/a/b'), 'twin/a/b');
        return;
      }
      assert.deepEqual(entries, [
        ['a', File],
        ['a%2F', Directory],
      ]);
      assert.equal(Buffer.from(await fs.readFile(uriOf(site, 'twin/a'))).toString(), 'twin/a');
      assert.deepEqual(await fs.readDirectory(uriOf(site, 'twin/a%2F')), [['b', File]]);
      const below = await openText(uriOf(site, 'twin/a%2F/b'));
      assert.equal(below.getText(), 'twin/a/b');
      await replaceText(below, 'changed');
      assert.equal(await below.save(), true);
      assert.equal(await text('twin/a/b'), 'changed');
    });

    for (const { key, minio } of nastyKeys) {
      const title = JSON.stringify(key).slice(0, 40);
      it(`lists, opens, saves and renames ${title}`, async function () {
        const { bucket, customerKey, other } = site;
        const own = `nasty-${nastyKeys.findIndex((each) => each.key === key)}`;
        if (server.like === 'minio' && minio === false) {
          const writing = async (): Promise<void> => fs.writeFile(keyUri(key), Buffer.from('x'));
          await assert.rejects(writing, /name|key|refuse/i);
          return;
        }
        await other.put(bucket, key, own, customerKey);
        const uri = keyUri(key);
        const parent = vscode.Uri.from({ ...toUriParts({ ...site, key }), path: `${uri.path}/..` });
        const entries = await fs.readDirectory(vscode.Uri.joinPath(parent));
        const name = uri.path.slice(uri.path.lastIndexOf('/') + 1);
        assert.ok(
          entries.some(([each, type]) => each === name && type === File),
          JSON.stringify(entries),
        );
        const document = await openText(uri);
        assert.equal(document.getText(), own);
        await replaceText(document, `${own} saved`);
        assert.equal(await document.save(), true);
        assert.equal(await text(key), `${own} saved`);
        await closeEditors();
        const target = keyUri(`${own}/${key.slice(0, 200)}`);
        await fs.rename(uri, target);
        assert.equal(await text(`${own}/${key.slice(0, 200)}`), `${own} saved`);
        await fs.delete(uriOf(site, own), { recursive: true });
        assert.deepEqual(await other.keys(bucket, `${own}/`), []);
      });
    }
  });
}
