import assert from 'node:assert/strict';
import { legsFromEnvironment, primaryServer } from './support/matrix.ts';
import { useSite } from './support/site.ts';

for (const leg of legsFromEnvironment()) {
  describe(`a prefix as a workspace folder of VS Code ${leg}`, function () {
    this.timeout(120_000);
    const site = useSite({
      ...{ leg, server: primaryServer(), pictures: 'workspace folder', isMultiRoot: true },
      seed: async ({ bucket, customerKey, other }) => {
        await other.put(bucket, 'site/pages/about.txt', 'Hello.\n', customerKey);
        await other.put(bucket, 'site/robots.txt', 'User-agent: *\n');
      },
    });

    it('is added by its context menu', async () => {
      const { bucket, window } = site();
      await window.objects.expand('connection my-s3', `bucket ${bucket}`);
      await window.objects.expand(`bucket ${bucket}`, 'prefix site');
      await window.objects.chooseFromMenu('prefix site', 'Open as Workspace Folder');
      const explorer = window.workbench.tree(/^Explorer/, 'Files Explorer');
      await explorer.open();
      await explorer.expand(new RegExp(`^${bucket}/site \\(my-s3\\)`), /^pages/);
      await explorer.expand(/^pages/, /^about\.txt/);
      await explorer.item(/^robots\.txt/).waitFor();
      await window.picture('workspace folder');
    });

    it('is edited in the Explorer', async () => {
      const { bucket, customerKey, other, window } = site();
      const { editor } = window.workbench;
      const explorer = window.workbench.tree(/^Explorer/, 'Files Explorer');
      await explorer.click(/^about\.txt/);
      await editor.waitFor('about.txt');
      await editor.waitForText('Hello.');
      await editor.replaceAll('Good evening.\n');
      await editor.waitUntilDirty('about.txt');
      await editor.save('about.txt');
      await window.picture('file of the folder saved');
      const key = 'site/pages/about.txt';
      assert.equal(await other.text(bucket, key, customerKey), 'Good evening.\n');
      assert.equal(await other.status(bucket, key), 400);
      assert.deepEqual(await window.workbench.notifications.texts(), []);
    });
  });
}
