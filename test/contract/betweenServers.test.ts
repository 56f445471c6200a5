import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import type { ObjectAddress } from '../../src/core/address.ts';
import { CustomerKey } from '../../src/core/customerKey.ts';
import type { ObjectProperties, ObjectStore } from '../../src/core/objectStore.ts';
import { Secret } from '../../src/core/secret.ts';
import type { RequestRecord } from '../../src/core/storeOptions.ts';
import { createStore } from '../../src/s3/s3Store.ts';
import { copyObject } from '../../src/transfer/copyObject.ts';
import { moveObject } from '../../src/transfer/moveObject.ts';
import { movePrefix } from '../../src/transfer/movePrefix.ts';
import { planSelection } from '../../src/transfer/selectionPlan.ts';
import type { TransferContext } from '../../src/transfer/transferContext.ts';
import { createLimits } from '../../src/transfer/transferLimits.ts';
import { serversFromEnvironment, type TestServer } from '../servers/fromEnvironment.ts';
import { connectProxy } from '../servers/proxyClient.ts';
import type { Fault } from '../servers/proxyFaults.ts';
import { PlannedKeys } from '../unit/doubles/plannedKeys.ts';
import { Buckets } from './buckets.ts';
import { createRawClient } from './rawClient.ts';
import { rejects } from './rejects.ts';
import { read } from './subject.ts';

const partSize = 5 * 1024 * 1024;
const patience = { attempts: 9, firstDelay: 20, longestDelay: 200 };
const [keyOne, keyTwo] = [new CustomerKey(randomBytes(32)), new CustomerKey(randomBytes(32))];
const large = randomBytes(2 * partSize + 1000);
const tags = { project: 'x', 'a b': 'c/d' };
const any = { type: 'any' } as const;
const slowDown = '<Error><Code>SlowDown</Code><Message>Slow down.</Message></Error>';

/** One of the two servers, through its proxy. */
class Side {
  readonly name: string;
  readonly raw;
  readonly buckets;
  readonly proxy;
  readonly store: ObjectStore;
  readonly records: RequestRecord[] = [];
  bucket = '';

  constructor(name: string, server: TestServer, endpoint = server.proxy.endpoint) {
    this.name = name;
    this.raw = createRawClient(server);
    this.buckets = new Buckets(this.raw);
    this.proxy = connectProxy(server.proxy.control);
    const { region, caFile, accessKeyId, secretAccessKey } = server;
    this.store = createStore({
      connection: {
        ...{ name, endpoint, region, caFile, addressing: 'path' },
        credentials: { source: 'accessKey' },
      },
      accessKey: { accessKeyId, secretAccessKey: new Secret(secretAccessKey) },
      guard: () => true,
      onRequest: (record) => this.records.push(record),
    });
  }

  at(key: string): ObjectAddress {
    return { connection: this.name, bucket: this.bucket, key };
  }

  /** What anybody else gets with and without the key. */
  async holds(key: string, bytes: Uint8Array, customerKey: CustomerKey): Promise<void> {
    const keyed = { method: 'GET', bucket: this.bucket, key } as const;
    const { status, body } = await this.raw.send({ ...keyed, customerKey: customerKey.reveal() });
    assert.equal(status, 200, key);
    assert.ok(Buffer.compare(body, bytes) === 0, `the bytes of ${key}`);
    assert.equal((await this.raw.send(keyed)).status, 400, `${key} without its key`);
  }

  async dispose(): Promise<void> {
    await this.proxy.clearFaults();
    this.store.dispose();
    await this.buckets.removeAll();
    this.raw.dispose();
  }
}

interface Pair {
  readonly from: TestServer;
  readonly to: TestServer;
  /** The target's own; else both would be the same host. */
  readonly endpoint: string | undefined;
}

/** Every two servers of the run, in both directions; a single one with itself by two addresses. */
function pairs(): Pair[] {
  const servers = serversFromEnvironment();
  const different = servers.flatMap((from) =>
    servers.filter((to) => to !== from).map((to) => ({ from, to, endpoint: undefined })),
  );
  if (different.length > 0) return different;
  return servers.map((server) => ({ from: server, to: server, endpoint: server.endpoint }));
}

