import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { CustomerKey } from '../../src/core/customerKey.ts';
import { serversFromEnvironment } from '../servers/fromEnvironment.ts';
import { useDialogs } from './support/dialogs.ts';
import { openText, replaceText } from './support/editors.ts';
import { useSite, requestsOf, uriOf } from './support/site.ts';

for (const server of serversFromEnvironment()) {
  describe(`editing on ${server.name}`, () => {
    const site = useSite(server);
    const dialogs = useDialogs();

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
      if (server.like === 'minio') assert.deepEqual(beside, []);
    });

    it('keeps headers, metadata and tags', async () => {
      const { bucket, customerKey, other } = site;
      await other.put(bucket, 'kept.conf', 'one', customerKey, {
        ...{ ContentType: 'text/x-odd; charset=utf-8', CacheControl: 'max-age=7' },
        ...{ ContentDisposition: 'attachment; filename="k"', ContentLanguage: 'tlh' },
        ...{ Metadata: { mtime: '1354040105.123456789', owner: 'me' } },
        Tagging: 'colour=red&size=xl',
      });
      const document = await openText(uriOf(site, 'kept.conf'));
      for (const text of ['two', 'three']) {
        await replaceText(document, text);
        assert.equal(await document.save(), true);
      }
      assert.equal(await other.text(bucket, 'kept.conf', customerKey), 'three');
      const head = await other.head(bucket, 'kept.conf', customerKey);
      assert.equal(head.ContentType, 'text/x-odd; charset=utf-8');
      assert.equal(head.CacheControl, 'max-age=7');
      assert.equal(head.ContentDisposition, 'attachment; filename="k"');
      assert.equal(head.ContentLanguage, 'tlh');
      assert.equal(head.Metadata?.['owner'], 'me');
      // rclone's mtime says when this content was written.
      assert.ok(Number(head.Metadata['mtime']) > 1_600_000_000, head.Metadata['mtime']);
      assert.deepEqual(await other.tags(bucket, 'kept.conf'), { colour: 'red', size: 'xl' });
    });

    it('makes a new object: encrypted by default, with a content type by its name', async () => {
      const { bucket, customerKey, other } = site;
      const uri = uriOf(site, 'fresh/new.json');
      await vscode.workspace.fs.writeFile(uri, Buffer.from('{}'));
      assert.equal(await other.text(bucket, 'fresh/new.json', customerKey), '{}');
      assert.notEqual(await other.status(bucket, 'fresh/new.json'), 200);
      const head = await other.head(bucket, 'fresh/new.json', customerKey);
      assert.equal(head.ContentType, 'application/json');
      const document = await openText(uri);
      await replaceText(document, '{"a":1}');
      assert.equal(await document.save(), true);
      assert.equal(await other.text(bucket, 'fresh/new.json', customerKey), '{"a":1}');
    });

    it('opens and saves a plain object without a key, beside encrypted ones', async () => {
      const { bucket, customerKey, other } = site;
      await other.put(bucket, 'mixed/secret.txt', 'secret', customerKey);
      await other.put(bucket, 'mixed/plain.txt', 'plain');
      const secret = await openText(uriOf(site, 'mixed/secret.txt'));
      assert.equal(secret.getText(), 'secret');
      const document = await openText(uriOf(site, 'mixed/plain.txt'));
      assert.equal(document.getText(), 'plain');
      await replaceText(document, 'still plain');
      assert.equal(await document.save(), true);
      assert.equal(await other.text(bucket, 'mixed/plain.txt'), 'still plain');
    });

    it('leaves the editor dirty and the server as it was when a save fails', async () => {
      const { bucket, customerKey, other, proxy } = site;
      await other.put(bucket, 'failing.txt', 'before', customerKey);
      const document = await openText(uriOf(site, 'failing.txt'));
      await replaceText(document, 'after');
      const body =
        '<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>No.</Message></Error>';
      await proxy.addFault({
        match: { method: 'PUT', pathRegex: 'failing' },
        fault: { kind: 'respond', status: 403, body },
      });
      try {
        assert.equal(await document.save(), false);
      } finally {
        await proxy.clearFaults();
      }
      assert.equal(document.isDirty, true);
      assert.equal(await other.text(bucket, 'failing.txt', customerKey), 'before');
      assert.equal(await document.save(), true);
      assert.equal(await other.text(bucket, 'failing.txt', customerKey), 'after');
    });

    it('takes a PUT whose answer got lost for what it is: saved', async () => {
      const { bucket, customerKey, other, proxy } = site;
      await other.put(bucket, 'lost.txt', 'before', customerKey);
      const document = await openText(uriOf(site, 'lost.txt'));
      await replaceText(document, 'after');
      await proxy.addFault({
        match: { method: 'PUT', pathRegex: 'lost', nth: 1 },
        fault: { kind: 'reset', when: 'beforeResponse' },
      });
      assert.equal(await document.save(), true);
      assert.deepEqual(dialogs.shown, []);
      assert.equal(await other.text(bucket, 'lost.txt', customerKey), 'after');
    });

    it('lets saves of one object take turns', async () => {
      const { bucket, customerKey, other } = site;
      const uri = uriOf(site, 'turns.txt');
      await other.put(bucket, 'turns.txt', 'before', customerKey);
      await vscode.workspace.fs.readFile(uri);
      const texts = ['1', '2', '3', '4', '5', '6', '7', '8'];
      await Promise.all(texts.map((text) => vscode.workspace.fs.writeFile(uri, Buffer.from(text))));
      assert.deepEqual(dialogs.shown, []);
      assert.equal(await other.text(bucket, 'turns.txt', customerKey), '8');
    });

    it('advances the mtime with every change, and not without one', async () => {
      const { bucket, customerKey, other } = site;
      const uri = uriOf(site, 'times/t.txt');
      await other.put(bucket, 'times/t.txt', '0', customerKey);
      await vscode.workspace.fs.readFile(uri);
      const mtimes: number[] = [];
      for (const text of ['1', '2', '3']) {
        await vscode.workspace.fs.writeFile(uri, Buffer.from(text));
        mtimes.push((await vscode.workspace.fs.stat(uri)).mtime);
        await vscode.workspace.fs.readDirectory(uriOf(site, 'times'));
        await vscode.workspace.fs.readFile(uri);
        assert.equal((await vscode.workspace.fs.stat(uri)).mtime, mtimes.at(-1));
      }
      assert.deepEqual(
        mtimes,
        [...new Set(mtimes)].sort((one, two) => one - two),
      );
      assert.ok(mtimes.every((mtime) => Math.abs(mtime - Date.now()) < 60_000));
    });
  });
}
