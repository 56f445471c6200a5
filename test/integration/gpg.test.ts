import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import * as vscode from 'vscode';
import { Secret } from '../../src/core/secret.ts';
import { createGpgCipher } from '../../src/gpg/gpgCipher.ts';
import { serversFromEnvironment } from '../servers/fromEnvironment.ts';
import { useDialogs } from './support/dialogs.ts';
import { openText, replaceText } from './support/editors.ts';
import { useSite, uriOf } from './support/site.ts';

const passphrase = 'correct horse battery';
const cipher = createGpgCipher();

async function collect(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const chunk of bytes) all.push(chunk);
  return Buffer.concat(all);
}

// eslint-disable-next-line @typescript-eslint/require-await -- a stream by contract
async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield bytes;
}

async function seal(text: string, secret = passphrase): Promise<Buffer> {
  return await collect(cipher.encrypt(once(Buffer.from(text)), new Secret(secret)));
}

for (const server of serversFromEnvironment()) {
  describe(`GPG on ${server.name}`, () => {
    const site = useSite(server);
    const dialogs = useDialogs();
    afterEach(async () => {
      const names = ['team'];
      for (const name of names) {
        await vscode.commands
          .executeCommand('ssec.removeGpgPassphrase', { name, confirmed: true })
          .then(undefined, () => undefined);
      }
    });

    /** Puts an object as `s3cmd -e` would. */
    async function putSealed(key: string, text: string, secret = passphrase): Promise<void> {
      const md5 = createHash('md5').update(text).digest('hex');
      await site.other.put(site.bucket, key, await seal(text, secret), site.customerKey, {
        ...{ Metadata: { 's3tools-gpgenc': 'gpg', 's3cmd-attrs': `md5:${md5}/mtime:7` } },
      });
    }

    async function unsealed(key: string): Promise<string> {
      const bytes = await site.other.get(site.bucket, key, site.customerKey);
      const plain = await collect(cipher.decrypt(once(bytes), new Secret(passphrase)));
      return plain.toString();
    }

    it('opens what s3cmd -e wrote after asking, and saves it encrypted so again', async () => {
      await putSealed('letter.txt', 'Dear reader');
      dialogs.type('a wrong one', passphrase);
      const document = await openText(uriOf(site, 'letter.txt'));
      assert.equal(document.getText(), 'Dear reader');
      for (const text of ['Dear writer', 'Dear all']) {
        await replaceText(document, text);
        assert.equal(await document.save(), true);
        assert.equal(await unsealed('letter.txt'), text);
      }
      const head = await site.other.head(site.bucket, 'letter.txt', site.customerKey);
      assert.equal(head.Metadata?.['s3tools-gpgenc'], 'gpg');
      const md5 = createHash('md5').update('Dear all').digest('hex');
      assert.match(head.Metadata['s3cmd-attrs'] ?? '', new RegExp(`^md5:${md5}/`));
    });

    it('encrypts by rule with a passphrase that was added', async () => {
      await vscode.commands.executeCommand('ssec.addGpgPassphrase', {
        ...{ name: 'team', passphrase, keep: true },
      });
      const configuration = vscode.workspace.getConfiguration();
      const rules = { [`s3://${site.bucket}/vault/**`]: { encrypt: { gpg: 'team' } } };
      await configuration.update('ssec.uploadRules', rules, vscode.ConfigurationTarget.Global);
      try {
        await vscode.workspace.fs.writeFile(uriOf(site, 'vault/a.txt'), Buffer.from('one'));
      } finally {
        const target = vscode.ConfigurationTarget.Global;
        await configuration.update('ssec.uploadRules', undefined, target);
      }
      assert.equal(await unsealed('vault/a.txt'), 'one');
      assert.equal((await openText(uriOf(site, 'vault/a.txt'))).getText(), 'one');
    });
  });
}
