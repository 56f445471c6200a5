import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Secret } from '../../src/core/secret.ts';
import { createGpgCipher } from '../../src/gpg/gpgCipher.ts';
import { legsFromEnvironment, primaryServer } from './support/matrix.ts';
import { useSite } from './support/site.ts';

const passphrase = 'correct horse';
const text = 'Dear reader\n';
/** What `gpg -c` wrote of the text. */
const sealed = readFileSync(new URL('../unit/gpg/recorded/aes256.gpg', import.meta.url));
const md5 = createHash('md5').update(text).digest('hex');

async function decrypt(bytes: Uint8Array): Promise<string> {
  // eslint-disable-next-line @typescript-eslint/require-await -- a stream by contract
  const once = async function* (): AsyncGenerator<Uint8Array, void> {
    yield bytes;
  };
  const plain: Uint8Array[] = [];
  for await (const chunk of createGpgCipher().decrypt(once(), new Secret(passphrase))) {
    plain.push(chunk);
  }
  return Buffer.concat(plain).toString();
}

for (const leg of legsFromEnvironment()) {
  describe(`an object that s3cmd encrypted by GPG, in VS Code ${leg}`, function () {
    this.timeout(120_000);
    const site = useSite({
      ...{ leg, server: primaryServer(), pictures: 'gpg' },
      seed: async ({ bucket, customerKey, other }) => {
        for (const key of ['letter.txt', 'other letter.txt']) {
          await other.put(bucket, key, sealed, customerKey, {
            'x-amz-meta-s3tools-gpgenc': 'gpg',
            'x-amz-meta-s3cmd-attrs': `md5:${md5}/mode:33200/mtime:1500000000`,
          });
        }
      },
    });

    it('asks for the passphrase, again if it does not fit, and opens', async () => {
      const { bucket, window } = site();
      const { editor, quickInput } = window.workbench;
      window.secrets.push(passphrase);
      await window.objects.expand('connection my-s3', `bucket ${bucket}`);
      await window.objects.expand(`bucket ${bucket}`, /^object letter\.txt/);
      await window.objects.click(/^object letter\.txt/);
      await quickInput.waitFor(`s3://${bucket}/letter.txt was encrypted by GPG`);
      assert.ok(await quickInput.isPassword(), 'the passphrase is typed hidden');
      await quickInput.fill('battery staple');
      await window.picture('passphrase');
      await quickInput.accept();
      await quickInput.waitFor('No known passphrase fits');
      await quickInput.answer(passphrase);
      await editor.waitFor('letter.txt');
      await editor.waitForText('Dear reader');
      await window.picture('opened');
    });

    it('is edited and saved, encrypted by GPG and the customer key again', async () => {
      const { bucket, customerKey, other, window } = site();
      const { editor } = window.workbench;
      await editor.replaceAll('Dear all\n');
      await editor.waitUntilDirty('letter.txt');
      await editor.save('letter.txt');
      await window.picture('saved');
      const { status, body } = await other.get(bucket, 'letter.txt', customerKey);
      assert.equal(status, 200);
      assert.ok(!body.includes('Dear'), 'the server holds no plaintext');
      assert.equal(await decrypt(body), 'Dear all\n');
      assert.equal(await other.status(bucket, 'letter.txt'), 400);
    });

    it('is kept in the secret storage if one likes, and opens the next one unasked', async () => {
      const { bucket, window } = site();
      const { editor, notifications, quickInput } = window.workbench;
      await notifications.press('The GPG passphrase is known until this window closes', 'Keep…');
      await quickInput.waitFor('Its name, as upload rules have it');
      await window.picture('name of the passphrase');
      await quickInput.answer('letters');
      await notifications.waitFor('The GPG passphrase “letters” is stored.');
      await window.workbench.reload();
      await window.objects.open();
      await window.objects.expand('connection my-s3', `bucket ${bucket}`);
      await window.objects.expand(`bucket ${bucket}`, /^object other letter\.txt/);
      await window.objects.click(/^object other letter\.txt/);
      await editor.waitFor('other letter.txt');
      await editor.waitForText('Dear reader');
      await window.picture('opened unasked');
    });
  });
}
