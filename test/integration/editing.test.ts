import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { CustomerKey } from '../../src/core/customerKey.ts';
import { serversFromEnvironment } from '../servers/fromEnvironment.ts';
import { openText, replaceText } from './support/editors.ts';
import { prepareSite, requestsOf, type Site, uriOf } from './support/site.ts';

for (const server of serversFromEnvironment()) {
  describe(`editing on ${server.name}`, () => {
    let site: Site;
    before(async () => {
      site = await prepareSite(server);
    });

    it('opens an encrypted object, saves it, and it is encrypted with the same key', async () => {
      const { bucket, customerKey, other } = site;
      await other.put(bucket, 'letter.txt', 'Dear reader', customerKey);
      const document = await openText(uriOf(site, 'letter.txt'));
      assert.equal(document.getText(), 'Dear reader');
      await replaceText(document, 'Dear writer');
      assert.equal(await document.save(), true);
      assert.equal(document.isDirty, false);
      assert.equal(await other.text(bucket, 'letter.txt', customerKey), 'Dear writer');
      assert.notEqual(await other.status(bucket, 'letter.txt'), 200);
      const wrong = await other.status(bucket, 'letter.txt', CustomerKey.generate());
      assert.notEqual(wrong, 200);
    });

    it('takes one GET to open what was listed, and one PUT to save', async () => {
      const { bucket, customerKey, other } = site;
      await other.put(bucket, 'frugal/a.txt', 'one', customerKey);
      const uri = uriOf(site, 'frugal/a.txt');
      await vscode.workspace.fs.readDirectory(uriOf(site, 'frugal'));
      let document: vscode.TextDocument | undefined;
      const opening = await requestsOf(site, async () => {
        document = await openText(uri);
      });
      assert.deepEqual(opening, ['GET frugal/a.txt']);
      assert.ok(document);
      await replaceText(document, 'two');
      const saving = await requestsOf(site, () => document?.save() ?? Promise.reject(new Error()));
      const beside = saving.filter((request) => request !== 'PUT frugal/a.txt');
      assert.equal(saving.length - beside.length, 1, saving.join('\n'));
      if (server.name === 'minio') assert.deepEqual(beside, []);
    });
  });
}
