import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { serversFromEnvironment } from '../servers/fromEnvironment.ts';
import { openText, replaceText } from './support/editors.ts';
import { useSite, uriOf } from './support/site.ts';

async function withRules(rules: object, work: () => Promise<void>): Promise<void> {
  const configuration = vscode.workspace.getConfiguration();
  await configuration.update('ssec.uploadRules', rules, vscode.ConfigurationTarget.Global);
  try {
    await work();
  } finally {
    await configuration.update('ssec.uploadRules', undefined, vscode.ConfigurationTarget.Global);
  }
}

for (const server of serversFromEnvironment()) {
  describe(`upload rules on ${server.name}`, () => {
    const site = useSite(server);

    it('describe new objects; what is saved again keeps what it has', async () => {
      const { bucket, customerKey, other } = site;
      const rules = {
        '*.page': { contentType: 'text/html', headers: 'cache-control:no-cache|x-amz-meta-a:1' },
        [`s3://${bucket}/web/**`]: { tags: { kind: 'web' }, metadata: { b: '2' } },
      };
      await withRules(rules, async () => {
        await vscode.workspace.fs.writeFile(uriOf(site, 'web/x.page'), Buffer.from('one'));
        await vscode.commands.executeCommand('ssec.newObject', {
          ...{ connection: site.connection, bucket, prefix: 'web/', name: 'y.page', open: false },
        });
      });
      for (const key of ['web/x.page', 'web/y.page']) {
        const head = await other.head(bucket, key, customerKey);
        assert.equal(head.ContentType, 'text/html');
        assert.equal(head.CacheControl, 'no-cache');
        assert.deepEqual(head.Metadata, { a: '1', b: '2' });
        assert.deepEqual(await other.tags(bucket, key), { kind: 'web' });
      }
      await withRules({ '**': { cacheControl: 'max-age=1' } }, async () => {
        const document = await openText(uriOf(site, 'web/x.page'));
        await replaceText(document, 'two');
        assert.equal(await document.save(), true);
      });
      assert.equal((await other.head(bucket, 'web/x.page', customerKey)).CacheControl, 'no-cache');
      assert.equal(await other.text(bucket, 'web/x.page', customerKey), 'two');
    });

    it('count less than the arguments of an upload', async () => {
      const { bucket, customerKey, other, connection } = site;
      const folder = await mkdtemp(join(tmpdir(), 'ssec-put-'));
      const file = join(folder, 'x.page');
      await writeFile(file, 'one');
      const put = async (more: object): Promise<unknown> =>
        await vscode.commands.executeCommand('ssec.put', {
          ...{ connection, bucket, prefix: 'put/', files: [file], confirmed: true, ...more },
        });
      try {
        const rules = { '*.page': { contentType: 'text/html', cacheControl: 'no-cache' } };
        await withRules(rules, async () => {
          const metadata = { team: 'red' };
          await put({ headers: 'cache-control:no-store', metadata, s3cmdAttributes: true });
          await assert.rejects(put({ headers: 'authorization:x' }), /cannot be set here/);
        });
      } finally {
        await rm(folder, { recursive: true });
      }
      const head = await other.head(bucket, 'put/x.page', customerKey);
      assert.equal(head.ContentType, 'text/html');
      assert.equal(head.CacheControl, 'no-store');
      assert.equal(head.Metadata?.['team'], 'red');
      assert.match(head.Metadata['s3cmd-attrs'] ?? '', /\/gname:[^/]+\/md5:[0-9a-f]{32}\//);
    });

    it('store nothing if what they say about encryption cannot be followed', async () => {
      await withRules({ '*.secret': { encrypt: { gpg: 7 } } }, async () => {
        const uri = uriOf(site, 'x.secret');
        await assert.rejects(async () => {
          await vscode.workspace.fs.writeFile(uri, Buffer.from('plain'));
        }, /ssec\.uploadRules/);
      });
      assert.equal(await site.other.status(site.bucket, 'x.secret', site.customerKey), 404);
    });
  });
}
