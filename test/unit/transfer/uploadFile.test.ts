import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { appendFile, mkdir, rename, truncate, utimes, writeFile } from 'node:fs/promises';
import type { ObjectAddress } from '../../../src/core/address.ts';
import { CustomerKey } from '../../../src/core/customerKey.ts';
import { isStoreError, StoreError } from '../../../src/core/storeError.ts';
import { TransferError, type TransferErrorReason } from '../../../src/transfer/transferError.ts';
import { FolderJournal, transferId } from '../../../src/transfer/transferJournal.ts';
import { createLimits } from '../../../src/transfer/transferLimits.ts';
import { uploadFile } from '../../../src/transfer/uploadFile.ts';
import { abandonUpload } from '../../../src/transfer/uploadJournal.ts';
import type { UploadFileOptions } from '../../../src/transfer/uploadOptions.ts';
import { MemoryStore } from '../doubles/memoryStore.ts';
import { withFolder } from '../support/folders.ts';

const partSize = 5 * 1024 * 1024;
const customerKey = CustomerKey.generate();
const patience = { attempts: 4, firstDelay: 1, longestDelay: 2 };
const network = new StoreError('network', 'The connection broke.');

function md5(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('base64');
}

function failsFor(reason: TransferErrorReason): (error: unknown) => boolean {
  return (error) => error instanceof TransferError && error.reason === reason;
}

