import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { connectProxy } from '../servers/proxyClient.ts';
import { legsFromEnvironment, primaryServer } from './support/matrix.ts';
import { useSite } from './support/site.ts';

const months = ['april', 'august', 'july', 'june', 'march', 'may', 'october'];
const icon = new URL('../../media/icon.png', import.meta.url);

for (const leg of legsFromEnvironment()) {
  describe(`browsing in the tree of VS Code ${leg}`, function () {
    this.timeout(120_000);
    const server = primaryServer();
    const proxy = connectProxy(server.proxy.control);
    const site = useSite({
      ...{ leg, server, pictures: 'browsing', endpoint: server.proxy.endpoint },
      settings: { 'ssec.pageSize': 3 },
      seed: async ({ bucket, customerKey, other }) => {
        for (const month of months) await other.put(bucket, `many/${month}.txt`, month);
        await other.put(bucket, 'broken/repaired.txt', 'here again', customerKey);
        await other.put(bucket, 'icon.png', readFileSync(icon), customerKey, {
          'content-type': 'image/png',
        });
      },
    });

    /** The accessible names of the objects that are shown, without what follows the name. */
    async function shownObjects(): Promise<string[]> {
      const names = await site().window.objects.names();
      return names.flatMap((name) => /^object ([^,]*),/.exec(name)?.slice(1) ?? []);
    }

    before(async () => {
      const { bucket, window } = site();
      await window.objects.expand('connection my-s3', `bucket ${bucket}`);
      await window.objects.expand(`bucket ${bucket}`, 'prefix many');
    });

    afterEach(async () => {
      await proxy.clearFaults();
    });

    it('names everything for screen readers', async () => {
      const { bucket, window } = site();
      assert.deepEqual(
        (await window.objects.names()).map((name) => name.replace(/(\.png, [^,]*),.*/, '$1')),
        [
          `connection my-s3, ${server.proxy.endpoint}`,
          ...[`bucket ${bucket}`, 'prefix broken', 'prefix many', 'object icon.png, 32.3 KB'],
        ],
      );
    });

    it('loads more, a page at a time', async () => {
      const { window } = site();
      await window.objects.expand('prefix many', 'object july.txt');
      assert.deepEqual(await shownObjects(), ['april.txt', 'august.txt', 'july.txt', 'icon.png']);
      await window.picture('first page');
      await window.objects.click('Load more, 3 entries are shown');
      await window.objects.item('object may.txt').waitFor();
      await window.objects.click('Load more, 6 entries are shown');
      await window.objects.item('object october.txt').waitFor();
      await window.objects.item('Load more').waitFor({ state: 'detached' });
      assert.equal((await shownObjects()).length, months.length + 1);
    });

    it('shows what starts with a text, and all again', async () => {
      const { window } = site();
      const { quickInput } = window.workbench;
      await window.objects.pressInline('prefix many', 'Filter by Prefix…');
      await quickInput.waitFor('Show only what starts with');
      await quickInput.answer('ju');
      await window.objects.item('prefix many, only what starts with ju').waitFor();
      await window.objects.item('object april.txt').waitFor({ state: 'detached' });
      assert.deepEqual(await shownObjects(), ['july.txt', 'june.txt', 'icon.png']);
      await window.picture('filtered');
      await window.objects.chooseFromMenu('prefix many', 'Clear Filter');
      await window.objects.item('object april.txt').waitFor();
      await window.objects.click(/^prefix many$/);
    });

    it('says in the tree why a prefix cannot be listed, and tries again', async () => {
      const { window } = site();
      await proxy.addFault({
        match: { pathRegex: 'prefix=broken' },
        fault: { kind: 'reset', when: 'beforeForward' },
      });
      await window.objects.expand('prefix broken', /^Error: .* could not be reached/);
      await window.picture('error');
      await proxy.clearFaults();
      await window.objects.click(/^Error: .* Press Enter to try again\.$/);
      await window.objects.item('object repaired.txt').waitFor();
      await window.objects.item('Error').waitFor({ state: 'detached' });
      await window.picture('tried again');
    });

    it('tries a connection again that could not be reached, with nothing typed twice', async () => {
      const { window } = site();
      const { dialog, notifications, quickInput } = window.workbench;
      await proxy.addFault({ match: {}, fault: { kind: 'reset', when: 'beforeForward' } });
      await window.objects.chooseFromMenu('connection my-s3', 'Edit Connection…');
      await quickInput.pick(/Try and Save/);
      await dialog.waitFor('was not reached.');
      await window.picture('not reached');
      await proxy.clearFaults();
      await dialog.press('Try Again');
      await notifications.waitFor('The connection "my-s3" was changed.');
      await notifications.clear();
    });

    it('shows the properties at the first look, and the lock once it is over', async () => {
      const { window } = site();
      const { page } = window.workbench;
      await window.objects.hover('object icon.png');
      const tooltip = page.locator('.monaco-hover:visible', { hasText: 'Content-Type: image/png' });
      await tooltip.waitFor();
      await window.picture('tooltip');
      await window.objects.hover('object repaired.txt');
      await window.objects.item(/^object icon\.png, .*, encrypted with customer key/).waitFor();
      const other = page.locator('.monaco-hover:visible', { hasText: 'broken/repaired.txt' });
      await other.filter({ hasText: 'Encryption: customer key' }).waitFor();
      await page.locator('.part.editor').hover();
      await other.waitFor({ state: 'hidden' });
    });

    it('opens an encrypted image as one', async () => {
      const { window } = site();
      await window.objects.click('object icon.png');
      await window.workbench.editor.tab('icon.png').waitFor();
      // The image viewer tells the size of what it could decode.
      const { page } = window.workbench;
      await page.locator('.statusbar-item', { hasText: '256x256' }).waitFor();
      await window.picture('image');
    });

    it('goes by the keyboard alone', async () => {
      const { window } = site();
      const { editor, page } = window.workbench;
      await window.objects.click(/^prefix broken$/);
      await window.objects.item('object repaired.txt').waitFor({ state: 'detached' });
      await page.keyboard.press('ArrowRight');
      await window.objects.item('object repaired.txt').waitFor();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await editor.waitFor('repaired.txt');
      await editor.waitForText('here again');
    });
  });
}
