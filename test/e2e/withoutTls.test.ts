import assert from 'node:assert/strict';
import { serversFromEnvironment } from '../servers/fromEnvironment.ts';
import { legsFromEnvironment } from './support/matrix.ts';
import { useSite } from './support/site.ts';

const server = serversFromEnvironment().find(({ httpEndpoint }) => httpEndpoint !== undefined);

for (const leg of legsFromEnvironment()) {
  describe(`an endpoint without TLS, in VS Code ${leg}`, function () {
    this.timeout(120_000);
    if (server === undefined) {
      it('has no server in this run');
      return;
    }
    const site = useSite({
      ...{ leg, server, pictures: 'without TLS', endpoint: server.httpEndpoint },
      seed: async ({ bucket, customerKey, other }) => {
        await other.put(bucket, 'plain.txt', 'a text for all\n');
        await other.put(bucket, 'secret.txt', 'a text of mine\n', customerKey);
      },
    });

    it('can be browsed, with a warning', async () => {
      const { bucket, window } = site();
      const { editor, notifications } = window.workbench;
      await notifications.waitFor('a customer key is never sent: encrypted objects need https');
      await window.picture('warning');
      await notifications.clear();
      await window.objects.expand('connection my-s3', `bucket ${bucket}`);
      await window.objects.expand(`bucket ${bucket}`, 'object secret.txt');
      await window.objects.click('object plain.txt');
      await editor.waitFor('plain.txt');
      await editor.waitForText('a text for all');
    });

    it('never gets a customer key', async () => {
      const { window } = site();
      const { notifications } = window.workbench;
      await window.objects.click('object secret.txt');
      const said = await notifications.waitFor('a customer key is never sent without TLS');
      assert.match(said, /Change its endpoint to https:\/\//);
      await window.picture('refused');
    });
  });
}