describe('uploadFile', function () {
  this.timeout(30_000);
  const folder = withFolder();
  const small = randomBytes(100_000);
  const large = randomBytes(partSize * 2 + 1000);
  let store: MemoryStore;
  let address: ObjectAddress;
  let options: UploadFileOptions & { journal: FolderJournal };
  let smallFile: string;
  let largeFile: string;
  let count = 0;

  beforeEach(async () => {
    count += 1;
    store = new MemoryStore();
    address = store.address('dir/f.txt');
    const journal = new FolderJournal(folder.path(`journal${count}`));
    options = { customerKey, partSize, journal, patience };
    smallFile = await folder.write('small.txt', small);
    largeFile = await folder.write('large.bin', large);
    await utimes(smallFile, 1_354_040_105.5, 1_354_040_105.5);
  });

  function verbs(): string[] {
    return store.requests.map((request) => request.split(' ')[0] ?? '');
  }

  function sentParts(): string[] {
    return store.requests.filter((request) => request.startsWith('uploadPart')).sort();
  }

  /** One part after the other, and a pause after the first. */
  function slowly(): UploadFileOptions {
    store.failures.push({ verb: 'uploadPart', error: new StoreError('throttled', 'Slow down.') });
    const slow = { attempts: 3, firstDelay: 300, longestDelay: 300 };
    return { ...options, limits: createLimits(1), patience: slow };
  }

  async function nothingIsLeft(): Promise<void> {
    assert.equal(store.stored(address.key), undefined);
    assert.equal(store.multipart.uploads.size, 0);
    assert.deepEqual(await options.journal.ids(), []);
  }

  it('sends a small file by one PUT, with what rclone and s3cmd know it by', async () => {
    const result = await uploadFile(store, smallFile, address, {
      ...options,
      ...{ properties: { cacheControl: 'no-store', metadata: { own: '1' } }, tags: { a: 'b' } },
      s3cmdAttributes: true,
    });
    assert.deepEqual(verbs(), ['put']);
    const stored = store.stored(address.key);
    assert.deepEqual(Buffer.from(stored?.bytes ?? []), small);
    assert.equal(stored?.fingerprint, customerKey.fingerprint);
    assert.equal(stored.etag, result.etag);
    assert.equal(result.md5, md5(small));
    assert.equal(result.mtimeNs, 1_354_040_105_500_000_000n);
    assert.deepEqual(stored.tags, { a: 'b' });
    assert.equal(stored.properties.contentType, 'text/plain');
    assert.equal(stored.properties.cacheControl, 'no-store');
    const { 's3cmd-attrs': attrs, ...metadata } = stored.properties.metadata ?? {};
    assert.deepEqual(metadata, { own: '1', mtime: '1354040105.5', md5chksum: md5(small) });
    assert.match(attrs ?? '', /\/md5:[0-9a-f]{32}\/mode:33\d+\/mtime:1354040105\/uid:\d+/);
  });

  it('sends no bytes', async () => {
    await uploadFile(store, await folder.write('empty', Buffer.alloc(0)), address, options);
    assert.equal(store.stored(address.key)?.bytes.length, 0);
  });

  it('sends a large file in parts, and its metadata with the first request', async () => {
    const progress: number[] = [];
    const result = await uploadFile(store, largeFile, address, {
      ...options,
      tags: { a: 'b' },
      onProgress: ({ bytes, total }) => {
        assert.equal(total, large.length);
        progress.push(bytes);
      },
    });
    assert.deepEqual(verbs().sort(), [
      ...['completeUpload', 'createUpload', 'head', 'list', 'put'],
      ...['uploadPart', 'uploadPart', 'uploadPart'],
    ]);
    const stored = store.stored(address.key);
    assert.ok(large.equals(stored?.bytes ?? Buffer.alloc(0)));
    assert.equal(stored?.properties.metadata?.['md5chksum'], md5(large));
    assert.deepEqual(stored.tags, { a: 'b' });
    assert.equal(result.md5, md5(large));
    assert.equal(progress.at(-1), large.length);
    assert.deepEqual(await options.journal.ids(), []);
  });

  it('does without the MD5 if told so', async () => {
    const { md5: none } = await uploadFile(store, largeFile, address, { ...options, md5: false });
    assert.equal(none, undefined);
    assert.deepEqual(Object.keys(store.stored(address.key)?.properties.metadata ?? {}), ['mtime']);
    assert.ok(large.equals(store.stored(address.key)?.bytes ?? Buffer.alloc(0)));
  });

  it('keeps to the condition before it sends anything large', async () => {
    await store.put(address, small, { condition: { type: 'any' } });
    store.requests.length = 0;
    await assert.rejects(uploadFile(store, largeFile, address, options), (error) =>
      isStoreError(error, 'conflict'),
    );
    assert.deepEqual(verbs(), ['list']);
    await assert.rejects(uploadFile(store, smallFile, address, options), (error) =>
      isStoreError(error, 'conflict'),
    );
    const etag = store.stored(address.key)?.etag ?? '';
    const condition = { type: 'matches', etag } as const;
    await uploadFile(store, largeFile, address, { ...options, condition });
    assert.ok(large.equals(store.stored(address.key)?.bytes ?? Buffer.alloc(0)));
  });

  it('tries parts again', async () => {
    for (const kind of ['throttled', 'corrupted', 'network'] as const) {
      store.failures.push({ verb: 'uploadPart', error: new StoreError(kind, 'again') });
    }
    store.failures.push({ verb: 'createUpload', error: network });
    store.failures.push({ verb: 'completeUpload', error: network });
    await uploadFile(store, largeFile, address, options);
    assert.equal(sentParts().length, 6);
    assert.ok(large.equals(store.stored(address.key)?.bytes ?? Buffer.alloc(0)));
  });

  it('recognises its own PUT whose answer got lost', async () => {
    store.failures.push({ verb: 'put', error: network, after: true });
    const { etag } = await uploadFile(store, smallFile, address, options);
    assert.deepEqual(verbs(), ['put', 'put', 'head']);
    assert.equal(etag, store.stored(address.key)?.etag);
  });

  it('does not take a foreign object for its own', async () => {
    store.failures.push({ verb: 'put', error: network });
    const slow = { attempts: 3, firstDelay: 100, longestDelay: 100 };
    const uploading = uploadFile(store, smallFile, address, { ...options, patience: slow });
    while (!verbs().includes('put')) await setImmediate();
    await store.put(address, randomBytes(small.length), {
      ...{ customerKey, condition: { type: 'any' } },
    });
    await assert.rejects(uploading, (error) => isStoreError(error, 'conflict'));
  });

  it('goes on where it was interrupted', async () => {
    const broken = { ...options, patience: { ...patience, attempts: 1 } };
    store.failures.push({ verb: 'completeUpload', error: network });
    await assert.rejects(uploadFile(store, largeFile, address, broken), /connection broke/);
    assert.equal(store.stored(address.key), undefined);
    const [id = ''] = await options.journal.ids();
    assert.equal(id, transferId('upload', address, largeFile));
    const text = JSON.stringify(await options.journal.read(id));
    assert.ok(text.includes(customerKey.fingerprint));
    assert.ok(!text.includes(Buffer.from(customerKey.reveal()).toString('base64')));
    const [unfinished] = store.multipart.uploads.values();
    unfinished?.parts.delete(2);
    store.requests.length = 0;
    await uploadFile(store, largeFile, address, options);
    assert.deepEqual(sentParts(), ['uploadPart dir/f.txt 2']);
    assert.ok(large.equals(store.stored(address.key)?.bytes ?? Buffer.alloc(0)));
    assert.deepEqual(await options.journal.ids(), []);
  });

  it('finds that it was complete already, only the answer was lost', async () => {
    const broken = { ...options, patience: { ...patience, attempts: 1 } };
    store.failures.push({ verb: 'completeUpload', error: network, after: true });
    await assert.rejects(uploadFile(store, largeFile, address, broken));
    const etag = store.stored(address.key)?.etag;
    store.requests.length = 0;
    assert.equal((await uploadFile(store, largeFile, address, options)).etag, etag);
    assert.deepEqual(verbs(), ['listParts', 'head']);
    assert.deepEqual(await options.journal.ids(), []);
  });

  it('starts over for another key, other properties or another file', async () => {
    const others: (() => Promise<UploadFileOptions>)[] = [
      () => Promise.resolve({ ...options, customerKey: CustomerKey.generate() }),
      () => Promise.resolve({ ...options, properties: { cacheControl: 'no-store' } }),
      () => Promise.resolve({ ...options, tags: { a: 'b' } }),
      () => Promise.resolve({ ...options, md5: false }),
      async () => {
        await utimes(largeFile, 1, 1);
        return options;
      },
    ];
    for (const other of others) {
      const broken = { ...options, patience: { ...patience, attempts: 1 } };
      store.failures.push({ verb: 'completeUpload', error: network });
      await assert.rejects(uploadFile(store, largeFile, address, broken));
      store.requests.length = 0;
      const condition = { type: 'any' } as const;
      await uploadFile(store, largeFile, address, { ...(await other()), condition });
      assert.equal(sentParts().length, 3);
      assert.equal(store.multipart.uploads.size, 0);
      await store.delete(address);
    }
  });

  it('frees the parts where there is no journal', async () => {
    const broken = { ...options, patience: { ...patience, attempts: 1 }, journal: undefined };
    store.failures.push({ verb: 'uploadPart', error: network });
    await assert.rejects(uploadFile(store, largeFile, address, broken), /connection broke/);
    await nothingIsLeft();
  });

  it('stops when it is cancelled, and keeps or discards the parts', async () => {
    for (const onAbort of ['keep', 'discard'] as const) {
      const stop = new AbortController();
      const onProgress = (): void => {
        stop.abort();
      };
      const cancelled = { ...options, onAbort, onProgress, signal: stop.signal };
      await assert.rejects(uploadFile(store, largeFile, address, cancelled), (error) =>
        isStoreError(error, 'aborted'),
      );
      assert.equal(store.multipart.uploads.size, onAbort === 'keep' ? 1 : 0);
    }
    await nothingIsLeft();
    const signal = AbortSignal.abort();
    for (const file of [smallFile, largeFile]) {
      await assert.rejects(uploadFile(store, file, address, { ...options, signal }));
    }
    await nothingIsLeft();
  });

  it('gives up an interrupted upload', async () => {
    const broken = { ...options, patience: { ...patience, attempts: 1 } };
    store.failures.push({ verb: 'completeUpload', error: network });
    await assert.rejects(uploadFile(store, largeFile, address, broken));
    await abandonUpload(store, options.journal, address, largeFile);
    await nothingIsLeft();
  });

  it('fails on a file that changes meanwhile, and leaves nothing', async () => {
    const changes: Record<string, () => Promise<void>> = {
      grown: () => appendFile(largeFile, 'more'),
      'cut short': () => truncate(largeFile, partSize + 1),
      rewritten: () => writeFile(largeFile, randomBytes(large.length)),
      replaced: () => rename(folder.path('other'), largeFile),
    };
    for (const [name, change] of Object.entries(changes)) {
      await folder.write('large.bin', large);
      await folder.write('other', large);
      let changed: Promise<void> | undefined;
      const onProgress = (): void => {
        changed ??= change();
      };
      const uploading = uploadFile(store, largeFile, address, { ...slowly(), onProgress });
      await assert.rejects(uploading, failsFor('fileChanged'), name);
      await changed;
      await nothingIsLeft();
    }
  });

  it('notices a change that left size and time as they were', async () => {
    await utimes(largeFile, 1000, 1000);
    let changed: Promise<void> | undefined;
    const onProgress = (): void => {
      changed ??= writeFile(largeFile, randomBytes(large.length)).then(() =>
        utimes(largeFile, 1000, 1000),
      );
    };
    const uploading = uploadFile(store, largeFile, address, { ...slowly(), onProgress });
    await assert.rejects(uploading);
    await changed;
    assert.equal(store.stored(address.key), undefined);
  });

  it('says what is wrong with a file that cannot be read', async () => {
    await mkdir(folder.path('folder'), { recursive: true });
    for (const name of ['missing', 'folder']) {
      const uploading = uploadFile(store, folder.path(name), address, options);
      await assert.rejects(uploading, failsFor('noFile'));
    }
    assert.deepEqual(store.requests, []);
  });
});
