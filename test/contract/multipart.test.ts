import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { ObjectAddress } from '../../src/core/address.ts';
import type {
  CreateUploadOptions,
  MultipartStore,
  MultipartUpload,
  UploadedPart,
} from '../../src/core/multipartStore.ts';
import type { ObjectStore } from '../../src/core/objectStore.ts';
import { partOf } from './partSources.ts';
import { rejects } from './rejects.ts';
import { at, keyA, keyB, onEveryServer, read, readText } from './subject.ts';

const minimum = 5 * 1024 * 1024;
const any = { type: 'any' } as const;
const absent = { type: 'absent' } as const;
const customerKey = keyA;
const errorDocument =
  '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>InternalError</Code><Message>Try again</Message></Error>';

onEveryServer('multipart', ({ server, buckets, proxy, raw, open, openThroughProxy }) => {
  const bytes = randomBytes(minimum + 1000);
  const pieces = [bytes.subarray(0, minimum), bytes.subarray(minimum)];
  let bucket: string;
  let direct: ObjectStore;
  let store: ObjectStore;
  let multipart: MultipartStore;

  before(async () => {
    bucket = await buckets.create();
    ({ store: direct } = open());
    ({ store } = openThroughProxy());
    ({ multipart } = store);
    await store.headBucket(bucket);
  });
  beforeEach(async function () {
    this.currentTest?.timeout(60_000);
    await proxy.clearFaults();
    await proxy.clear();
  });
  after(() => proxy.clearFaults());

  async function begun(
    key: string,
    options: CreateUploadOptions = { customerKey },
  ): Promise<{ address: ObjectAddress; upload: MultipartUpload; parts: UploadedPart[] }> {
    const address = at(bucket, key);
    const upload = await multipart.create(address, options);
    const parts = await Promise.all(
      pieces.map((piece, index) => multipart.uploadPart(upload, index + 1, partOf(piece), options)),
    );
    return { address, upload, parts };
  }

  async function holds(address: ObjectAddress): Promise<void> {
    const found = await read(direct, address, { customerKey });
    assert.ok(found.bytes.equals(bytes));
    const { status } = await raw.send({ method: 'GET', bucket, key: address.key });
    assert.equal(status, 400);
  }

  it('uploads in parts, the customer key with every request that takes it', async () => {
    const { address, upload, parts } = await begun('parts');
    const listed = await multipart.listParts(upload, { customerKey });
    assert.deepEqual(
      listed.map(({ partNumber, etag, size }) => ({ partNumber, etag, size })),
      parts.map(({ partNumber, etag, size }) => ({ partNumber, etag, size })),
    );
    const info = await multipart.complete(upload, listed, { customerKey, condition: absent });
    assert.equal(info.size, bytes.length);
    assert.notEqual(info.etag, '');
    assert.deepEqual(info.encryption, {
      type: 'customerKey',
      fingerprint: customerKey.fingerprint,
    });
    await holds(address);
    const about = (await proxy.requests()).filter(({ path }) => /upload/i.test(path));
    assert.equal(about.length, 5);
    for (const { customerKey: sent } of about) assert.equal(sent.keyMd5, customerKey.fingerprint);
    await rejects(multipart.listParts(upload, { customerKey }), 'notFound');
  });

  it('uploads without a customer key', async () => {
    const { address, upload, parts } = await begun('plain', {});
    await multipart.complete(upload, parts, { condition: any });
    assert.ok((await read(direct, address)).bytes.equals(bytes));
  });

  it('announces each part by a checksum that the server checks', async () => {
    const { address, upload, parts } = await begun('checked');
    const [first = Buffer.alloc(0)] = pieces;
    const other = randomBytes(first.length);
    const wrong = multipart.uploadPart(upload, 1, partOf(other, first), { customerKey });
    await rejects(wrong, 'corrupted');
    await multipart.complete(upload, parts, { customerKey, condition: any });
    await holds(address);
    const part = (await proxy.requests()).find(({ path }) => path.includes('partNumber=1'));
    if (server.like === 'minio') assert.ok(part?.headers['x-amz-checksum-crc32']);
  });

  it('takes a part without the echo for corrupted if an answer before had it', async () => {
    await proxy.addFault({
      match: { method: 'PUT', pathRegex: 'partNumber=2', nth: 1 },
      fault: {
        kind: 'stripResponseHeaders',
        names: ['x-amz-server-side-encryption-customer-key-md5'],
      },
    });
    const address = at(bucket, 'echo');
    const upload = await multipart.create(address, { customerKey });
    const [one = Buffer.alloc(0), two = Buffer.alloc(0)] = pieces;
    const first = await multipart.uploadPart(upload, 1, partOf(one), { customerKey });
    await rejects(multipart.uploadPart(upload, 2, partOf(two), { customerKey }), 'corrupted');
    const second = await multipart.uploadPart(upload, 2, partOf(two), { customerKey });
    await multipart.complete(upload, [first, second], { customerKey, condition: any });
    await holds(address);
  });

  it('finds out by a keyless HEAD where no answer has the echo', async () => {
    await proxy.addFault({
      match: {},
      fault: {
        kind: 'stripResponseHeaders',
        names: ['x-amz-server-side-encryption-customer-key-md5'],
      },
    });
    const silent = openThroughProxy().store.multipart;
    const address = at(bucket, 'silent');
    const upload = await silent.create(address, { customerKey });
    const [one = Buffer.alloc(0)] = pieces;
    const part = await silent.uploadPart(upload, 1, partOf(one), { customerKey });
    const info = await silent.complete(upload, [part], { customerKey, condition: any });
    assert.equal(info.encryption.type, 'customerKey');
  });

  it('removes an object that a server stored in plaintext', async () => {
    const names = ['algorithm', 'key', 'key-md5'].map(
      (end) => `x-amz-server-side-encryption-customer-${end}`,
    );
    await proxy.addFault({
      match: { pathRegex: '/ignored' },
      fault: { kind: 'stripRequestHeaders', names },
    });
    // One that has not seen this server's echoes yet.
    const fresh = openThroughProxy().store.multipart;
    const address = at(bucket, 'ignored');
    const upload = await fresh.create(address, { customerKey });
    const [one = Buffer.alloc(0)] = pieces;
    const part = await fresh.uploadPart(upload, 1, partOf(one), { customerKey });
    const completion = fresh.complete(upload, [part], { customerKey, condition: any });
    await rejects(completion, 'storedInPlaintext');
    await rejects(direct.head(address), 'notFound');
  });

  it('restates properties, metadata and tags', async () => {
    const metadata = { mtime: '1.5', md5chksum: 'AAAAAAAAAAAAAAAAAAAAAA==', name: 'a b' };
    const properties = { contentType: 'text/x-strange', cacheControl: 'max-age=1', metadata };
    const tags = { colour: 'blue or green', shape: '' };
    const { address, upload, parts } = await begun('props', { customerKey, properties, tags });
    await multipart.complete(upload, parts, { customerKey, condition: any, metadata, tags });
    const info = await direct.head(address, { customerKey });
    assert.equal(info.properties.contentType, 'text/x-strange');
    assert.equal(info.properties.cacheControl, 'max-age=1');
    assert.deepEqual(info.properties.metadata, metadata);
    assert.deepEqual(await direct.getTags(address), tags);
  });

  it('completes only if the condition holds', async () => {
    const address = at(bucket, 'guarded');
    const { etag } = await direct.put(address, Buffer.from('theirs'), { condition: any });
    const { upload, parts } = await begun('guarded');
    const stale = { type: 'matches', etag: 'f'.repeat(32) } as const;
    for (const condition of [absent, stale]) {
      await rejects(multipart.complete(upload, parts, { customerKey, condition }), 'conflict');
    }
    assert.equal(await readText(direct, address), 'theirs');
    const condition = { type: 'matches', etag } as const;
    await multipart.complete(upload, parts, { customerKey, condition });
    await holds(address);
  });

  it('takes a completion whose answer got lost for what it is', async () => {
    const { address, upload, parts } = await begun('lost');
    await proxy.addFault({
      match: { method: 'POST', pathRegex: 'uploadId' },
      fault: { kind: 'reset', when: 'beforeResponse' },
    });
    await multipart.complete(upload, parts, { customerKey, condition: absent });
    await holds(address);
  });

  it('tries again after an error document in a 200', async () => {
    const { address, upload, parts } = await begun('error200');
    await proxy.addFault({
      match: { method: 'POST', pathRegex: 'uploadId', nth: 1 },
      fault: { kind: 'respond', status: 200, body: errorDocument },
    });
    await multipart.complete(upload, parts, { customerKey, condition: absent });
    await holds(address);
  });

  it('fails on nothing but error documents, and can be called again', async () => {
    const { address, upload, parts } = await begun('errors200');
    await proxy.addFault({
      match: { method: 'POST', pathRegex: 'uploadId' },
      fault: { kind: 'respond', status: 200, body: errorDocument },
    });
    const options = { customerKey, condition: absent };
    await rejects(multipart.complete(upload, parts, options), ['server', 'throttled']);
    await rejects(direct.head(address, { customerKey }), 'notFound');
    await proxy.clearFaults();
    await multipart.complete(upload, parts, options);
    await holds(address);
  });

  it('does not take what somebody else wrote for its own', async () => {
    const { address, upload, parts } = await begun('foreign');
    await multipart.abort(upload);
    const theirs = randomBytes(bytes.length);
    await direct.put(address, theirs, { customerKey, condition: any });
    const metadata = { md5chksum: 'AAAAAAAAAAAAAAAAAAAAAA==' };
    const options = { customerKey, condition: any, metadata };
    // Ceph says that it is in progress.
    const kinds = ['notFound', 'server'] as const;
    await rejects(multipart.complete(upload, parts, options), kinds);
    await rejects(multipart.complete(upload, parts, { customerKey, condition: any }), kinds);
    assert.ok((await read(direct, address, { customerKey })).bytes.equals(theirs));
  });

  it('refuses parts under another key', async () => {
    const upload = await multipart.create(at(bucket, 'mixed'), { customerKey });
    const [one = Buffer.alloc(0)] = pieces;
    for (const other of [keyB, undefined]) {
      const part = multipart.uploadPart(upload, 1, partOf(one), { customerKey: other });
      await assert.rejects(part);
    }
    await multipart.abort(upload);
  });

  it('lists unfinished uploads and aborts them, again and again', async () => {
    const key = 'odd/a b+c%2Fü&#';
    const upload = await multipart.create(at(bucket, key), { customerKey });
    const uploads = [];
    for await (const each of multipart.listUploads(bucket, key)) uploads.push(each);
    assert.deepEqual(
      uploads.map((each) => [each.key, each.uploadId]),
      [[key, upload.uploadId]],
    );
    await multipart.abort(upload);
    await multipart.abort(upload);
    for await (const each of multipart.listUploads(bucket, key)) assert.fail(each.key);
  });
});
