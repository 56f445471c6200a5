import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { answerFolderDialog } from './support/dialogs.ts';
import { legsFromEnvironment, primaryServer } from './support/matrix.ts';
import { useSite } from './support/site.ts';

const contents: Readonly<Record<string, Buffer>> = {
  'letters/to-anna.txt': Buffer.from('Dear Anna,\n'),
  'letters/2026/to-bert.txt': Buffer.from('Dear Bert,\n'),
  'letters/large.bin': randomBytes(20 * 1024 * 1024),
};

for (const leg of legsFromEnvironment()) {
  describe(`files up and down in VS Code ${leg}`, function () {
    this.timeout(120_000);
    const site = useSite({
      ...{ leg, server: primaryServer(), pictures: 'transfers' },
      seed: async ({ bucket, other }) => {
        await other.put(bucket, 'plain.txt', 'plain');
      },
    });
    let folder: string;

    before(() => {
      folder = mkdtempSync(join(tmpdir(), 'ssec-files-'));
      for (const [name, bytes] of Object.entries(contents)) {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeFileSync(join(folder, name), bytes);
      }
      mkdirSync(join(folder, 'back'));
    });
    after(() => {
      rmSync(folder, { recursive: true });
    });

    it('puts a folder by the palette, and shows how far it is', async () => {
      const { bucket, customerKey, other, window } = site();
      const { quickInput, palette } = window.workbench;
      await palette.run('SSE-C: Upload Files or Folders…');
      await quickInput.pick('Folders…');
      await answerFolderDialog(window, join(folder, 'letters'), 'Upload');
      await quickInput.waitFor('s3://');
      await quickInput.answer(`s3://${bucket}/home/`);
      await window.transfers.item(/letters.*done/).waitFor();
      await window.picture('uploaded');
      for (const [name, bytes] of Object.entries(contents)) {
        const { status, body } = await other.get(bucket, `home/${name}`, customerKey);
        assert.equal(status, 200, name);
        assert.ok(body.equals(bytes), name);
        assert.equal(await other.status(bucket, `home/${name}`), 400, `${name} is encrypted`);
      }
    });

    it('gets it back by the tree', async () => {
      const { bucket, window } = site();
      await window.objects.expand('connection my-s3', `bucket ${bucket}`);
      await window.objects.expand(`bucket ${bucket}`, 'prefix home');
      await window.objects.chooseFromMenu('prefix home', 'Download…');
      await answerFolderDialog(window, join(folder, 'back'), 'Download Here');
      await window.transfers.item(/back.*done/).waitFor();
      await window.picture('downloaded');
      for (const [name, bytes] of Object.entries(contents)) {
        assert.ok(readFileSync(join(folder, 'back/home', name)).equals(bytes), name);
      }
    });
  });
}
