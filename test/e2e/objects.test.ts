import assert from 'node:assert/strict';
import { legsFromEnvironment, primaryServer } from './support/matrix.ts';
import { useSite } from './support/site.ts';

for (const leg of legsFromEnvironment()) {
  describe(`the life of an object in the tree of VS Code ${leg}`, function () {
    this.timeout(120_000);
    const site = useSite({
      ...{ leg, server: primaryServer(), pictures: 'objects' },
      seed: async ({ bucket, customerKey, other }) => {
        await other.put(bucket, 'notes/old.md', '# Old\n', customerKey, {
          'content-type': 'text/markdown',
          'x-amz-meta-author': 'Bert',
        });
      },
    });

    before(async () => {
      const { bucket, window } = site();
      await window.objects.expand('connection my-s3', `bucket ${bucket}`);
      await window.objects.expand(`bucket ${bucket}`, 'prefix notes');
      await window.objects.expand('prefix notes', 'object old.md');
    });

    it('is made, opened and encrypted with the default customer key', async () => {
      const { bucket, customerKey, other, window } = site();
      const { editor, quickInput } = window.workbench;
      await window.objects.chooseFromMenu('prefix notes', 'New Object…');
      await quickInput.waitFor(`Its key below s3://${bucket}/notes/`);
      await window.picture('new object');
      await quickInput.answer('today.md');
      await editor.waitFor('today.md');
      await editor.append('# Today\n');
      await editor.waitUntilDirty('today.md');
      await editor.save('today.md');
      await window.objects.item(/^object today.md, 8 B, .*customer key my key/).waitFor();
      await window.picture('new object saved');
      assert.equal(await other.text(bucket, 'notes/today.md', customerKey), '# Today\n');
      assert.equal(await other.status(bucket, 'notes/today.md'), 400);
    });

    it('is renamed, and keeps what it is', async () => {
      const { bucket, customerKey, other, window } = site();
      const { quickInput } = window.workbench;
      await window.objects.chooseFromMenu('object old.md', 'Rename…');
      await quickInput.waitFor('The new name');
      await quickInput.waitForValue(/^old\.md$/);
      await window.picture('rename');
      await quickInput.answer('older.md');
      await window.objects.item('object older.md').waitFor();
      await window.objects.item('object old.md').waitFor({ state: 'detached' });
      const { status, headers, body } = await other.get(bucket, 'notes/older.md', customerKey);
      assert.equal(status, 200);
      assert.equal(body.toString(), '# Old\n');
      assert.equal(headers['content-type'], 'text/markdown');
      assert.equal(headers['x-amz-meta-author'], 'Bert');
      assert.equal(await other.status(bucket, 'notes/older.md'), 400);
    });

    it('is moved into another prefix', async () => {
      const { bucket, customerKey, other, window } = site();
      const { quickInput } = window.workbench;
      await window.objects.chooseFromMenu('object older.md', 'Move To…');
      await quickInput.waitFor('The new address');
      await quickInput.waitForValue(/^s3:\/\/.*\/notes\/older\.md$/);
      await window.picture('move');
      await quickInput.answer(`s3://${bucket}/archive/`);
      await quickInput.waitFor('What to encrypt the target with');
      await quickInput.pick(/As the Source/);
      await window.objects.expand('prefix archive', 'object older.md');
      await window.picture('moved');
      assert.deepEqual(await other.keys(bucket), ['archive/older.md', 'notes/today.md']);
      assert.equal(await other.text(bucket, 'archive/older.md', customerKey), '# Old\n');
    });

    it('is deleted after a question, and stays at Cancel', async () => {
      const { bucket, other, window } = site();
      const { dialog } = window.workbench;
      await window.objects.chooseFromMenu('object older.md', 'Delete…');
      await dialog.waitFor('Delete “older.md”?');
      await window.picture('delete');
      await dialog.press('Cancel');
      assert.deepEqual(await other.keys(bucket), ['archive/older.md', 'notes/today.md']);
      await window.objects.chooseFromMenu('object older.md', 'Delete…');
      await dialog.waitFor('Delete “older.md”?');
      await dialog.press('Delete');
      await window.objects.item('prefix archive').waitFor({ state: 'detached' });
      await window.picture('deleted');
      assert.deepEqual(await other.keys(bucket), ['notes/today.md']);
      assert.deepEqual(await window.workbench.notifications.texts(), []);
    });

    it('offers in its menu what can be done with it', async () => {
      const { bucket, window } = site();
      assert.deepEqual(await window.objects.menuOf('object today.md'), [
        ...['Open Object…', 'Download…', 'Choose Customer Key for Object…', 'Cut', 'Copy'],
        ...['Rename…', 'Move To…', 'Copy To…', 'Delete…', 'Copy S3 Address'],
      ]);
      assert.deepEqual(await window.objects.menuOf(`bucket ${bucket}`), [
        ...['New Object…', 'New Prefix…', 'Upload Files or Folders…', 'Download…'],
        ...['Open as Workspace Folder', 'Sync…', 'Filter by Prefix…', 'Refresh', 'Copy'],
        ...['Clean Up Unfinished Uploads…', 'Copy S3 Address'],
      ]);
    });
  });
}
