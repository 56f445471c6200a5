import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { at, keyA, keyB, onEveryServer, read, readText } from './subject.ts';
import { rejects } from './rejects.ts';

onEveryServer('reading', ({ buckets, open, raw }) => {
  const { store, operations } = open();
  let bucket: string;
  before(async () => {
    bucket = await buckets.create();
    const customerKey = keyA.reveal();
    const headers = { 'content-type': 'text/plain' };
    const stored = { encrypted: 'secret', empty: '', plain: 'open' };
    for (const [key, body] of Object.entries(stored)) {
      const encryption = key === 'plain' ? {} : { customerKey };
      await raw.send({ method: 'PUT', bucket, key, body, headers, ...encryption });
    }
  });

  it('gets an encrypted object in one request', async () => {
    operations();
    const { info, bytes } = await read(store, at(bucket, 'encrypted'), { customerKey: keyA });
    assert.equal(bytes.toString(), 'secret');
    assert.equal(info.size, 6);
    assert.deepEqual(info.encryption, { type: 'customerKey', fingerprint: keyA.fingerprint });
    assert.equal(info.properties.contentType, 'text/plain');
    assert.deepEqual(info.address, at(bucket, 'encrypted'));
    assert.equal(info.tagCount, 0);
    assert.equal(info.versionId, undefined);
    assert.match(info.etag, /^[0-9a-f]{32}$/);
    assert.ok(Math.abs(info.lastModified.getTime() - Date.now()) < 60_000);
    assert.deepEqual(operations(), ['GetObject']);
  });

  it('heads it in one request, with the same answer', async () => {
    const { info } = await read(store, at(bucket, 'encrypted'), { customerKey: keyA });
    operations();
    assert.deepEqual(await store.head(at(bucket, 'encrypted'), { customerKey: keyA }), info);
    assert.deepEqual(operations(), ['HeadObject']);
  });

  it('gets an object of no bytes', async () => {
    const { info, bytes } = await read(store, at(bucket, 'empty'), { customerKey: keyA });
    assert.equal(bytes.length, 0);
    assert.equal(info.size, 0);
    assert.equal(info.encryption.type, 'customerKey');
  });

  it('gets a plain object without a customer key', async () => {
    const { info, bytes } = await read(store, at(bucket, 'plain'));
    assert.equal(bytes.toString(), 'open');
    assert.deepEqual(info.encryption, { type: 'none' });
  });

  it('gets ranges, and tells the size of the whole', async () => {
    const body = randomBytes(200_000);
    const customerKey = keyA;
    await raw.send({ method: 'PUT', bucket, key: 'r', body, customerKey: keyA.reveal() });
    for (const [first, last] of [
      [0, 0],
      [0, 65_535],
      [65_530, 131_080],
      [199_999, 199_999],
      [199_990, 300_000],
    ] as const) {
      const range = { first, last };
      const { info, bytes } = await read(store, at(bucket, 'r'), { customerKey, range });
      assert.ok(bytes.equals(body.subarray(first, last + 1)), `${first}-${last}`);
      assert.equal(info.size, body.length);
    }
    const range = { first: 200_000, last: 200_001 };
    await rejects(store.get(at(bucket, 'r'), { customerKey, range }), 'invalid', { status: 416 });
  });

  it('tells a missing customer key', async () => {
    operations();
    const error = await rejects(store.get(at(bucket, 'encrypted')), 'customerKeyRequired');
    assert.match(error.message, /encrypted with a customer key/);
    assert.deepEqual(operations(), ['GetObject']);
    await rejects(store.head(at(bucket, 'encrypted')), 'customerKeyRequired');
  });

  it('tells a wrong customer key', async () => {
    const customerKey = keyB;
    for (const method of ['get', 'head'] as const) {
      const promise = store[method](at(bucket, 'encrypted'), { customerKey });
      const error = await rejects(promise, 'customerKeyMismatch');
      assert.equal(error.details.fingerprint, keyB.fingerprint);
      assert.ok(error.message.includes(keyB.fingerprint));
      assert.notEqual(error.details.ambiguous, true);
    }
  });

  it('tells that an object needs no customer key, or says so of what it gives', async () => {
    const customerKey = keyA;
    for (const method of ['get', 'head'] as const) {
      // Ceph RGW ignores the key and answers without an echo.
      const outcome = await store[method](at(bucket, 'plain'), { customerKey }).then(
        (result) => ('info' in result ? result.info : result).encryption.type,
        (error: unknown) => (error as { kind: string }).kind,
      );
      assert.ok(outcome === 'none' || outcome === 'notEncrypted', outcome);
    }
  });

  it('tells what is not there', async () => {
    for (const customerKey of [undefined, keyA]) {
      await rejects(store.get(at(bucket, 'missing'), { customerKey }), 'notFound');
      await rejects(store.head(at(bucket, 'missing'), { customerKey }), 'notFound');
    }
    await rejects(store.get(at(`${bucket}-not`, 'x')), 'noSuchBucket');
    await rejects(store.head(at(`${bucket}-not`, 'x')), 'noSuchBucket');
    await rejects(store.headBucket(`${bucket}-not`), 'noSuchBucket');
    await rejects(store.list({ bucket: `${bucket}-not`, prefix: '' }), 'noSuchBucket');
    await store.headBucket(bucket);
  });

  it('needs one request to tell that there is no object in a bucket that it has seen', async () => {
    await store.headBucket(bucket);
    operations();
    await rejects(store.head(at(bucket, 'missing')), 'notFound');
    assert.deepEqual(operations(), ['HeadObject']);
  });

  it('reads only the version of an ETag, if told to', async () => {
    const address = at(bucket, 'encrypted');
    const { etag } = await store.head(address, { customerKey: keyA });
    assert.equal(await readText(store, address, { customerKey: keyA, ifMatch: etag }), 'secret');
    const ifMatch = '00000000000000000000000000000000';
    await rejects(store.get(address, { customerKey: keyA, ifMatch }), 'conflict');
    await rejects(store.head(address, { customerKey: keyA, ifMatch }), 'conflict');
  });

  it('can be left before the end', async () => {
    const body = randomBytes(5_000_000);
    await raw.send({ method: 'PUT', bucket, key: 'long', body });
    const { body: stream } = await store.get(at(bucket, 'long'));
    for await (const chunk of stream) {
      assert.ok(chunk.length > 0);
      break;
    }
    assert.equal(await readText(store, at(bucket, 'plain')), 'open');
  });

  it('can be cancelled before, and while it reads', async () => {
    const aborted = AbortSignal.abort();
    await rejects(store.get(at(bucket, 'plain'), { signal: aborted }), 'aborted');
    await rejects(store.head(at(bucket, 'plain'), { signal: aborted }), 'aborted');
    const body = randomBytes(20_000_000);
    await raw.send({ method: 'PUT', bucket, key: 'longer', body });
    const controller = new AbortController();
    const { body: stream } = await store.get(at(bucket, 'longer'), { signal: controller.signal });
    const consume = async (): Promise<void> => {
      for await (const chunk of stream) if (chunk.length > 0) controller.abort();
    };
    await rejects(consume(), 'aborted');
  });

  it('lists the buckets, or those that the connection names without a request', async () => {
    const names = (await store.listBuckets()).map(({ name }) => name);
    assert.ok(names.includes(bucket));
    const named = open({ connection: { buckets: ['one', 'two'] } });
    assert.deepEqual(await named.store.listBuckets(), [{ name: 'one' }, { name: 'two' }]);
    assert.deepEqual(named.operations(), []);
  });
});
