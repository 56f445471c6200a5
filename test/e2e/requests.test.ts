import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectProxy } from '../servers/proxyClient.ts';
import { legsFromEnvironment, primaryServer } from './support/matrix.ts';
import { useSite } from './support/site.ts';

/** For as long VS Code is let ask whatever it wants to know. */
const settling = 5_000;

for (const leg of legsFromEnvironment()) {
  describe(`requests of a workspace folder of VS Code ${leg}`, function () {
    this.timeout(180_000);
    const server = primaryServer();
    const site = useSite({
      ...{ leg, server, pictures: 'requests', isMultiRoot: true },
      endpoint: server.proxy.endpoint,
      seed: async ({ bucket, customerKey, other }) => {
        await other.put(bucket, 'site/pages/about.txt', 'Hello.\n', customerKey);
        await other.put(bucket, 'site/robots.txt', 'User-agent: *\n');
      },
    });
    const proxy = connectProxy(server.proxy.control);

    /** What was sent since the last look: `GET site/a.txt`, a LIST as `LIST site/`. */
    async function sent(): Promise<readonly string[]> {
      await sleep(settling);
      const requests = await proxy.requests();
      await proxy.clear();
      return requests.map(({ method, path }) => {
        const { pathname, searchParams } = new URL(path, 'https://host');
        const prefix = searchParams.get('prefix');
        const key = decodeURIComponent(pathname).replace(/^\/[^/]*\/?/, '');
        return searchParams.has('list-type') ? `LIST ${prefix ?? ''}` : `${method} ${key}`;
      });
    }

    it('are few LISTs when it is added: VS Code’s probes cost next to nothing', async () => {
      const { bucket, window } = site();
      await window.objects.expand('connection my-s3', `bucket ${bucket}`);
      await window.objects.expand(`bucket ${bucket}`, 'prefix site');
      await sent();
      await window.objects.chooseFromMenu('prefix site', 'Open as Workspace Folder');
      const explorer = window.workbench.tree(/^Explorer/, 'Files Explorer');
      await explorer.open();
      await explorer.expand(new RegExp(`^${bucket}/site \\(my-s3\\)`), /^pages/);
      await explorer.expand(/^pages/, /^about\.txt/);
      const requests = await sent();
      assert.ok(
        requests.every((request) => request.startsWith('LIST site')),
        requests.join('\n'),
      );
      assert.ok(requests.length <= 14, requests.join('\n'));
    });

    it('are one GET to open and one PUT to save', async () => {
      const { window } = site();
      const { editor } = window.workbench;
      await window.workbench.tree(/^Explorer/, 'Files Explorer').click(/^about\.txt/);
      await editor.waitFor('about.txt');
      await editor.waitForText('Hello.');
      assert.deepEqual(await sent(), ['GET site/pages/about.txt']);
      await editor.replaceAll('Good evening.\n');
      await editor.save('about.txt');
      const saving = await sent();
      if (server.like === 'minio') assert.deepEqual(saving, ['PUT site/pages/about.txt']);
      else assert.equal(saving.filter((request) => request.startsWith('PUT')).length, 1);
    });

    it('find out what somebody else changed when the person comes back', async () => {
      const { bucket, customerKey, other, window } = site();
      await other.put(bucket, 'site/pages/about.txt', 'Changed there.\n', customerKey);
      const { page, editor } = window.workbench;
      // Without this a page of a headless browser believes to have the focus all the time.
      const developer = await page.context().newCDPSession(page);
      await developer.send('Emulation.setFocusEmulationEnabled', { enabled: false });
      const elsewhere = await page.context().newPage();
      await elsewhere.goto('about:blank');
      await elsewhere.bringToFront();
      assert.deepEqual(await sent(), []);
      await page.bringToFront();
      await editor.waitForText('Changed there.');
      await elsewhere.close();
    });
  });
}
