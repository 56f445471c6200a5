import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { serversFromEnvironment } from '../servers/fromEnvironment.ts';
import { needAwsCli, readByAwsCli } from './support/awsCli.ts';
import { answerConnection, answerCustomerKey, answerFileDialog } from './support/dialogs.ts';
import { legsFromEnvironment } from './support/matrix.ts';
import { OtherClient } from './support/otherClient.ts';
import { fingerprintOf } from './support/secrets.ts';
import { VSCodeWindow } from './support/vscodeWindow.ts';

const objectKey = '2026/november/to-anna.txt';

for (const leg of legsFromEnvironment()) {
  for (const server of serversFromEnvironment()) {
    describe(`a new user of VS Code ${leg}, on ${server.name}`, function () {
      this.timeout(120_000);
      // Once typed as text, once as base64.
      const isText = server.like === 'minio';
      const customerKey = isText ? Buffer.from(randomBytes(16).toString('hex')) : randomBytes(32);
      let other: OtherClient;
      let bucket: string;
      let window: VSCodeWindow;

      before(async () => {
        other = new OtherClient(server);
        bucket = await other.createBucket();
        await other.put(bucket, objectKey, 'Dear Anna,\n', customerKey, {
          'content-type': 'text/plain; charset=utf-8',
          'cache-control': 'max-age=60',
          'x-amz-meta-author': 'Bert',
        });
        window = await VSCodeWindow.start({ leg, pictures: `new user on ${server.name}` });
      });
      after(async () => {
        await window.stop();
        await other.dispose();
      });
      let failed = false;
      beforeEach(function () {
        // Each step stands on the one before.
        if (failed) this.skip();
      });
      afterEach(async function () {
        if (this.currentTest?.state !== 'failed') return;
        failed = true;
        await window.pictureFailure(this.currentTest.title);
      });

      it('is told what to do first', async () => {
        await window.objects.openEmpty('No connection yet.');
        await window.customerKeys.openEmpty('No customer key yet.');
        await window.picture('welcome');
        const { notifications, palette, quickInput } = window.workbench;
        await palette.run('SSE-C: New Object…');
        await notifications.press('There is no connection yet.', 'Add Connection…');
        await quickInput.waitFor('Where are the objects?');
        await quickInput.cancel();
        await notifications.clear();
      });

      it('adds a connection, with the CA of its server', async () => {
        const { dialog, notifications } = window.workbench;
        await answerConnection(window, server, 'my-s3');
        const said = await dialog.waitFor('TLS failed: the certificate of');
        assert.ok(said.includes(new URL(server.endpoint).host), said);
        await window.picture('add connection - TLS failed');
        await dialog.press('Choose CA Certificate…');
        await answerFileDialog(window, server.caFile);
        await notifications.waitFor('The connection "my-s3" works');
        await window.picture('add connection - works');
        await notifications.clear();
      });

      it('adds a customer key, and sees its format and fingerprint before it is stored', async () => {
        await window.workbench.palette.run('SSE-C: Add Customer Key…');
        await answerCustomerKey(window, {
          ...{ customerKey, name: 'letters', scope: 'This workspace' },
          typed: isText ? customerKey.toString() : customerKey.toString('base64'),
          format: isText ? 'text of 32 bytes' : 'base64',
        });
        const fingerprint = fingerprintOf(customerKey);
        await window.customerKeys
          .item(`Customer key letters, workspace, fingerprint ${fingerprint}`)
          .waitFor();
        await window.picture('customer key added');
      });

      it('finds an object in the tree and opens it', async () => {
        const { objects, workbench } = window;
        await objects.expand('connection my-s3', `bucket ${bucket}`);
        await objects.expand(`bucket ${bucket}`, 'prefix 2026');
        await objects.expand('prefix 2026', 'prefix november');
        await objects.expand('prefix november', 'object to-anna.txt, 11 B');
        await window.picture('tree expanded');
        await objects.click('object to-anna.txt');
        await workbench.editor.waitFor('to-anna.txt');
        await workbench.editor.waitForText('Dear Anna,');
        await objects.item(/^object to-anna.txt, .*encrypted with customer key letters$/).waitFor();
        await window.picture('object opened');
      });

      it('edits and saves it with Ctrl+S', async () => {
        const { editor } = window.workbench;
        await editor.append('it snows.\n');
        await editor.waitUntilDirty('to-anna.txt');
        await window.picture('object edited');
        await editor.save('to-anna.txt');
        await window.objects.item('object to-anna.txt, 21 B').waitFor();
        await window.picture('object saved');
        assert.deepEqual(await window.workbench.notifications.texts(), []);
      });

      it('has it encrypted on the server, with all else as it was', async () => {
        const { status, headers, body } = await other.get(bucket, objectKey, customerKey);
        assert.equal(status, 200);
        assert.equal(body.toString(), 'Dear Anna,\nit snows.\n');
        assert.equal(headers['content-type'], 'text/plain; charset=utf-8');
        assert.equal(headers['cache-control'], 'max-age=60');
        assert.equal(headers['x-amz-meta-author'], 'Bert');
        assert.equal(await other.status(bucket, objectKey), 400);
        assert.notEqual(await other.status(bucket, objectKey, randomBytes(32)), 200);
      });

      it('can read it by the AWS command line, with the customer key alone', async () => {
        await needAwsCli();
        const read = await readByAwsCli(server, bucket, objectKey, customerKey);
        assert.equal(read.toString(), 'Dear Anna,\nit snows.\n');
        const refused = await readByAwsCli(server, bucket, objectKey);
        assert.match(refused.toString(), /An error occurred/);
      });
    });
  }
}
