import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { CustomerKey } from '../../../src/core/customerKey.ts';
import { isStoreError, StoreError } from '../../../src/core/storeError.ts';
import { copyObject, type CopyObjectOptions } from '../../../src/transfer/copyObject.ts';
import { moveObject } from '../../../src/transfer/moveObject.ts';
import { createLimits } from '../../../src/transfer/transferLimits.ts';
import { MemoryStore } from '../doubles/memoryStore.ts';
import { memoryStores } from '../doubles/memoryStores.ts';
import { PlannedKeys } from '../doubles/plannedKeys.ts';

const mebibyte = 1024 * 1024;
const partSize = 5 * mebibyte;
const large = randomBytes(3 * partSize + 1000);
const customerKey = CustomerKey.generate();
const patience = { attempts: 4, firstDelay: 1, longestDelay: 2 };
const how: CopyObjectOptions = { partSize, patience };
const tags = { project: 'x' };

/** Two connections; the source is `a.bin`. */
class Scene {
  readonly from = new MemoryStore({ name: 'here' });
  readonly to = new MemoryStore({ name: 'there' });
  readonly context = {
    stores: memoryStores(this.from, this.to),
    keys: new PlannedKeys([customerKey, 'none']),
  };
  readonly source = this.from.address('a.bin');
  readonly target = this.to.address('b.bin');

  async put(bytes: Uint8Array, md5 = md5Of(bytes)): Promise<void> {
    const properties = { contentType: 'x/y', metadata: { md5chksum: md5, owner: 'me' } };
    const condition = { type: 'any' } as const;
    await this.from.put(this.source, bytes, { customerKey, condition, properties, tags });
    this.from.requests.length = 0;
  }

  copy(options: CopyObjectOptions = {}): ReturnType<typeof copyObject> {
    return copyObject(this.context, this.source, this.target, { ...how, ...options });
  }

  assertCopied(bytes: Uint8Array): void {
    const stored = this.to.stored('b.bin');
    assert.ok(stored !== undefined && Buffer.compare(stored.bytes, bytes) === 0);
    assert.equal(stored.fingerprint, customerKey.fingerprint);
    assert.equal(stored.properties.metadata?.['owner'], 'me');
    assert.deepEqual(stored.tags, tags);
    assert.equal(this.to.multipart.uploads.size, 0);
  }
}

function md5Of(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('base64');
}

describe('streamObject', () => {
  it('copies a large object in parts, with everything', async () => {
    const scene = new Scene();
    await scene.put(large);
    const progress: number[] = [];
    const { info, method } = await scene.copy({ onProgress: (bytes) => progress.push(bytes) });
    scene.assertCopied(large);
    assert.equal(info.size, large.length);
    assert.equal(method, 'streamed');
    assert.equal(Math.max(...progress), large.length);
    const sent = scene.to.requests.filter((request) => request.startsWith('uploadPart'));
    assert.equal(sent.length, 4);
    const reads = scene.from.requests.filter((request) => request.startsWith('get '));
    assert.equal(reads.length, 4);
  });

  it('takes parts in turn where there is one slot only', async () => {
    const scene = new Scene();
    await scene.put(large);
    await scene.copy({ limits: createLimits(1) });
    scene.assertCopied(large);
  });

  it('gets through failures of both sides', async () => {
    const scene = new Scene();
    await scene.put(large);
    const trouble = new StoreError('network', 'Reset.');
    for (const verb of ['get', 'get']) scene.from.failures.push({ verb, error: trouble });
    for (const verb of ['createUpload', 'uploadPart', 'uploadPart', 'completeUpload']) {
      scene.to.failures.push({ verb, error: trouble });
    }
    await scene.copy();
    scene.assertCopied(large);
    const small = new Scene();
    await small.put(large.subarray(0, 1000));
    small.from.failures.push({ verb: 'get', error: trouble });
    small.to.failures.push({ verb: 'put', error: trouble });
    await small.copy();
    small.assertCopied(large.subarray(0, 1000));
  });

  it('recognises its own PUT whose answer got lost, and no other', async () => {
    const scene = new Scene();
    await scene.put(large.subarray(0, 1000));
    scene.to.failures.push({ verb: 'put', error: new StoreError('network', '.'), after: true });
    await scene.copy();
    scene.assertCopied(large.subarray(0, 1000));
    const other = new Scene();
    await other.put(large.subarray(0, 1000));
    const theirs = { customerKey, condition: { type: 'any' } } as const;
    await other.to.put(other.target, large.subarray(1, 1001), theirs);
    await assert.rejects(other.copy(), (error) => isStoreError(error, 'conflict'));
    assert.deepEqual(other.to.stored('b.bin')?.bytes, Uint8Array.from(large.subarray(1, 1001)));
  });

  it('copies nothing that is not what its metadata says', async () => {
    for (const bytes of [large, large.subarray(0, 1000)]) {
      const scene = new Scene();
      await scene.put(bytes, md5Of(Buffer.from('something else')));
      await assert.rejects(scene.copy(), (error) => isStoreError(error, 'corrupted'));
      assert.equal(scene.to.stored('b.bin'), undefined);
      assert.equal(scene.to.multipart.uploads.size, 0);
    }
  });

  it('fails on a source that changes meanwhile, and leaves nothing', async () => {
    const scene = new Scene();
    await scene.put(large);
    const put = scene.to.multipart.uploadPart.bind(scene.to.multipart);
    let changed: Promise<void> | undefined;
    scene.to.multipart.uploadPart = async (...args) => {
      await (changed ??= scene.put(large.subarray(1)));
      return await put(...args);
    };
    const options = { ...how, limits: createLimits(1) };
    const moving = moveObject(scene.context, scene.source, scene.target, options);
    await assert.rejects(moving, (error) => isStoreError(error, 'conflict'));
    assert.equal(scene.to.stored('b.bin'), undefined);
    assert.equal(scene.to.multipart.uploads.size, 0);
    assert.equal(scene.from.stored('a.bin')?.bytes.length, large.length - 1);
  });

  it('keeps to the condition before it reads anything large', async () => {
    const scene = new Scene();
    await scene.put(large);
    await scene.to.put(scene.target, new Uint8Array(1), { condition: { type: 'any' } });
    await assert.rejects(scene.copy(), (error) => isStoreError(error, 'conflict'));
    assert.deepEqual(
      scene.from.requests.filter((request) => request.startsWith('get ')),
      [],
    );
  });

  it('stops when it is cancelled, and frees the parts', async () => {
    const scene = new Scene();
    await scene.put(large);
    const controller = new AbortController();
    const onProgress = (): void => {
      controller.abort();
    };
    const copying = scene.copy({ onProgress, signal: controller.signal, limits: createLimits(1) });
    await assert.rejects(copying, (error) => isStoreError(error, 'aborted'));
    assert.equal(scene.to.multipart.uploads.size, 0);
    assert.equal(scene.to.stored('b.bin'), undefined);
  });
});
