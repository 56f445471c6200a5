import assert from 'node:assert/strict';
import { legsFromEnvironment, primaryServer } from './support/matrix.ts';
import { useSite } from './support/site.ts';

for (const leg of legsFromEnvironment()) {
  describe(`a reload of the window of VS Code ${leg}`, function () {
    this.timeout(120_000);
    const site = useSite({
      ...{ leg, server: primaryServer(), pictures: 'reload' },
      seed: async ({ bucket, customerKey, other }) => {
        await other.put(bucket, 'letter.txt', 'Dear Anna,\n', customerKey);
      },
    });

    before(async () => {
      await site().window.workbench.reload();
    });

    it('keeps connections and customer keys', async () => {
      const { bucket, window } = site();
      const { editor, notifications } = window.workbench;
      await window.objects.open();
      await window.customerKeys.item('Customer key my key, default, user').waitFor();
      await window.objects.expand('connection my-s3', `bucket ${bucket}`);
      await window.objects.expand(`bucket ${bucket}`, 'object letter.txt');
      await window.objects.click('object letter.txt');
      await editor.waitFor('letter.txt');
      await editor.waitForText('Dear Anna,');
      await window.picture('after the reload');
      assert.deepEqual(await notifications.texts(), []);
    });

    it('keeps them for saving, too', async () => {
      const { bucket, customerKey, other, window } = site();
      const { editor } = window.workbench;
      await editor.append('it snows.\n');
      await editor.waitUntilDirty('letter.txt');
      await editor.save('letter.txt');
      assert.equal(await other.text(bucket, 'letter.txt', customerKey), 'Dear Anna,\nit snows.\n');
      assert.equal(await other.status(bucket, 'letter.txt'), 400);
    });
  });
}
