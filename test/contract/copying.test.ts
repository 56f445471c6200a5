import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { CustomerKey } from '../../src/core/customerKey.ts';
import type { ObjectProperties } from '../../src/core/objectStore.ts';
import { expectations } from './expectations.ts';
import { rejects } from './rejects.ts';
import { at, keyA, keyB, onEveryServer, read, readText } from './subject.ts';

const any = { type: 'any' } as const;
const absent = { type: 'absent' } as const;

const encryptions: Readonly<Record<string, CustomerKey | undefined>> = {
  plain: undefined,
  'key A': keyA,
  'key B': keyB,
};

onEveryServer('copying', ({ server, buckets, open, raw }) => {
  const { store, operations } = open();
  const expected = expectations(server);
  const properties: ObjectProperties = {
    contentType: 'text/x',
    cacheControl: 'no-cache',
    contentDisposition: 'inline',
    contentEncoding: 'identity',
    contentLanguage: 'de',
    expires: 'Thu, 01 Jan 2037 00:00:00 GMT',
    storageClass: expected.storageClass.write,
    metadata: { mtime: '1.5', note: 'é' },
  };
  const tags = { a: 'b', 'c d': 'e/f' };
  let bucket: string;
  let other: string;
  before(async () => {
    bucket = await buckets.create();
    other = await buckets.create();
    await store.list({ bucket, prefix: '' });
  });

  for (const from of ['plain', 'key A']) {
    for (const [to, targetKey] of Object.entries(encryptions)) {
      const method = expected.copyMethods[`${from} to ${to}`];
      it(`copies from ${from} to ${to}, ${method ?? ''}, with everything`, async () => {
        const sourceKey = encryptions[from];
        const source = at(bucket, `source of ${from} to ${to}`);
        const target = at(other, `folder/target of ${from} to ${to}`);
        const body = randomBytes(300_000);
        const written = { customerKey: sourceKey, condition: any, properties, tags };
        await store.put(source, body, written);
        const before = await store.head(source, { customerKey: sourceKey });
        const progress: number[] = [];
        const result = await store.copy(source, target, {
          ...{ sourceKey, targetKey, condition: absent },
          onProgress: (bytes) => progress.push(bytes),
        });
        assert.equal(result.method, method);
        assert.deepEqual(result.source, before);
        assert.equal(progress.at(-1), body.length);
        const { info, bytes } = await read(store, target, { customerKey: targetKey });
        assert.ok(bytes.equals(body));
        assert.deepEqual(named(info.properties), named(before.properties));
        assert.equal(info.tagCount, 2);
        assert.deepEqual(await store.getTags(target), tags);
        // Ceph dates an object anew for a moment after the last part of it was joined.
        assert.deepEqual({ ...result.info, lastModified: info.lastModified }, info);
        await provenEncryption(target.bucket, target.key, targetKey, body);
        assert.deepEqual(await buckets.unfinishedUploads(other), []);
      });
    }
  }

  async function provenEncryption(
    name: string,
    key: string,
    customerKey: CustomerKey | undefined,
    body: Buffer,
  ): Promise<void> {
    const keyless = await raw.send({ method: 'GET', bucket: name, key });
    assert.equal(keyless.status, customerKey === undefined ? 200 : 400);
    const keyed = await raw.send({
      ...{ method: 'GET', bucket: name, key },
      customerKey: customerKey?.reveal(),
    });
    assert.ok(keyed.body.equals(body));
  }

  it('replaces the properties and keeps the tags', async () => {
    for (const [name, customerKey] of Object.entries(encryptions)) {
      const source = at(bucket, `replaced ${name}`);
      const written = { customerKey, condition: any, properties, tags };
      await store.put(source, Buffer.from('1'), written);
      const replacement = { contentType: 'text/y', metadata: { other: 'x' } };
      const options = { sourceKey: customerKey, targetKey: customerKey, condition: any };
      for (const target of [at(bucket, `replaced ${name} copy`), source]) {
        const { info } = await store.copy(source, target, { ...options, properties: replacement });
        assert.equal(info.properties.contentType, 'text/y');
        assert.equal(info.properties.cacheControl, undefined);
        assert.deepEqual(info.properties.metadata, { other: 'x' });
        assert.deepEqual(await store.getTags(target), tags);
        assert.equal(await readText(store, target, { customerKey }), '1');
      }
    }
  });

  it('changes the key of an object in place', async () => {
    const address = at(bucket, 'rotated');
    const body = randomBytes(100_000);
    await store.put(address, body, { customerKey: keyA, condition: any, properties, tags });
    const { etag, properties: before } = await store.head(address, { customerKey: keyA });
    const condition = { type: 'matches', etag } as const;
    const options = { sourceKey: keyA, targetKey: keyB, condition };
    const { info } = await store.copy(address, address, options);
    assert.deepEqual(info.encryption, { type: 'customerKey', fingerprint: keyB.fingerprint });
    assert.deepEqual(info.properties, before);
    assert.deepEqual(await store.getTags(address), tags);
    await provenEncryption(bucket, 'rotated', keyB, body);
    await rejects(store.get(address, { customerKey: keyA }), 'customerKeyMismatch');
  });

  it('copies an object of no bytes', async () => {
    for (const [name, targetKey] of Object.entries(encryptions)) {
      const source = at(bucket, 'nothing');
      await store.put(source, new Uint8Array(), { customerKey: keyA, condition: any });
      const target = at(bucket, `nothing ${name}`);
      const { info } = await store.copy(source, target, {
        sourceKey: keyA,
        targetKey,
        condition: any,
      });
      assert.equal(info.size, 0);
      assert.equal(info.encryption.type, targetKey === undefined ? 'none' : 'customerKey');
    }
  });

  it('overwrites only what is expected', async () => {
    const source = at(bucket, 'from');
    const target = at(bucket, 'to');
    await store.put(source, Buffer.from('new'), { customerKey: keyA, condition: any });
    const old = await store.put(target, Buffer.from('old'), { customerKey: keyB, condition: any });
    for (const targetKey of [keyA, keyB, undefined]) {
      for (const condition of [absent, { type: 'matches', etag: '0'.repeat(32) } as const]) {
        const options = { sourceKey: keyA, targetKey, condition };
        await rejects(store.copy(source, target, options), 'conflict');
        assert.equal(await readText(store, target, { customerKey: keyB }), 'old');
      }
    }
    const condition = { type: 'matches', etag: old.etag } as const;
    await store.copy(source, target, { sourceKey: keyA, targetKey: keyB, condition });
    assert.equal(await readText(store, target, { customerKey: keyB }), 'new');
    assert.deepEqual(await buckets.unfinishedUploads(bucket), []);
  });

  it('tells a wrong, a missing and a needless key of the source', async () => {
    const source = at(bucket, 'keyed');
    const plain = at(bucket, 'unkeyed');
    const target = at(bucket, 'never');
    await store.put(source, Buffer.from('1'), { customerKey: keyA, condition: any });
    await store.put(plain, Buffer.from('1'), { condition: any });
    const to = { targetKey: keyA, condition: any };
    await rejects(store.copy(source, target, { ...to, sourceKey: keyB }), 'customerKeyMismatch');
    await rejects(store.copy(source, target, to), 'customerKeyRequired');
    await rejects(store.copy(at(bucket, 'missing'), target, to), 'notFound');
    await rejects(store.copy(plain, at(`${bucket}-not`, 'x'), to), 'noSuchBucket');
    await rejects(store.head(target, { customerKey: keyA }), 'notFound');
    const needless = store.copy(plain, target, { ...to, sourceKey: keyB });
    if (expected.keyForPlainIsIgnored) {
      const { info } = await needless;
      assert.deepEqual(info.encryption, { type: 'customerKey', fingerprint: keyA.fingerprint });
    } else await rejects(needless, 'notEncrypted');
  });

  it('copies the object of the name and no other that decodes to it', async () => {
    for (const [index, key] of ['a%2Fb', 'a+b', '100%25', 'q?versionId=x'].entries()) {
      const folder = `decoys ${index}/`;
      for (const decoy of [decodeURIComponent(key), key.replace('+', ' '), key.split('?')[0]]) {
        const address = at(bucket, folder + (decoy ?? ''));
        await store.put(address, Buffer.from('WRONG'), { customerKey: keyA, condition: any });
      }
      const source = at(bucket, folder + key);
      await store.put(source, Buffer.from('right'), { customerKey: keyA, condition: any });
      for (const targetKey of [keyA, keyB, undefined]) {
        const target = at(bucket, `${folder}copy of it`);
        await store.copy(source, target, { sourceKey: keyA, targetKey, condition: any });
        assert.equal(await readText(store, target, { customerKey: targetKey }), 'right', key);
      }
    }
  });

  it('does not try again what the server cannot do', async () => {
    const source = at(bucket, 'again');
    await store.put(source, Buffer.from('1'), { customerKey: keyA, condition: any });
    const options = { sourceKey: keyA, targetKey: keyA, condition: any };
    await store.copy(source, at(bucket, 'again 1'), options);
    operations();
    await store.copy(source, at(bucket, 'again 2'), options);
    assert.deepEqual(operations(), expected.copyRequests);
    assert.equal(store.traits().serverSideCopy, expected.serverSideCopy);
  });

  it('looks at the source once, and not at all if it is known', async () => {
    const source = at(bucket, 'looked at');
    await store.put(source, Buffer.from('1'), { customerKey: keyA, condition: any });
    const options = { sourceKey: keyA, targetKey: keyA, condition: any };
    await store.copy(source, at(bucket, 'looked at 1'), options);
    const known = await store.head(source, { customerKey: keyA });
    const heads = (): number =>
      operations().filter((operation) => operation === 'HeadObject').length;
    heads();
    await store.copy(source, at(bucket, 'looked at 2'), options);
    const without = heads();
    await store.copy(source, at(bucket, 'looked at 3'), { ...options, source: known });
    assert.equal(heads(), without - 1);
  });

  it('can be cancelled, and leaves no parts behind', async () => {
    const source = at(bucket, 'cancelled');
    await store.put(source, randomBytes(2_000_000), { customerKey: keyA, condition: any });
    for (const targetKey of [keyA, keyB]) {
      const controller = new AbortController();
      const { signal } = controller;
      const options = { sourceKey: keyA, targetKey, condition: any, signal };
      const copying = store.copy(source, at(bucket, 'cancelled copy'), options);
      setTimeout(() => {
        controller.abort();
      }, 5);
      await copying.then(
        () => undefined,
        (error: unknown) => rejects(Promise.reject(error as Error), 'aborted'),
      );
    }
    assert.deepEqual(await buckets.unfinishedUploads(bucket), []);
  });
});

/** STANDARD is what it is without a name; Ceph names it only after a single PUT. */
function named(properties: ObjectProperties): ObjectProperties {
  return { ...properties, storageClass: properties.storageClass ?? 'STANDARD' };
}
