import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { ObjectProperties, PutOptions } from '../../src/core/objectStore.ts';
import { expectations } from './expectations.ts';
import { rejects } from './rejects.ts';
import { at, keyA, keyB, onEveryServer, read, readText } from './subject.ts';

const any = { type: 'any' } as const;

onEveryServer('writing', ({ server, buckets, open, raw }) => {
  const { store, operations } = open();
  const expected = expectations(server);
  let bucket: string;
  before(async () => {
    bucket = await buckets.create();
    await store.headBucket(bucket);
  });

  it('encrypts: without the key it is refused, with it the bytes come back', async () => {
    const body = randomBytes(100_000);
    operations();
    const result = await store.put(at(bucket, 'e'), body, { customerKey: keyA, condition: any });
    assert.deepEqual(operations(), ['PutObject']);
    assert.equal(result.size, body.length);
    assert.equal(result.versionId, undefined);
    const keyless = await raw.send({ method: 'GET', bucket, key: 'e' });
    assert.equal(keyless.status, 400);
    const wrong = await raw.send({ method: 'GET', bucket, key: 'e', customerKey: keyB.reveal() });
    assert.ok(wrong.status === 400 || wrong.status === 403);
    const right = await raw.send({ method: 'GET', bucket, key: 'e', customerKey: keyA.reveal() });
    assert.equal(right.status, 200);
    assert.ok(right.body.equals(body));
    assert.equal(right.headers['etag'], `"${result.etag}"`);
  });

  it('stores plain what is written without a key', async () => {
    await store.put(at(bucket, 'p'), Buffer.from('plain'), { condition: any });
    const { status, body } = await raw.send({ method: 'GET', bucket, key: 'p' });
    assert.equal(status, 200);
    assert.equal(body.toString(), 'plain');
  });

  it('writes no bytes, and many', async () => {
    for (const size of [0, 1, 12_000_000]) {
      const body = randomBytes(size);
      await store.put(at(bucket, 'n'), body, { customerKey: keyA, condition: any });
      const { bytes, info } = await read(store, at(bucket, 'n'), { customerKey: keyA });
      assert.ok(bytes.equals(body));
      assert.equal(info.size, size);
    }
  });

  it('writes a stream of known size', async () => {
    const parts = [randomBytes(100_000), randomBytes(1), randomBytes(900_000)];
    const body = { size: 1_000_001, stream: streamOf(parts) };
    operations();
    const result = await store.put(at(bucket, 's'), body, { customerKey: keyA, condition: any });
    assert.deepEqual(operations(), ['PutObject']);
    assert.equal(result.size, 1_000_001);
    const { bytes } = await read(store, at(bucket, 's'), { customerKey: keyA });
    assert.ok(bytes.equals(Buffer.concat(parts)));
  });

  it('leaves the object before in place if the stream fails or has another size', async () => {
    const address = at(bucket, 'kept');
    await store.put(address, Buffer.from('before'), { customerKey: keyA, condition: any });
    const failing = (async function* () {
      yield await Promise.resolve(randomBytes(70_000));
      throw new Error('the disk is gone');
    })();
    const bodies = [
      { size: 100_000, stream: failing },
      { size: 100_000, stream: streamOf([randomBytes(70_000)]) },
      { size: 50_000, stream: streamOf([randomBytes(70_000)]) },
    ];
    for (const body of bodies) {
      await rejects(store.put(address, body, { customerKey: keyA, condition: any }), 'invalid');
      assert.equal(await readText(store, address, { customerKey: keyA }), 'before');
    }
  });

  it('leaves the object before in place if it is cancelled', async () => {
    const address = at(bucket, 'kept');
    await store.put(address, Buffer.from('before'), { customerKey: keyA, condition: any });
    const controller = new AbortController();
    const { signal } = controller;
    const stream = (async function* () {
      yield await Promise.resolve(randomBytes(70_000));
      controller.abort();
      yield randomBytes(70_000);
    })();
    const body = { size: 140_000, stream };
    const options = { customerKey: keyA, condition: any, signal };
    await rejects(store.put(address, body, options), 'aborted');
    await rejects(store.put(address, Buffer.from('x'), options), 'aborted');
    assert.equal(await readText(store, address, { customerKey: keyA }), 'before');
  });

  it('keeps all properties and tags, and restating what was read changes nothing', async () => {
    const properties: ObjectProperties = {
      contentType: 'text/x-something; charset="UTF-8"',
      cacheControl: 'no-cache, max-age=3',
      contentDisposition: "attachment; filename*=UTF-8''%C3%A9.txt",
      contentEncoding: 'identity',
      contentLanguage: 'de, en',
      expires: 'Thu, 01 Jan 2037 00:00:00 GMT',
      storageClass: expected.storageClass.write,
      metadata: {
        mtime: '1354040105.123456789',
        'empty-value': '',
        's3cmd-attrs': 'atime:1538875848/mode:33188/uname:root',
        'spaces-inside': 'a  b',
        punctuation: `!"#$%&'()*+,-./:;<=>?@[\\]^_{|}~`,
        'dotted.name': 'x',
      },
    };
    const tags = { 'a key': 'b+c/d', empty: '' };
    const options = { customerKey: keyA, condition: any, properties, tags };
    await store.put(at(bucket, 'props'), Buffer.from('1'), options);
    const first = await store.head(at(bucket, 'props'), { customerKey: keyA });
    const { storageClass } = first.properties;
    assert.equal(storageClass, expected.storageClass.read);
    assert.deepEqual(
      withoutUndefined(first.properties),
      withoutUndefined({ ...properties, storageClass }),
    );
    assert.equal(first.tagCount, 2);
    assert.deepEqual(await store.getTags(at(bucket, 'props')), tags);

    const again = { ...options, properties: first.properties };
    await store.put(at(bucket, 'props'), Buffer.from('2'), again);
    const second = await store.head(at(bucket, 'props'), { customerKey: keyA });
    assert.deepEqual(second.properties, first.properties);
    assert.deepEqual(await store.getTags(at(bucket, 'props')), tags);
  });

  it('restates nothing by itself', async () => {
    const options = { condition: any, tags: { a: 'b' }, properties: { metadata: { a: 'b' } } };
    await store.put(at(bucket, 'bare'), Buffer.from('1'), options);
    await store.put(at(bucket, 'bare'), Buffer.from('2'), { condition: any });
    const info = await store.head(at(bucket, 'bare'));
    assert.deepEqual(info.properties.metadata, {});
    assert.equal(info.tagCount, 0);
    assert.deepEqual(await store.getTags(at(bucket, 'bare')), {});
  });

  it('writes an Expires that is no date as it is', async () => {
    const properties = { expires: 'whenever' };
    await store.put(at(bucket, 'x'), Buffer.from('1'), { condition: any, properties });
    assert.equal((await store.head(at(bucket, 'x'))).properties.expires, expected.expiresWhenever);
  });

  it('keeps the bytes of metadata that is not ASCII, whoever wrote them', async () => {
    const values = { utf8: 'é 😀', latin1: Buffer.from([0x63, 0xe9]).toString('latin1') };
    for (const [name, value] of Object.entries(values)) {
      const bytes = name === 'utf8' ? Buffer.from(value).toString('latin1') : value;
      const headers = { 'x-amz-meta-v': bytes };
      const written = await raw.send({ method: 'PUT', bucket, key: 'm', body: 'x', headers });
      if (written.status !== 200) {
        assert.equal(written.status, expected.metadata.latin1Refused, `${name} was refused`);
        continue;
      }
      const before = await raw.send({ method: 'HEAD', bucket, key: 'm' });
      const { properties } = await store.head(at(bucket, 'm'));
      if (name === 'utf8') assert.equal(properties.metadata?.['v'], expected.metadata.utf8);
      await store.put(at(bucket, 'm'), Buffer.from('y'), { condition: any, properties });
      const after = await raw.send({ method: 'HEAD', bucket, key: 'm' });
      assert.equal(after.headers['x-amz-meta-v'], before.headers['x-amz-meta-v'], name);
    }
  });

  it('tells what it may not store: a storage class, a tag', async () => {
    const properties = { storageClass: 'NO_SUCH_CLASS' };
    const options = { customerKey: keyA, condition: any, properties };
    await rejects(store.put(at(bucket, 'no'), Buffer.from('x'), options), 'invalid');
    const tags = { ['k'.repeat(200)]: 'too long' };
    const tagged = { customerKey: keyA, condition: any, tags };
    await rejects(store.put(at(bucket, 'no'), Buffer.from('x'), tagged), 'invalid');
    await rejects(store.head(at(bucket, 'no')), 'notFound');
  });

  it('encrypts a plain object, and the other way round', async () => {
    const address = at(bucket, 'turned');
    let { etag } = await store.put(address, Buffer.from('1'), { condition: any });
    for (const customerKey of [keyA, undefined, keyB]) {
      const options = (expectedEtag: string): PutOptions => {
        return { customerKey, condition: { type: 'matches', etag: expectedEtag } };
      };
      await rejects(store.put(address, Buffer.from('no'), options('0'.repeat(32))), 'conflict');
      const created = { customerKey, condition: { type: 'absent' } } as const;
      await rejects(store.put(address, Buffer.from('no'), created), 'conflict');
      ({ etag } = await store.put(address, Buffer.from('2'), options(etag)));
      assert.equal(await readText(store, address, { customerKey }), '2');
    }
  });

  it('changes the key when it is written with another one', async () => {
    const address = at(bucket, 'rekeyed');
    const { etag } = await store.put(address, Buffer.from('1'), {
      customerKey: keyA,
      condition: any,
    });
    const condition = { type: 'matches', etag } as const;
    await store.put(address, Buffer.from('2'), { customerKey: keyB, condition });
    await rejects(store.get(address, { customerKey: keyA }), 'customerKeyMismatch');
    assert.equal(await readText(store, address, { customerKey: keyB }), '2');
  });
});

// eslint-disable-next-line @typescript-eslint/require-await -- it is a stream
async function* streamOf(parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts;
}

function withoutUndefined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined));
}
