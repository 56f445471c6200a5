import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answerFileDialog } from './support/dialogs.ts';
import { legsFromEnvironment, primaryServer } from './support/matrix.ts';
import { useSite } from './support/site.ts';

for (const leg of legsFromEnvironment()) {
  describe(`an upload that is given up, in VS Code ${leg}`, function () {
    this.timeout(120_000);
    const site = useSite({
      ...{ leg, server: primaryServer(), pictures: 'clean up' },
      // So slow that a person is quick enough.
      settings: { 'ssec.transfers.bandwidth': '4 MiB' },
      seed: async ({ bucket, other }) => {
        await other.put(bucket, 'plain.txt', 'plain');
      },
    });
    let folder: string;

    before(() => {
      folder = mkdtempSync(join(tmpdir(), 'ssec-clean-up-'));
      writeFileSync(join(folder, 'film.bin'), randomBytes(40 * 1024 * 1024));
    });
    after(() => {
      rmSync(folder, { recursive: true });
    });

    it('is cancelled where its progress is shown', async () => {
      const { bucket, other, window } = site();
      const { notifications, palette, quickInput } = window.workbench;
      await palette.run('SSE-C: Upload Files or Folders…');
      await quickInput.pick('Files…');
      await answerFileDialog(window, join(folder, 'film.bin'));
      await quickInput.waitFor('s3://');
      await quickInput.answer(`s3://${bucket}/films/`);
      await notifications.waitFor(/film\.bin/);
      await window.transfers.item(/film\.bin.*MB\/s.*left/).waitFor();
      await window.picture('running');
      await notifications.press(/film\.bin/, 'Cancel');
      await window.transfers.item(/film\.bin.*cancelled/).waitFor();
      await window.picture('cancelled');
      assert.deepEqual(await other.keys(bucket), ['plain.txt']);
    });

    it('is found and removed by the palette, after a question', async () => {
      const { bucket, other, window } = site();
      const { dialog, notifications, palette, quickInput } = window.workbench;
      await notifications.clear();
      const cleanUp = async (): Promise<void> => {
        await palette.run('SSE-C: Clean Up Unfinished Uploads…');
        await quickInput.waitFor('s3://');
        await quickInput.answer(`s3://${bucket}/films/`);
      };
      await cleanUp();
      await quickInput.waitFor(/films\/film\.bin\s*since/);
      await quickInput.waitFor(`Begun here: ${join(folder, 'film.bin')}`);
      await window.picture('found');
      await quickInput.pickMany(['film.bin']);
      await dialog.waitFor('Remove 1 unfinished transfers?');
      await window.picture('asked');
      await dialog.press('Remove');
      await window.workbench.page.getByText('1 removed').first().waitFor();
      await cleanUp();
      await notifications.waitFor('There is no unfinished upload below');
      await window.picture('none left');
      assert.deepEqual(await other.keys(bucket), ['plain.txt']);
    });

    it('starts over with Retry, all the same', async () => {
      const { bucket, customerKey, other, window } = site();
      await window.transfers.chooseFromMenu(/film\.bin/, /^(Resume|Retry)/);
      await window.transfers.item(/film\.bin.*done/).waitFor({ timeout: 90_000 });
      const { status, body } = await other.get(bucket, 'films/film.bin', customerKey);
      assert.deepEqual([status, body.length], [200, 40 * 1024 * 1024]);
    });
  });
}
