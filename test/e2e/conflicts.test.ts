import assert from 'node:assert/strict';
import { legsFromEnvironment, primaryServer } from './support/matrix.ts';
import { useSite } from './support/site.ts';

for (const leg of legsFromEnvironment()) {
  describe(`a save after somebody else's, in VS Code ${leg}`, function () {
    this.timeout(120_000);
    const site = useSite({
      ...{ leg, server: primaryServer(), pictures: 'conflicts' },
      seed: async ({ bucket, customerKey, other }) => {
        for (const name of ['plan', 'gone']) {
          await other.put(bucket, `${name}.txt`, 'version one\n', customerKey);
        }
      },
    });

    /** Opens an object by the tree and types into it. */
    async function edit(name: string, typed: string): Promise<void> {
      const { bucket, window } = site();
      await window.objects.expand('connection my-s3', `bucket ${bucket}`);
      await window.objects.expand(`bucket ${bucket}`, `object ${name}`);
      await window.objects.click(`object ${name}`);
      await window.workbench.editor.waitFor(name);
      await window.workbench.editor.append(typed);
      await window.workbench.editor.waitUntilDirty(name);
    }

    it('asks, and at Cancel the text stays unsaved and the server unchanged', async () => {
      const { bucket, customerKey, other, window } = site();
      const { dialog, editor, notifications } = window.workbench;
      await edit('plan.txt', 'mine\n');
      await other.put(bucket, 'plan.txt', 'theirs\n', customerKey);
      await editor.pressSave();
      const said = await dialog.waitFor('“plan.txt” was changed on the server');
      for (const button of ['Compare', 'Overwrite', 'Cancel']) {
        assert.ok(said.includes(button), `${button} is not in: ${said}`);
      }
      await window.picture('conflict');
      await dialog.press('Cancel');
      await notifications.waitFor("Failed to save 'plan.txt'");
      await window.picture('cancelled');
      assert.ok(await editor.isDirty('plan.txt'));
      assert.equal(await other.text(bucket, 'plan.txt', customerKey), 'theirs\n');
      await notifications.clear();
    });

    it('shows both side by side at Compare, and saves nothing', async () => {
      const { bucket, customerKey, other, window } = site();
      const { dialog, editor, notifications } = window.workbench;
      await editor.pressSave();
      await dialog.waitFor('“plan.txt” was changed on the server');
      await dialog.press('Compare');
      await editor.waitForDiff('plan.txt (on the server ↔ yours)', 'theirs', 'mine');
      await window.picture('compared');
      assert.equal(await other.text(bucket, 'plan.txt', customerKey), 'theirs\n');
      assert.ok(await editor.isDirty('plan.txt'));
      await notifications.clear();
    });

    it('saves at Overwrite', async () => {
      const { bucket, customerKey, other, window } = site();
      const { dialog, editor } = window.workbench;
      await editor.pressSave();
      await dialog.waitFor('“plan.txt” was changed on the server');
      await dialog.press('Overwrite');
      await editor.waitUntilSaved('plan.txt');
      await window.picture('overwritten');
      assert.equal(await other.text(bucket, 'plan.txt', customerKey), 'version one\nmine\n');
      assert.equal(await other.status(bucket, 'plan.txt'), 400);
    });

    it('asks before it makes an object again that was deleted meanwhile', async () => {
      const { bucket, customerKey, other, window } = site();
      const { dialog, editor, notifications } = window.workbench;
      await edit('gone.txt', 'mine\n');
      await other.delete(bucket, 'gone.txt');
      await editor.pressSave();
      await dialog.waitFor('“gone.txt” was deleted on the server');
      await window.picture('deleted meanwhile');
      await dialog.press('Cancel');
      await notifications.waitFor("Failed to save 'gone.txt'");
      assert.deepEqual(await other.keys(bucket), ['plan.txt']);
      await notifications.clear();
      await editor.pressSave();
      await dialog.waitFor('“gone.txt” was deleted on the server');
      await dialog.press('Recreate');
      await editor.waitUntilSaved('gone.txt');
      assert.equal(await other.text(bucket, 'gone.txt', customerKey), 'version one\nmine\n');
      assert.equal(await other.status(bucket, 'gone.txt'), 400);
    });
  });
}
