import assert from 'node:assert/strict';
import { legsFromEnvironment, primaryServer } from './support/matrix.ts';
import { useSite } from './support/site.ts';

const many = 120;

for (const leg of legsFromEnvironment()) {
  describe(`selections in the tree of VS Code ${leg}`, function () {
    this.timeout(180_000);
    const site = useSite({
      ...{ leg, server: primaryServer(), pictures: 'selection' },
      seed: async ({ bucket, customerKey, other }) => {
        const names = ['a.txt', 'b.txt', 'c.txt', 'sub/d.txt', 'target/x.txt'];
        for (const name of names) await other.put(bucket, name, name, customerKey);
        const keys = Array.from({ length: many }, (_, index) => `heap/${index}.txt`);
        await Promise.all(keys.map((key) => other.put(bucket, key, key, customerKey)));
      },
    });

    async function below(prefix: string): Promise<string[]> {
      const { bucket, other } = site();
      return (await other.keys(bucket)).filter((key) => key.startsWith(prefix));
    }

    before(async () => {
      const { bucket, window } = site();
      for (const view of ['Customer Keys', 'Transfers', 'Sync']) {
        await window.workbench.tree('SSE-C Explorer', view).collapse();
      }
      await window.objects.expand('connection my-s3', `bucket ${bucket}`);
      await window.objects.expand(`bucket ${bucket}`, 'object c.txt');
    });

    it('are cut, and pasted into a prefix, by keyboard', async () => {
      const { bucket, customerKey, other, window } = site();
      const { dialog } = window.workbench;
      await window.objects.select('object a.txt', 'object b.txt');
      assert.equal((await window.objects.selected()).length, 2);
      await window.objects.press('Control+x');
      await window.picture('cut');
      await window.objects.select('prefix target');
      await window.objects.press('Control+v');
      await dialog.waitFor('Move 2 objects?');
      await window.picture('paste');
      await dialog.press('Move');
      await window.objects.item('object a.txt').waitFor({ state: 'detached' });
      await window.objects.expand('prefix target', 'object b.txt');
      await window.picture('pasted');
      const moved = ['target/a.txt', 'target/b.txt', 'target/x.txt'];
      assert.deepEqual(await below('target/'), moved);
      assert.equal(await other.text(bucket, 'target/a.txt', customerKey), 'a.txt');
      assert.equal(await other.status(bucket, 'target/a.txt'), 400);
    });

    it('are dragged onto a prefix, and moved after a question', async () => {
      const { bucket, window } = site();
      const { dialog } = window.workbench;
      await window.objects.drag('object c.txt', 'prefix sub');
      await dialog.waitFor(`Move or copy 1 object to s3://${bucket}/sub/?`);
      await window.picture('dropped');
      await dialog.press('Move');
      await window.objects.item('object c.txt').waitFor({ state: 'detached' });
      assert.deepEqual(await below('sub/'), ['sub/c.txt', 'sub/d.txt']);
    });

    it('take files that are dropped from outside', async () => {
      const { bucket, customerKey, other, window } = site();
      await window.objects.expand('prefix sub', 'object d.txt');
      const files = [
        { name: 'from outside.txt', text: 'dropped' },
        { name: 'ü.txt', text: 'dropped, too' },
      ];
      await window.objects.drop(files, 'prefix sub');
      await window.objects.item('object from outside.txt').waitFor();
      await window.objects.item('object ü.txt').waitFor();
      await window.picture('files dropped');
      const text = await other.text(bucket, 'sub/from outside.txt', customerKey);
      assert.equal(text, 'dropped');
      assert.equal(await other.status(bucket, 'sub/from outside.txt'), 400);
    });

    it('are deleted once their number is typed', async () => {
      const { window } = site();
      const { dialog, quickInput } = window.workbench;
      await window.objects.select('prefix heap', 'prefix target');
      await window.objects.press('Delete');
      const text = await dialog.waitFor(`Delete ${many + 3} objects`);
      assert.match(text, /cannot be undone/);
      await dialog.press('Delete');
      await quickInput.waitFor(`Type ${many + 3} to delete as many objects`);
      await quickInput.fill('9');
      await window.picture('typed wrongly');
      await quickInput.cancel();
      assert.equal((await below('heap/')).length, many);
      await window.objects.select('prefix heap', 'prefix target');
      await window.objects.press('Delete');
      await dialog.waitFor(`Delete ${many + 3} objects`);
      await dialog.press('Delete');
      await quickInput.waitFor(`Type ${many + 3} to delete as many objects`);
      await quickInput.answer(String(many + 3));
      await window.objects.item('prefix heap').waitFor({ state: 'detached' });
      await window.objects.item('prefix target').waitFor({ state: 'detached' });
      await window.picture('deleted');
      assert.deepEqual(await below('heap/'), []);
    });
  });
}