for (const pair of pairs()) {
  describe(`from ${pair.from.name} to ${pair.to.name}`, () => {
    let from: Side;
    let to: Side;
    let keys: PlannedKeys;
    let context: TransferContext;

    before(async function () {
      this.timeout(120_000);
      from = new Side('from-here', pair.from);
      to = new Side('to-there', pair.to, pair.endpoint);
      from.bucket = await from.buckets.create();
      to.bucket = await to.buckets.create();
    });
    beforeEach(async function () {
      this.currentTest?.timeout(90_000);
      keys = new PlannedKeys([keyOne, 'none']);
      const stores = {
        get: (name: string) => Promise.resolve(name === from.name ? from.store : to.store),
      };
      context = { stores, keys };
      await from.proxy.clearFaults();
      await to.proxy.clearFaults();
      from.records.length = 0;
      to.records.length = 0;
    });
    after(async () => {
      await from.dispose();
      await to.dispose();
    });

    async function put(key: string, bytes: Uint8Array, md5 = md5Of(bytes)): Promise<void> {
      const properties: ObjectProperties = {
        contentType: 'text/x-odd',
        cacheControl: 'max-age=7',
        metadata: { mtime: '1354040105.123456789', md5chksum: md5, owner: 'me' },
      };
      const written = { customerKey: keyOne, condition: any, properties, tags };
      await from.store.put(from.at(key), bytes, written);
    }

    async function assertMoved(key: string, bytes: Uint8Array): Promise<void> {
      await to.holds(key, bytes, keyOne);
      const { info } = await read(to.store, to.at(key), { customerKey: keyOne });
      const { contentType, cacheControl, metadata } = info.properties;
      assert.deepEqual([contentType, cacheControl], ['text/x-odd', 'max-age=7']);
      assert.deepEqual(metadata, {
        ...{ mtime: '1354040105.123456789', md5chksum: md5Of(bytes), owner: 'me' },
      });
      assert.deepEqual(await to.store.getTags(to.at(key)), tags);
      await rejects(from.store.head(from.at(key), { customerKey: keyOne }), 'notFound');
      assert.deepEqual(await to.buckets.unfinishedUploads(to.bucket), []);
    }

    it('moves objects of all sizes with their key, properties and tags', async () => {
      for (const size of [0, 1, partSize, partSize + 1, large.length]) {
        const [key, bytes] = [`sizes/${size}`, large.subarray(0, size)];
        await put(key, bytes);
        const progress: number[] = [];
        const onProgress = (sent: number): void => void progress.push(sent);
        await moveObject(context, from.at(key), to.at(key), { partSize, patience, onProgress });
        await assertMoved(key, bytes);
        assert.equal(Math.max(...progress), size);
      }
    });

    it('changes the customer key on the way, gives one and takes it away', async () => {
      await put('key', large);
      const options = { partSize, patience };
      const [source, target] = [from.at('key'), to.at('another key')];
      await copyObject(context, source, target, { ...options, targetKey: keyTwo });
      await to.holds('another key', large, keyTwo);
      keys.forNew = keyTwo;
      await copyObject(context, source, to.at('rule'), { ...options, targetKey: 'byRule' });
      await to.holds('rule', large, keyTwo);
      const plain = to.at('plain');
      const refused = copyObject(context, source, plain, { ...options, targetKey: 'none' });
      await rejects(refused, 'invalid');
      await rejects(to.store.head(plain), 'notFound');
      const agreed = { ...options, targetKey: 'none', mayDecrypt: true } as const;
      await copyObject(context, source, plain, agreed);
      assert.ok((await read(to.store, plain)).bytes.equals(large));
      await from.store.put(from.at('bare'), large, { condition: any });
      keys.candidatesToYield = ['none'];
      const given = { ...options, targetKey: keyOne };
      await moveObject(context, from.at('bare'), to.at('bare'), given);
      await to.holds('bare', large, keyOne);
    });

    const troubles: readonly (readonly [string, 'from' | 'to', string, string, Fault])[] = [
      [
        ...(['a source that breaks off', 'from', 'GET', 'faulty'] as const),
        { kind: 'resetAfter', direction: 'response', bytes: 1_000_000 },
      ],
      [
        ...(['a source that is busy', 'from', 'GET', 'faulty'] as const),
        { kind: 'respond', status: 503, body: slowDown },
      ],
      [
        ...(['parts that break off', 'to', 'PUT', 'partNumber='] as const),
        { kind: 'resetAfter', direction: 'request', bytes: 1_000_000 },
      ],
      [
        ...(['parts whose answer gets lost', 'to', 'PUT', 'partNumber='] as const),
        { kind: 'reset', when: 'beforeResponse' },
      ],
      [
        ...(['a completion whose answer gets lost', 'to', 'POST', 'uploadId='] as const),
        { kind: 'reset', when: 'beforeResponse' },
      ],
    ];
    for (const [name, side, method, pathRegex, fault] of troubles) {
      it(`gets through ${name}`, async () => {
        // Where one server stands for both, the target is reached past the proxy.
        const { proxy } = side === 'from' ? from : to;
        const isProxied = side === 'from' || pair.endpoint === undefined;
        const key = `faulty ${name}`;
        await put(key, large);
        await proxy.clear();
        for (let time = 0; isProxied && time < 3; time += 1) {
          await proxy.addFault({ match: { method, pathRegex, nth: 1 }, fault });
        }
        await moveObject(context, from.at(key), to.at(key), { partSize, patience });
        await assertMoved(key, large);
        const met = (await proxy.requests()).filter((request) => request.fault !== undefined);
        assert.equal(met.length, isProxied ? 3 : 0, 'every fault was met');
      });
    }

    it('leaves a source that somebody changes meanwhile, and no half target', async () => {
      await put('changing', large);
      const theirs = randomBytes(partSize * 2);
      const limits = createLimits(1, 2_000_000);
      let changed: Promise<void> | undefined;
      const moving = moveObject(context, from.at('changing'), to.at('changing'), {
        ...{ partSize, patience, limits },
        onProgress: () => {
          changed ??= put('changing', theirs).finally(() => {
            limits.bandwidth.limit = undefined;
          });
        },
      });
      await rejects(moving, 'conflict');
      await changed;
      await from.holds('changing', theirs, keyOne);
      await rejects(to.store.head(to.at('changing'), { customerKey: keyOne }), 'notFound');
      assert.deepEqual(await to.buckets.unfinishedUploads(to.bucket), []);
    });

    it('does not overwrite what somebody else wrote meanwhile', async () => {
      await put('raced', large);
      const theirs = Buffer.from('theirs');
      const limits = createLimits(1, 2_000_000);
      let raced: Promise<unknown> | undefined;
      const moving = moveObject(context, from.at('raced'), to.at('raced'), {
        ...{ partSize, patience, limits },
        onProgress: () => {
          const written = { customerKey: keyTwo, condition: any };
          raced ??= to.store.put(to.at('raced'), theirs, written).finally(() => {
            limits.bandwidth.limit = undefined;
          });
        },
      });
      await rejects(moving, 'conflict');
      await raced;
      await to.holds('raced', theirs, keyTwo);
      await from.holds('raced', large, keyOne);
    });

    it('copies nothing that is not what its metadata says', async () => {
      for (const bytes of [large, large.subarray(0, 1000)]) {
        await put('bad', bytes, md5Of(Buffer.from('other')));
        const moving = moveObject(context, from.at('bad'), to.at('bad'), { partSize, patience });
        await rejects(moving, 'corrupted');
        await from.holds('bad', bytes, keyOne);
        await rejects(to.store.head(to.at('bad'), { customerKey: keyOne }), 'notFound');
      }
    });

    it('moves a selection, with one HEAD and one GET of each source', async () => {
      const names = ['a.txt', 'tree/b', 'tree/c/d', 'tree/ü', 'tree/y%2Fz', 'tree/ '];
      for (const name of names) await put(`pick/${name}`, Buffer.from(name));
      const { bucket } = from;
      const plan = await planSelection(
        context,
        [
          { type: 'object', address: from.at('pick/a.txt') },
          { type: 'prefix', address: { connection: from.name, bucket, prefix: 'pick/tree/' } },
        ],
        { connection: to.name, bucket: to.bucket, prefix: 'got/' },
      );
      from.records.length = 0;
      to.records.length = 0;
      const report = await movePrefix(context, plan, { partSize });
      assert.deepEqual(report.failures, []);
      assert.equal(report.succeeded.length, names.length);
      for (const name of names) await to.holds(`got/${name}`, Buffer.from(name), keyOne);
      assert.deepEqual((await from.store.list({ bucket, prefix: 'pick/' })).objects, []);
      const count = ({ records }: Side, operation: string): number =>
        records.filter((record) => record.operation === operation).length;
      // The second HEAD is the one right before the source is deleted.
      assert.equal(count(from, 'HeadObject'), 2 * names.length);
      assert.equal(count(from, 'GetObject'), names.length);
      // Ceph ignores If-None-Match in versioned buckets: the target is looked at before the PUT, too.
      const heads = pair.to.like === 'ceph' ? 2 : 1;
      assert.equal(count(to, 'HeadObject'), heads * names.length);
      assert.equal(count(to, 'PutObject'), names.length);
    });
  });
}

function md5Of(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('base64');
}
