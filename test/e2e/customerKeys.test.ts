import assert from 'node:assert/strict';
import { answerCustomerKey } from './support/dialogs.ts';
import { legsFromEnvironment, primaryServer } from './support/matrix.ts';
import { useSite } from './support/site.ts';

for (const leg of legsFromEnvironment()) {
  describe(`an object whose customer key is not here, in VS Code ${leg}`, function () {
    this.timeout(120_000);
    const site = useSite({
      ...{ leg, server: primaryServer(), pictures: 'customer keys' },
      seed: async ({ bucket, customerKey, foreignKey, other }) => {
        await other.put(bucket, 'mixed/foreign.txt', 'a foreign text', foreignKey);
        await other.put(bucket, 'mixed/foreign too.txt', 'another foreign text', foreignKey);
        await other.put(bucket, 'mixed/mine.txt', 'a text of mine', customerKey);
        await other.put(bucket, 'mixed/plain.txt', 'a text for all');
      },
    });

    before(async () => {
      const { bucket, window } = site();
      await window.objects.expand('connection my-s3', `bucket ${bucket}`);
      await window.objects.expand(`bucket ${bucket}`, 'prefix mixed');
      await window.objects.expand('prefix mixed', 'object plain.txt');
    });

    it('asks for one and takes it; nothing opens without', async () => {
      const { foreignKey, window } = site();
      const { quickInput } = window.workbench;
      await window.objects.click('object foreign.txt');
      await quickInput.waitFor('None of the known customer keys opens it');
      await window.picture('asked for a customer key');
      await quickInput.cancel();
      await window.workbench.notifications.waitFor('is encrypted with. Choose another');
      await window.objects.item(/^object foreign.txt, .*encrypted, customer key unknown/).waitFor();
      await window.picture('given up');
      await window.workbench.notifications.clear();
      await window.workbench.editor.closeAll();

      await window.objects.click('object foreign.txt');
      await quickInput.waitFor('None of the known customer keys opens it');
      await quickInput.pick(/Add Customer Key…/);
      await answerCustomerKey(window, {
        ...{ customerKey: foreignKey, typed: Buffer.from(foreignKey).toString('hex') },
        ...{ format: 'hex', name: 'foreign key', scope: 'This workspace' },
      });
    });

    it('remembers it for the prefix, if told so', async () => {
      const { window } = site();
      const { editor, quickInput } = window.workbench;
      await quickInput.waitFor('Once it opened the object, it is tried first');
      await window.picture('what to remember it for');
      await quickInput.pick(/^For everything in its prefix/);
      await editor.waitFor('foreign.txt');
      await editor.waitForText('a foreign text');
      await window.objects.click('object foreign too.txt');
      await editor.waitFor('foreign too.txt');
      await editor.waitForText('another foreign text');
      await window.objects.item(/^object foreign too.txt, .*customer key foreign key/).waitFor();
    });

    it('still opens what has another customer key, or none', async () => {
      const { window } = site();
      const { editor, notifications } = window.workbench;
      await window.objects.click('object mine.txt');
      await editor.waitFor('mine.txt');
      await editor.waitForText('a text of mine');
      await window.objects.click('object plain.txt');
      await editor.waitFor('plain.txt');
      await editor.waitForText('a text for all');
      await window.objects.item(/^object mine.txt, .*customer key my key/).waitFor();
      await window.objects.item(/^object plain.txt, .*not encrypted with a customer key/).waitFor();
      await window.picture('locks of every kind');
      assert.deepEqual(await notifications.texts(), []);
    });
  });
}
