import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ObjectAddress } from '../../../src/core/address.ts';
import { CustomerKey } from '../../../src/core/customerKey.ts';
import type { GetOptions, GetResult } from '../../../src/core/objectStore.ts';
import { isStoreError, StoreError } from '../../../src/core/storeError.ts';
import { downloadFile } from '../../../src/transfer/downloadFile.ts';
import type { DownloadFileOptions } from '../../../src/transfer/downloadOptions.ts';
import { identityOf } from '../../../src/transfer/localFile.ts';
import { TransferError, type TransferErrorReason } from '../../../src/transfer/transferError.ts';
import { FolderJournal } from '../../../src/transfer/transferJournal.ts';
import { createLimits } from '../../../src/transfer/transferLimits.ts';
import { MemoryStore } from '../doubles/memoryStore.ts';
import { withFolder } from '../support/folders.ts';
import { onFullDisk } from '../support/fullDisk.ts';

const partSize = 5 * 1024 * 1024;
const customerKey = CustomerKey.generate();
const patience = { attempts: 4, firstDelay: 1, longestDelay: 2 };
const any = { type: 'any' } as const;

function md5(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('base64');
}

function failsFor(reason: TransferErrorReason): (error: unknown) => boolean {
  return (error) => error instanceof TransferError && error.reason === reason;
}

type Get = (address: ObjectAddress, options?: GetOptions) => Promise<GetResult>;

/** Lets a test meddle with the GETs of a store. @returns what ends it */
function meddle(store: MemoryStore, how: (get: Get) => Get): () => void {
  const really = store.get.bind(store);
  store.get = how(really);
  return () => {
    store.get = really;
  };
}

async function* firstBytes(body: AsyncIterable<Uint8Array>, count: number, then?: Error) {
  let left = count;
  for await (const chunk of body) {
    yield chunk.subarray(0, left);
    left -= chunk.length;
    if (left > 0) continue;
    if (then !== undefined) throw then;
    return;
  }
}

