import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Tree } from '../workbench/page/tree.ts';
import { answerFolderDialog } from './support/dialogs.ts';
import { legsFromEnvironment, primaryServer } from './support/matrix.ts';
import { useSite } from './support/site.ts';

for (const leg of legsFromEnvironment()) {
  describe(`a folder that is synced, in VS Code ${leg}`, function () {
    this.timeout(120_000);
    let folder: string;
    const site = useSite({
      ...{ leg, server: primaryServer(), pictures: 'sync' },
      seed: async ({ bucket, customerKey, other }) => {
        await other.put(bucket, 'work/theirs.txt', 'from the server\n', customerKey);
        folder = mkdtempSync(join(tmpdir(), 'ssec-e2e-sync-'));
        write('draft.md', '# Draft\n');
        write('budget.csv', 'item,price\n');
      },
    });
    after(() => {
      rmSync(folder, { recursive: true, force: true });
    });

    function write(name: string, text: string): void {
      writeFileSync(join(folder, name), text);
    }

    function local(): Record<string, string> {
      const names = readdirSync(folder).sort();
      return Object.fromEntries(
        names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
      );
    }

    function sync(): Tree {
      return site().window.workbench.tree('SSE-C Explorer', 'Sync');
    }

    it('can be begun on a bucket of the tree', async () => {
      const { bucket, window } = site();
      const { quickInput } = window.workbench;
      await window.objects.expand('connection my-s3', `bucket ${bucket}`);
      await window.objects.chooseFromMenu(`bucket ${bucket}`, 'Sync…');
      await quickInput.waitFor('What is to be synced with the objects?');
      await quickInput.cancel();
    });

    it('can be begun on a folder of the Explorer', async () => {
      const { window } = site();
      const { quickInput } = window.workbench;
      mkdirSync(join(window.workspace, 'reports'));
      const explorer = window.workbench.tree(/^Explorer/, 'Files Explorer');
      await explorer.open();
      await explorer.chooseFromMenu(/^reports/, 'Sync…');
      await quickInput.waitFor('The remote side: s3://bucket/prefix/');
      await window.picture('on a folder');
      await quickInput.cancel();
      await window.objects.open();
    });

    it('is chosen by the palette, and saved as a pair', async () => {
      const { bucket, window } = site();
      const { palette, quickInput } = window.workbench;
      await palette.run('SSE-C: Sync…');
      await quickInput.waitFor('What is to be synced with the objects?');
      await window.picture('what');
      await quickInput.pick(/^A local folder/);
      await answerFolderDialog(window, folder, 'Sync This Folder');
      await quickInput.waitFor('The remote side: s3://bucket/prefix/');
      await quickInput.answer(`s3://${bucket}/work/`);
      await quickInput.waitFor('Which way?');
      await window.picture('which way');
      await quickInput.pick(/^Both ways/);
      await quickInput.waitFor('Save it as a pair?');
      await quickInput.pick(/^Save in the workspace settings/);
      await quickInput.waitFor('A name for the pair');
      await quickInput.answer('work');
    });

    it('shows what would happen, and changes nothing', async () => {
      const { bucket, other, window } = site();
      await sync().item('Upload, 2').waitFor();
      await sync().item('Download, 1').waitFor();
      for (const name of ['draft.md', 'budget.csv', 'theirs.txt'])
        await sync().item(name).waitFor();
      await window.picture('plan');
      assert.deepEqual(await other.keys(bucket), ['work/theirs.txt']);
      assert.deepEqual(Object.keys(local()), ['budget.csv', 'draft.md']);
    });

    it('runs what has a tick', async () => {
      const { bucket, customerKey, other, window } = site();
      await sync().item('budget.csv').getByRole('checkbox').click();
      await sync().item('Upload, 1 of 2').waitFor();
      await window.picture('left out');
      await sync().pressTitleAction('Run Sync Plan');
      await sync().item('pair work').waitFor();
      await window.picture('done');
      assert.deepEqual(await other.keys(bucket), ['work/draft.md', 'work/theirs.txt']);
      assert.equal(await other.text(bucket, 'work/draft.md', customerKey), '# Draft\n');
      assert.equal(await other.status(bucket, 'work/draft.md'), 400);
      assert.equal(local()['theirs.txt'], 'from the server\n');
    });

    it('keeps both of what both sides changed', async () => {
      const { bucket, customerKey, other, window } = site();
      const { editor } = window.workbench;
      write('draft.md', '# Draft of mine\n');
      await other.put(bucket, 'work/draft.md', '# Draft of theirs, longer\n', customerKey);
      await sync().click('pair work');
      await sync().item('Conflicts, 1').waitFor();
      await sync()
        .item(/^draft\.md, changed on both sides/)
        .waitFor();
      await window.picture('conflict');
      await sync().chooseFromMenu(/^draft\.md/, 'Compare');
      await editor.waitForDiff('draft.md (local ↔ remote)', '# Draft of mine', '# Draft of theirs');
      await window.picture('compared');
      await sync().chooseFromMenu(/^draft\.md/, 'Keep Both');
      await sync()
        .item(/^draft\.md, keep both/)
        .waitFor();
      await window.picture('decided');
      await sync().pressTitleAction('Run Sync Plan');
      await sync().item('pair work').waitFor();
      await window.picture('kept both');
      const files = local();
      assert.equal(files['draft.md'], '# Draft of mine\n');
      const copy = Object.keys(files).find((name) => /^draft \(remote \w+\)\.md$/.test(name));
      assert.ok(copy !== undefined, Object.keys(files).join(', '));
      assert.equal(files[copy], '# Draft of theirs, longer\n');
      for (const name of ['draft.md', copy]) {
        assert.equal(await other.text(bucket, `work/${name}`, customerKey), files[name]);
      }
    });

    it('takes the buttons of the view whatever row has the focus', async () => {
      const { window } = site();
      const { editor, quickInput } = window.workbench;
      write('new.md', '# New\n');
      await sync().click('pair work');
      await sync().click(/^new\.md/);
      await sync().pressTitleAction('Discard Sync Plan');
      await sync().item('pair work').waitFor();
      await sync().item('pair work').press('ArrowDown');
      await sync().pressTitleAction('Sync…');
      await quickInput.waitFor('What is to be synced with the objects?');
      await quickInput.cancel();
      await sync().chooseFromMenu('pair work', 'Show Sync Report');
      await editor.waitForText('Sync of work');
    });
  });
}
