import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { chmod, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { CustomerKey } from '../../../src/core/customerKey.ts';
import { readObjectAttributes } from '../../../src/core/objectAttributes.ts';
import { Secret } from '../../../src/core/secret.ts';
import { downloadFile } from '../../../src/transfer/downloadFile.ts';
import { decryptBytes, encryptBytes } from '../../../src/transfer/gpgBytes.ts';
import { openContent, withPassphrase } from '../../../src/transfer/gpgObject.ts';
import { inspectObject } from '../../../src/transfer/openObject.ts';
import { createObject, saveObject } from '../../../src/transfer/saveObject.ts';
import { uploadFile } from '../../../src/transfer/uploadFile.ts';
import { MemoryStore } from '../doubles/memoryStore.ts';
import { plannedGpg } from '../doubles/plannedGpg.ts';
import { PlannedKeys } from '../doubles/plannedKeys.ts';
import { withFolder } from '../support/folders.ts';

const customerKey = CustomerKey.generate();
const partSize = 5 * 1024 * 1024;
const text = Buffer.from('Dear reader\n');

function md5(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('base64');
}

async function sealed(bytes: Uint8Array, passphrase: string): Promise<Uint8Array> {
  return await encryptBytes(plannedGpg().gpg, bytes, new Secret(passphrase));
}

async function unsealed(bytes: Uint8Array | undefined, passphrase: string): Promise<Buffer> {
  assert.ok(bytes);
  return Buffer.from(await decryptBytes(plannedGpg().gpg, bytes, new Secret(passphrase)));
}

/** A store with an object as `s3cmd -e` writes it. */
async function withSealed(passphrase: string): Promise<{ store: MemoryStore; keys: PlannedKeys }> {
  const store = new MemoryStore();
  const hex = createHash('md5').update(text).digest('hex');
  const metadata = { 's3tools-gpgenc': 'gpg', 's3cmd-attrs': `md5:${hex}/mode:33200/mtime:7` };
  await store.put(store.address('a.txt'), await sealed(text, passphrase), {
    ...{ customerKey, condition: { type: 'any' }, properties: { metadata } },
  });
  return { store, keys: new PlannedKeys([customerKey]) };
}

describe('objects that GPG encrypted', function () {
  this.timeout(30_000);
  const folder = withFolder();

  it('open after the passphrase was asked for, again if it does not fit', async () => {
    const { store, keys } = await withSealed('correct horse');
    const { gpg, asker } = plannedGpg('wrong', 'correct horse');
    const opened = await openContent({ keys, gpg }, store, store.address('a.txt'));
    assert.deepEqual(Buffer.from(opened.bytes), text);
    assert.deepEqual(asker.questions, ['a.txt noneKnown', 'a.txt noneFits']);
    await openContent({ keys, gpg }, store, store.address('a.txt'));
    assert.equal(asker.questions.length, 2);
  });

  it('say clearly that no passphrase was given', async () => {
    const { store, keys } = await withSealed('correct horse');
    const { gpg } = plannedGpg('wrong', undefined);
    await assert.rejects(openContent({ keys, gpg }, store, store.address('a.txt')), {
      reason: 'noPassphrase',
      message: /a\.txt was encrypted by GPG, and no known passphrase fits/,
    });
  });

  it('are saved so again, with the same passphrase and customer key', async () => {
    const { store, keys } = await withSealed('correct horse');
    const { gpg } = plannedGpg('correct horse');
    const address = store.address('a.txt');
    const opened = await openContent({ keys, gpg }, store, address);
    const saved = await saveObject(store, keys, opened, Buffer.from('new'), { gpg });
    await saveObject(store, keys, saved, Buffer.from('newer'), { gpg });
    const stored = store.stored('a.txt');
    assert.equal((await unsealed(stored?.bytes, 'correct horse')).toString(), 'newer');
    assert.equal(stored?.fingerprint, customerKey.fingerprint);
    const { gpgEncrypted, md5: found } = readObjectAttributes(stored.properties.metadata);
    assert.ok(gpgEncrypted);
    assert.equal(found, md5(Buffer.from('newer')));
  });

  it('are never saved in plaintext: not without the passphrase', async () => {
    const { store, keys } = await withSealed('correct horse');
    const address = store.address('a.txt');
    const before = store.stored('a.txt')?.bytes;
    const { gpg } = plannedGpg(undefined, 'correct horse');
    const inspected = await inspectObject(store, keys, address);
    for (const access of [undefined, gpg]) {
      const saving = saveObject(store, keys, inspected, Buffer.from('new'), { gpg: access });
      await assert.rejects(saving, { reason: 'noPassphrase' });
    }
    await assert.rejects(withPassphrase({ gpg }, store, inspected));
    assert.deepEqual(store.stored('a.txt')?.bytes, before);
    const later = plannedGpg('correct horse').gpg;
    const whole = await withPassphrase({ gpg: later }, store, inspected);
    await saveObject(store, keys, whole, Buffer.from('new'), { gpg: later });
    const stored = await unsealed(store.stored('a.txt')?.bytes, 'correct horse');
    assert.equal(stored.toString(), 'new');
  });

  it('are made so by rule', async () => {
    const store = new MemoryStore();
    const keys = new PlannedKeys([]);
    const { gpg } = plannedGpg('correct horse');
    const describeUpload = (): object => ({
      properties: { metadata: { a: '1' } },
      gpg: { gpg, passphrase: () => gpg.named('team') },
    });
    await createObject(store, keys, store.address('b.txt'), text, { describeUpload });
    const stored = store.stored('b.txt');
    assert.deepEqual(stored?.properties.metadata, { a: '1', 's3tools-gpgenc': 'gpg' });
    assert.deepEqual(await unsealed(stored.bytes, 'correct horse'), text);
    const { gpg: without } = plannedGpg(undefined);
    const refused = (): object => ({ gpg: { gpg: without, passphrase: () => without.named('x') } });
    const creating = createObject(store, keys, store.address('c.txt'), text, {
      describeUpload: refused,
    });
    await assert.rejects(creating, { reason: 'noPassphrase' });
    assert.equal(store.stored('c.txt'), undefined);
  });

  for (const [name, size] of [
    ['small', 1000],
    ['multipart', 2 * partSize + 7],
    ['empty', 0],
  ] as const) {
    it(`travel as files, ${name}`, async () => {
      const store = new MemoryStore();
      const { gpg } = plannedGpg('correct horse');
      const content = randomBytes(size);
      const path = await folder.write(`${name}.bin`, content);
      await chmod(path, 0o640);
      await utimes(path, 1000, 1_500_000_000.5);
      const address = store.address(name);
      const sealing = { gpg, passphrase: () => gpg.named('team') };
      const uploaded = await uploadFile(store, path, address, {
        ...{ customerKey, gpg: sealing, partSize, properties: { metadata: { a: '1' } } },
      });
      assert.equal(uploaded.md5, md5(content));
      assert.equal(uploaded.mtimeNs, 1_500_000_000_500_000_000n);
      const stored = store.stored(name);
      assert.ok(stored);
      assert.deepEqual(await unsealed(stored.bytes, 'correct horse'), content);
      assert.equal(stored.fingerprint, customerKey.fingerprint);
      const { metadata = {} } = stored.properties;
      const attributes = readObjectAttributes(metadata);
      assert.equal(attributes.md5, md5(content));
      assert.equal(attributes.bodyMd5, md5(stored.bytes));
      assert.equal(attributes.mtimeNs, uploaded.mtimeNs);
      assert.equal(metadata['a'], '1');
      assert.equal(metadata['s3tools-gpgenc'], 'gpg');

      const target = folder.path(`${name}.back`);
      const options = { customerKey, gpg, partSize, restoreMode: true };
      const { md5: found } = await downloadFile(store, address, target, options);
      assert.equal(found, md5(content));
      assert.deepEqual(await readFile(target), content);
      const stats = await stat(target);
      assert.equal(stats.mtimeMs, 1_500_000_000_500);
      assert.equal(stats.mode & 0o777, 0o640);
      assert.deepEqual(
        (await folder.names()).filter((each) => each.endsWith('ssec-part')),
        [],
      );
    });
  }

  it('leave nothing behind if they cannot be decrypted, and the file before stays', async () => {
    const { store } = await withSealed('correct horse');
    const target = await folder.write('kept.txt', Buffer.from('before'));
    const { gpg } = plannedGpg('wrong', undefined);
    const condition = { type: 'any' } as const;
    const options = { customerKey, gpg, condition };
    const address = store.address('a.txt');
    await assert.rejects(downloadFile(store, address, target, options), { reason: 'noPassphrase' });
    assert.equal(await readFile(target, 'utf8'), 'before');
    const stored = store.stored('a.txt');
    assert.ok(stored);
    const metadata = { ...stored.properties.metadata, 's3cmd-attrs': `md5:${'0'.repeat(32)}` };
    await store.put(address, stored.bytes, { customerKey, condition, properties: { metadata } });
    const fitting = { ...options, gpg: plannedGpg('correct horse').gpg };
    await assert.rejects(downloadFile(store, address, target, fitting), {
      reason: 'contentMismatch',
    });
    assert.equal(await readFile(target, 'utf8'), 'before');
    const names = await folder.names();
    assert.deepEqual(
      names.filter((each) => each.endsWith('ssec-part')),
      [],
    );
    assert.ok(names.includes('kept.txt.md5-mismatch'));
  });

  it('are downloaded as they are where nobody decrypts', async () => {
    const { store } = await withSealed('correct horse');
    const target = folder.path('sealed.gpg');
    await downloadFile(store, store.address('a.txt'), target, { customerKey });
    assert.deepEqual(await unsealed(await readFile(target), 'correct horse'), text);
  });

  it('are not made of a file that changes meanwhile', async () => {
    const store = new MemoryStore();
    const { gpg } = plannedGpg();
    const path = await folder.write('moving.txt', text);
    const sealing = {
      gpg: {
        ...{ candidates: gpg.candidates.bind(gpg), ask: gpg.ask.bind(gpg) },
        ...{ named: gpg.named.bind(gpg), remember: gpg.remember.bind(gpg) },
        cipher: async () => {
          const cipher = await gpg.cipher();
          return {
            decrypt: cipher.decrypt.bind(cipher),
            async *encrypt(...[plaintext, secret]: Parameters<typeof cipher.encrypt>) {
              yield* cipher.encrypt(plaintext, secret);
              await writeFile(path, 'something else');
            },
          };
        },
      },
      passphrase: () => Promise.resolve({ secret: new Secret('x') }),
    };
    await assert.rejects(uploadFile(store, path, store.address('m'), { gpg: sealing }), {
      reason: 'fileChanged',
    });
    assert.equal(store.stored('m'), undefined);
  });
});