describe('downloadFile', function () {
  this.timeout(30_000);
  const folder = withFolder();
  const small = randomBytes(100_000);
  const large = randomBytes(partSize * 3 + 1000);
  let store: MemoryStore;
  let address: ObjectAddress;
  let target: string;
  let options: DownloadFileOptions & { journal: FolderJournal };
  let count = 0;

  beforeEach(async () => {
    count += 1;
    store = new MemoryStore();
    address = store.address('dir/f.bin');
    await mkdir(folder.path(String(count)));
    target = folder.path(`${count}/f.bin`);
    const journal = new FolderJournal(folder.path(`${count}/journal`));
    options = { customerKey, partSize, journal, patience };
  });

  async function given(bytes: Uint8Array, md5chksum: string | undefined = md5(bytes)) {
    const metadata = { mtime: '1354040105.5', ...(md5chksum !== '' && { md5chksum }) };
    const properties = { metadata };
    await store.put(address, bytes, { customerKey, condition: any, properties });
    store.requests.length = 0;
  }

  function gets(): number {
    return store.requests.filter((request) => request.startsWith('get ')).length;
  }

  async function others(): Promise<string[]> {
    return (await readdir(folder.path(String(count))))
      .filter((name) => name !== 'journal' && name !== 'f.bin')
      .sort();
  }

  async function holds(bytes: Uint8Array): Promise<void> {
    assert.ok((await readFile(target)).equals(bytes), 'the file has the bytes of the object');
    assert.deepEqual(await others(), []);
    assert.deepEqual(await options.journal.ids(), []);
  }

  async function nothingIsThere(): Promise<void> {
    await assert.rejects(stat(target), { code: 'ENOENT' });
  }

  it('gets a small object by one GET, with its modification time', async () => {
    for (const size of [undefined, small.length]) {
      await given(small);
      const result = await downloadFile(store, address, target, {
        ...{ ...options, size, condition: any },
      });
      assert.deepEqual(store.requests, [`get dir/f.bin +${customerKey.fingerprint}`]);
      assert.equal(result.md5, md5(small));
      const stats = await stat(target, { bigint: true });
      assert.equal(stats.mtimeNs, 1_354_040_105_500_000_000n);
      assert.deepEqual(result.file, identityOf(stats));
      await holds(small);
    }
  });

  it('gets no bytes', async () => {
    for (const size of [undefined, 0]) {
      await given(Buffer.alloc(0));
      await downloadFile(store, address, target, { ...options, size, condition: any });
      await holds(Buffer.alloc(0));
    }
  });

  it('asks again without a range if an empty object has none', async () => {
    await given(Buffer.alloc(0));
    meddle(store, (get) => (wanted, how) => {
      if (how?.range === undefined) return get(wanted, how);
      return Promise.reject(new StoreError('invalid', 'InvalidRange', { status: 416 }));
    });
    await downloadFile(store, address, target, options);
    await holds(Buffer.alloc(0));
  });

  it('gets a large object in ranges, each on condition of the first ETag', async () => {
    await given(large);
    const conditions: (string | undefined)[] = [];
    meddle(store, (get) => (wanted, how) => {
      conditions.push(how?.ifMatch);
      return get(wanted, how);
    });
    const progress: number[] = [];
    const { info } = await downloadFile(store, address, target, {
      ...options,
      onProgress: ({ bytes, total }) => {
        assert.equal(total, large.length);
        progress.push(bytes);
      },
    });
    assert.equal(gets(), 4);
    assert.deepEqual(conditions, [undefined, info.etag, info.etag, info.etag]);
    assert.equal(progress.at(-1), large.length);
    assert.deepEqual(
      progress,
      [...progress].sort((one, other) => one - other),
    );
    await holds(large);
  });

  it('leaves a modification time alone if told so', async () => {
    await given(small);
    await downloadFile(store, address, target, { ...options, restoreMtime: false, sync: false });
    assert.ok((await stat(target)).mtimeMs > Date.now() - 60_000);
  });

  it('overwrites only what it is told to', async () => {
    await given(small);
    await writeFile(target, 'good');
    await chmod(target, 0o600);
    const file = identityOf(await stat(target, { bigint: true }));
    const stale = { type: 'matches', file: { ...file, size: 5 } } as const;
    for (const condition of [undefined, stale]) {
      const downloading = downloadFile(store, address, target, { ...options, condition });
      await assert.rejects(downloading, failsFor('targetChanged'));
    }
    assert.deepEqual(store.requests, []);
    assert.equal(await readFile(target, 'utf8'), 'good');
    const condition = { type: 'matches', file } as const;
    const modes = new Set<number>();
    const end = meddle(store, (get) => async (...request) => {
      const answer = await get(...request);
      const body = (async function* () {
        for (const name of await readdir(dirname(target))) {
          if (!name.endsWith('.ssec-part')) continue;
          modes.add((await stat(join(dirname(target), name))).mode & 0o777);
        }
        yield* answer.body;
      })();
      return { ...answer, body };
    });
    await downloadFile(store, address, target, { ...options, condition });
    end();
    await holds(small);
    assert.equal((await stat(target)).mode & 0o777, 0o600);
    // Neither was what is in it readable for others on its way.
    assert.deepEqual([...modes], [0o600]);
    await rm(target);
    await mkdir(target);
    const onFolder = downloadFile(store, address, target, { ...options, condition: any });
    await assert.rejects(onFolder, failsFor('targetChanged'));
  });

  it('does not overwrite what appears or changes meanwhile', async () => {
    await given(small);
    meddle(store, (get) => async (wanted, how) => {
      await writeFile(target, 'good');
      return await get(wanted, how);
    });
    await assert.rejects(downloadFile(store, address, target, options), failsFor('targetChanged'));
    assert.equal(await readFile(target, 'utf8'), 'good');
    assert.deepEqual(await others(), []);
  });

  it('keeps aside what has not the MD5 of its metadata', async () => {
    for (const bytes of [small, large]) {
      await given(bytes, md5(Buffer.from('other')));
      await writeFile(target, 'good');
      const how = { ...options, condition: any };
      for (const name of ['f.bin.md5-mismatch', 'f.bin.md5-mismatch-2']) {
        await assert.rejects(downloadFile(store, address, target, how), (error) => {
          assert.ok(error instanceof TransferError && error.reason === 'contentMismatch');
          assert.ok(error.path.endsWith(name));
          return true;
        });
      }
      assert.equal(await readFile(target, 'utf8'), 'good');
      assert.deepEqual(await others(), ['f.bin.md5-mismatch', 'f.bin.md5-mismatch-2']);
      const [aside = ''] = await others();
      assert.ok((await readFile(folder.path(`${count}/${aside}`))).equals(bytes));
      await downloadFile(store, address, target, { ...how, verify: false });
      for (const name of await others()) await rm(folder.path(`${count}/${name}`));
      await holds(bytes);
    }
  });

  it('compares nothing where there is no MD5', async () => {
    await given(large, '');
    assert.equal((await downloadFile(store, address, target, options)).md5, undefined);
    await holds(large);
  });

  it('tries again what broke, from where it broke', async () => {
    await given(large);
    let asked = 0;
    const ranges: number[] = [];
    meddle(store, (get) => async (wanted, how) => {
      asked += 1;
      const { info, body } = await get(wanted, how);
      if (how?.range !== undefined) ranges.push(how.range.last - how.range.first + 1);
      if (asked > 6) return { info, body };
      const then = asked % 2 === 0 ? new StoreError('network', 'reset') : undefined;
      return { info, body: firstBytes(body, 1_500_000, then) };
    });
    await downloadFile(store, address, target, options);
    await holds(large);
    assert.ok(ranges.some((length) => length < partSize && length !== 1000));
  });

  it('gives up on a server that always cuts short, and leaves nothing', async () => {
    await given(small);
    meddle(store, (get) => async (wanted, how) => {
      const { info, body } = await get(wanted, how);
      return { info, body: firstBytes(body, 0) };
    });
    await assert.rejects(downloadFile(store, address, target, options), (error) =>
      isStoreError(error, 'corrupted'),
    );
    await nothingIsThere();
    assert.deepEqual(await others(), []);
  });

  it('refuses more bytes than it asked for', async () => {
    await given(large);
    // A server that ignores ranges.
    meddle(store, (get) => (wanted, how) => get(wanted, { ...how, range: undefined }));
    await assert.rejects(downloadFile(store, address, target, options), (error) =>
      isStoreError(error, 'corrupted'),
    );
    await nothingIsThere();
  });

  it('starts over when the object is replaced', async () => {
    await given(large);
    const other = randomBytes(large.length);
    let asked = 0;
    meddle(store, (get) => async (wanted, how) => {
      asked += 1;
      if (asked === 3) await given(other);
      return await get(wanted, how);
    });
    await downloadFile(store, address, target, options);
    await holds(other);
  });

  it('notices the replacement on a server that ignores If-Match', async () => {
    await given(large);
    const other = randomBytes(large.length);
    let asked = 0;
    meddle(store, (get) => async (wanted, how) => {
      asked += 1;
      if (asked === 3) await given(other);
      return await get(wanted, { ...how, ifMatch: undefined });
    });
    await downloadFile(store, address, target, options);
    await holds(other);
  });

  it('gives up on an object that is replaced all the time', async () => {
    await given(large);
    meddle(store, (get) => async (wanted, how) => {
      if (how?.range?.first !== 0) await given(randomBytes(large.length));
      return await get(wanted, how);
    });
    await assert.rejects(downloadFile(store, address, target, options), (error) =>
      isStoreError(error, 'conflict'),
    );
    await nothingIsThere();
    assert.deepEqual(await others(), []);
    assert.deepEqual(await options.journal.ids(), []);
  });

  /** Downloads until the second part is asked for. */
  async function interrupted(): Promise<void> {
    const broken = { ...options, patience: { ...patience, attempts: 1 }, limits: createLimits(1) };
    const restore = meddle(
      store,
      (really) => (wanted, how) =>
        how?.range?.first === partSize * 2
          ? Promise.reject(new StoreError('network', 'The connection broke.'))
          : really(wanted, how),
    );
    await assert.rejects(downloadFile(store, address, target, broken), /connection broke/);
    restore();
    await nothingIsThere();
    assert.equal((await others()).length, 1);
    assert.match((await others())[0] ?? '', /^\.f\.bin\.[0-9a-f]{8}\.ssec-part$/);
    store.requests.length = 0;
  }

  it('goes on where it was interrupted', async () => {
    await given(large);
    await interrupted();
    const [id = ''] = await options.journal.ids();
    const text = JSON.stringify(await options.journal.read(id));
    assert.ok(!text.includes(Buffer.from(customerKey.reveal()).toString('base64')));
    const progress: number[] = [];
    await downloadFile(store, address, target, {
      ...options,
      onProgress: ({ bytes }) => progress.push(bytes),
    });
    assert.equal(gets(), 2);
    assert.ok((progress[0] ?? 0) > partSize * 2);
    assert.equal(progress.at(-1), large.length);
    await holds(large);
  });

  it('starts over if the object, the key or the partial file is another', async () => {
    const other = randomBytes(large.length);
    const changes: (() => Promise<unknown>)[] = [
      () => given(other),
      async () => rm(folder.path(`${count}/${(await others())[0] ?? ''}`)),
      async () => writeFile(folder.path(`${count}/${(await others())[0] ?? ''}`), 'short'),
    ];
    for (const change of changes) {
      await given(large);
      await interrupted();
      await change();
      store.requests.length = 0;
      await downloadFile(store, address, target, { ...options, condition: any });
      assert.equal(gets(), 4);
      await holds(change === changes[0] ? other : large);
      await rm(target);
    }
  });

  it('says that the object is gone, and keeps nothing', async () => {
    await given(large);
    await interrupted();
    await store.delete(address);
    await assert.rejects(downloadFile(store, address, target, options), (error) =>
      isStoreError(error, 'notFound'),
    );
    assert.deepEqual(await others(), []);
    assert.deepEqual(await options.journal.ids(), []);
  });

  it('stops when it is cancelled, and keeps or discards the parts', async () => {
    await given(large);
    for (const onAbort of ['keep', 'discard'] as const) {
      const stop = new AbortController();
      const onProgress = (): void => {
        stop.abort();
      };
      const cancelled = { ...options, onAbort, onProgress, signal: stop.signal };
      await assert.rejects(downloadFile(store, address, target, cancelled), (error) =>
        isStoreError(error, 'aborted'),
      );
      await nothingIsThere();
      assert.equal((await others()).length, onAbort === 'keep' ? 1 : 0);
    }
    assert.deepEqual(await options.journal.ids(), []);
    const signal = AbortSignal.abort();
    await assert.rejects(downloadFile(store, address, target, { ...options, signal }));
  });

  it('says that the disk is full, and goes on when it is not', async () => {
    await given(large);
    const limits = createLimits(1);
    const full = onFullDisk(7, () => downloadFile(store, address, target, { ...options, limits }));
    await assert.rejects(full, failsFor('noSpace'));
    await nothingIsThere();
    store.requests.length = 0;
    await downloadFile(store, address, target, options);
    assert.equal(gets(), 3);
    await holds(large);
  });

  it('gives all slots back, whatever happens', async () => {
    const limits = createLimits(2);
    await given(large);
    await interrupted();
    const full = onFullDisk(0, () => downloadFile(store, address, target, { ...options, limits }));
    await assert.rejects(full);
    const missing = store.address('missing');
    await assert.rejects(downloadFile(store, missing, target, { ...options, limits }));
    await Promise.all([limits.slots.acquire(), limits.slots.acquire()]);
  });

  it('makes short names of long ones', async () => {
    await given(small);
    const name = `${'ü'.repeat(120)}.bin`;
    await downloadFile(store, address, folder.path(`${count}/${name}`), options);
    assert.deepEqual(await others(), [name]);
  });
});
