import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { CustomerKey } from '../../src/core/customerKey.ts';
import { serversFromEnvironment } from '../servers/fromEnvironment.ts';
import { useDialogs } from './support/dialogs.ts';
import { openText, replaceText, until } from './support/editors.ts';
import { addCustomerKey, useSite, uriOf } from './support/site.ts';

for (const server of serversFromEnvironment()) {
  describe(`saving what somebody else changed, on ${server.name}`, () => {
    const site = useSite(server);
    const dialogs = useDialogs();

    /** Opens an object, types into the editor, and lets somebody else change the object. */
    async function edited(name: string, theirs: string | undefined): Promise<vscode.TextDocument> {
      const { bucket, customerKey, other } = site;
      await other.put(bucket, name, 'before', customerKey);
      const document = await openText(uriOf(site, name));
      await replaceText(document, 'mine!!');
      if (theirs === undefined) await other.delete(bucket, name);
      else await other.put(bucket, name, theirs, customerKey);
      return document;
    }

    function stored(name: string): Promise<string> {
      return site.other.text(site.bucket, name, site.customerKey);
    }

    // Of the same length VS Code itself would notice nothing.
    for (const theirs of ['theirs', 'longer than before']) {
      it(`overwrites nothing at Cancel (${theirs})`, async () => {
        const document = await edited('cancel.txt', theirs);
        assert.equal(await document.save(), false);
        assert.equal(document.isDirty, true);
        assert.equal(await stored('cancel.txt'), theirs);
        assert.deepEqual(dialogs.shown[0]?.buttons, ['Compare', 'Overwrite']);
        assert.match(dialogs.modals()[0]?.message ?? '', /“cancel.txt” was changed on the server/);
      });

      it(`overwrites at Overwrite, and goes on from there (${theirs})`, async () => {
        const document = await edited('overwrite.txt', theirs);
        dialogs.answer('Overwrite');
        assert.equal(await document.save(), true);
        assert.equal(await stored('overwrite.txt'), 'mine!!');
        await replaceText(document, 'mine again');
        assert.equal(await document.save(), true);
        assert.equal(await stored('overwrite.txt'), 'mine again');
        assert.equal(dialogs.modals().length, 1);
      });
    }

    for (const [what, from, to] of [
      ['file', 'moved/file.txt', 'moved/other.txt'],
      ['folder', 'moved/folder', 'moved/other'],
    ] as const) {
      it(`overwrites nothing when the ${what} was renamed meanwhile`, async () => {
        const document = await edited(what === 'file' ? from : `${from}/a.txt`, 'theirs');
        const edit = new vscode.WorkspaceEdit();
        edit.renameFile(uriOf(site, from), uriOf(site, to));
        assert.equal(await vscode.workspace.applyEdit(edit), true);
        const path = document.uri.path.replace(from, to);
        const renamed = vscode.workspace.textDocuments.find(({ uri }) => uri.path === path);
        assert.equal(renamed?.getText(), 'mine!!');
        assert.equal(await renamed.save(), false);
        assert.match(dialogs.modals()[0]?.message ?? '', /was changed on the server/);
        assert.equal(await stored(path.split('/').slice(2).join('/')), 'theirs');
      });
    }

    it('shows both at Compare, and saves nothing yet', async () => {
      const document = await edited('compare.txt', 'theirs');
      dialogs.answer('Compare');
      assert.equal(await document.save(), false);
      const diff = await until(() => {
        const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
        return input instanceof vscode.TabInputTextDiff ? input : undefined;
      });
      const original = await vscode.workspace.openTextDocument(diff.original);
      assert.equal(original.getText(), 'theirs');
      assert.equal(diff.modified.toString(), document.uri.toString());
      assert.equal(await stored('compare.txt'), 'theirs');
      assert.equal(document.isDirty, true);
      // Having looked at theirs is not having opened it: the next save asks again.
      dialogs.answer('Overwrite');
      assert.equal(await document.save(), true);
      assert.equal(await stored('compare.txt'), 'mine!!');
      assert.equal(dialogs.modals().length, 2);
    });

    it('does not take a read by somebody else in this window for the one it is based on', async () => {
      const document = await edited('read.txt', 'theirs');
      await vscode.workspace.fs.readFile(document.uri);
      assert.equal(await document.save(), false);
      assert.equal(await stored('read.txt'), 'theirs');
    });

    it('does not make a deleted object again at Cancel', async () => {
      const document = await edited('gone/deleted.txt', undefined);
      assert.equal(await document.save(), false);
      assert.equal(document.isDirty, true);
      assert.deepEqual(dialogs.shown[0]?.buttons, ['Recreate']);
      assert.deepEqual(await site.other.keys(site.bucket, 'gone/'), []);
    });

    it('makes a deleted object again at Recreate, as it was', async () => {
      const { bucket, customerKey, other } = site;
      const headers = { ContentType: 'text/x-odd', Metadata: { owner: 'me' } };
      await other.put(bucket, 'gone/again.txt', 'before', customerKey, headers);
      const document = await openText(uriOf(site, 'gone/again.txt'));
      await replaceText(document, 'mine!!');
      await other.delete(bucket, 'gone/again.txt');
      dialogs.answer('Recreate');
      assert.equal(await document.save(), true);
      assert.equal(await stored('gone/again.txt'), 'mine!!');
      const head = await other.head(bucket, 'gone/again.txt', customerKey);
      assert.equal(head.ContentType, 'text/x-odd');
      assert.deepEqual(head.Metadata, { owner: 'me' });
      assert.notEqual(await other.status(bucket, 'gone/again.txt'), 200);
      assert.deepEqual(await other.keys(bucket, 'gone/'), ['gone/again.txt']);
    });

    it('does not overwrite an object that appeared where a new one is saved', async () => {
      const { bucket, customerKey, other } = site;
      const uri = uriOf(site, 'appeared/a.txt');
      await other.put(bucket, 'appeared/b.txt', 'beside it');
      await assert.rejects(async () => vscode.workspace.fs.stat(uri));
      await other.put(bucket, 'appeared/a.txt', 'theirs', customerKey);
      const writing = async (): Promise<void> =>
        vscode.workspace.fs.writeFile(uri, Buffer.from('mine!!'));
      await assert.rejects(writing, /was changed on the server/);
      assert.equal(await stored('appeared/a.txt'), 'theirs');
    });

    it('keeps to its key when somebody else wrote plaintext', async () => {
      const document = await edited('plain.txt', 'theirs');
      await site.other.put(site.bucket, 'plain.txt', 'naked');
      dialogs.answer('Overwrite');
      assert.equal(await document.save(), true);
      assert.equal(await stored('plain.txt'), 'mine!!');
      assert.notEqual(await site.other.status(site.bucket, 'plain.txt'), 200);
    });

    it('keeps encrypted what somebody else has encrypted', async () => {
      const { bucket, other } = site;
      await other.put(bucket, 'became.txt', 'naked');
      const document = await openText(uriOf(site, 'became.txt'));
      await replaceText(document, 'mine!!');
      const theirKey = CustomerKey.generate();
      await addCustomerKey(theirKey, `theirs ${server.name}`, [
        new URL(server.proxy.endpoint).host,
      ]);
      await other.put(bucket, 'became.txt', 'theirs', theirKey);
      dialogs.answer('Overwrite');
      assert.equal(await document.save(), true);
      assert.equal(await other.text(bucket, 'became.txt', theirKey), 'mine!!');
    });

    it('reloads an editor without changes when the window finds out', async () => {
      const { bucket, customerKey, other } = site;
      await other.put(bucket, 'reload.txt', 'before', customerKey);
      const document = await openText(uriOf(site, 'reload.txt'));
      await other.put(bucket, 'reload.txt', 'theirs', customerKey);
      await vscode.workspace.fs.readFile(document.uri);
      await until(() => (document.getText() === 'theirs' ? true : undefined));
    });
  });
}
