import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, truncate } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { ObjectStore } from '../../src/core/objectStore.ts';
import { downloadFile } from '../../src/transfer/downloadFile.ts';
import { FolderJournal } from '../../src/transfer/transferJournal.ts';
import { TransferError } from '../../src/transfer/transferError.ts';
import { createLimits } from '../../src/transfer/transferLimits.ts';
import { uploadFile } from '../../src/transfer/uploadFile.ts';
import type { Fault } from '../servers/proxyFaults.ts';
import { withFolder } from '../unit/support/folders.ts';
import { onFullDisk } from '../unit/support/fullDisk.ts';
import { rejects } from './rejects.ts';
import { at, keyA, keyB, onEveryServer } from './subject.ts';
import { crashAfter, startTransfer } from './transferProcess.ts';

const run = promisify(execFile);
const partSize = 5 * 1024 * 1024;
const customerKey = keyA;
const patience = { attempts: 9, firstDelay: 20, longestDelay: 200 };
const slowDown = '<Error><Code>SlowDown</Code><Message>Please reduce your rate.</Message></Error>';

/** What happens to so many GETs, one after the other. */
const troubles: Record<string, readonly [fault: Fault, times: number]> = {
  'connections reset in the middle of a body': [
    { kind: 'resetAfter', direction: 'response', bytes: 1_500_000 },
    4,
  ],
  'bodies cut short': [{ kind: 'truncateBody', bytes: 1_500_000 }, 4],
  'a storm of 503': [{ kind: 'respond', status: 503, body: slowDown }, 12],
  'connections reset before the answer': [{ kind: 'reset', when: 'beforeForward' }, 4],
};

onEveryServer('downloadFile', ({ server, buckets, proxy, open, openThroughProxy }) => {
  const folder = withFolder();
  const bytes = randomBytes(partSize * 2 + 1000);
  const key = 'dir/f.bin';
  let bucket: string;
  let direct: ObjectStore;
  let store: ObjectStore;
  let target: string;
  let count = 0;

  before(async function () {
    this.timeout(120_000);
    bucket = await buckets.create();
    ({ store: direct } = open());
    ({ store } = openThroughProxy());
    await given(bytes);
  });
  beforeEach(async function () {
    this.currentTest?.timeout(60_000);
    await proxy.clearFaults();
    await proxy.clear();
    count += 1;
    await mkdir(folder.path(String(count)));
    target = folder.path(`${count}/f.bin`);
  });
  after(() => proxy.clearFaults());

  /** Uploads as a user would. */
  async function given(content: Uint8Array, name = key): Promise<void> {
    const path = await folder.write('source', content);
    const how = { customerKey, partSize, condition: { type: 'any' } } as const;
    await uploadFile(direct, path, at(bucket, name), how);
  }

  async function holds(expected: Uint8Array = bytes): Promise<void> {
    assert.ok((await readFile(target)).equals(expected), 'the file has the bytes of the object');
    assert.deepEqual(await readdir(folder.path(String(count))), ['f.bin']);
  }

  async function nothingIsThere(): Promise<void> {
    await assert.rejects(stat(target), { code: 'ENOENT' });
  }

  it('downloads objects of all sizes', async () => {
    for (const size of [0, 1, partSize, partSize + 1, bytes.length]) {
      await given(bytes.subarray(0, size), 'sized');
      for (const told of [undefined, size]) {
        const how = { customerKey, partSize, size: told, condition: { type: 'any' } } as const;
        const { info, md5 } = await downloadFile(store, at(bucket, 'sized'), target, how);
        assert.equal(info.size, size);
        assert.notEqual(md5, undefined);
        await holds(bytes.subarray(0, size));
        const { mtimeMs } = await stat(target);
        const source = await stat(folder.path('source'));
        assert.ok(Math.abs(mtimeMs - source.mtimeMs) < 0.01, 'the modification time is restored');
      }
    }
  });

  it('asks for ranges on condition of the ETag', async () => {
    await downloadFile(store, at(bucket, key), target, { customerKey, partSize });
    const requests = await proxy.requests();
    const ranges = requests.map(({ headers }) => headers['range']).sort();
    assert.deepEqual(ranges, [
      'bytes=0-5242879',
      'bytes=10485760-10486759',
      'bytes=5242880-10485759',
    ]);
    assert.equal(requests.filter(({ headers }) => headers['if-match'] !== undefined).length, 2);
    for (const { customerKey: sent } of requests)
      assert.equal(sent.keyMd5, customerKey.fingerprint);
    await holds();
  });

  for (const [name, [fault, times]] of Object.entries(troubles)) {
    it(`gets through ${name}`, async () => {
      for (let time = 0; time < times; time += 1) {
        await proxy.addFault({ match: { method: 'GET', nth: 1 }, fault });
      }
      await downloadFile(store, at(bucket, key), target, { customerKey, partSize, patience });
      await holds();
      const requests = await proxy.requests();
      assert.equal(requests.filter((request) => request.fault !== undefined).length, times);
    });
  }

  it('starts over when the object is replaced meanwhile', async () => {
    const other = randomBytes(bytes.length);
    await given(bytes, 'replaced');
    let replaced: Promise<void> | undefined;
    // Slow until it is replaced.
    const limits = createLimits(1, 500_000);
    const { info } = await downloadFile(store, at(bucket, 'replaced'), target, {
      ...{ customerKey, partSize, patience, limits },
      onProgress: () => {
        replaced ??= given(other, 'replaced').finally(() => {
          limits.bandwidth.limit = undefined;
        });
      },
    });
    await replaced;
    await holds(other);
    const { etag } = await direct.head(at(bucket, 'replaced'), { customerKey });
    assert.equal(info.etag, etag);
  });

  it('fails on the wrong key, on none, and on what is not there', async () => {
    const other = { partSize, patience, customerKey: keyB };
    await rejects(downloadFile(store, at(bucket, key), target, other), 'customerKeyMismatch');
    const none = downloadFile(store, at(bucket, key), target, { partSize, patience });
    await rejects(none, 'customerKeyRequired');
    const missing = downloadFile(store, at(bucket, 'missing'), target, { customerKey });
    await rejects(missing, 'notFound');
    await nothingIsThere();
    assert.deepEqual(await readdir(folder.path(String(count))), []);
  });

  it('goes on after a crash, and gets only what is missing', async () => {
    const big = randomBytes(partSize * 20 + 1);
    await given(big, 'crashing');
    const journal = folder.path(`journal${count}`);
    const child = {
      ...({ direction: 'download', server, endpoint: server.proxy.endpoint, bucket } as const),
      ...{ key: 'crashing', path: target, journal, partSize, bytesPerSecond: 40_000_000 },
      customerKey: Buffer.from(customerKey.reveal()).toString('base64'),
    };
    // What has arrived is noted every 64 MiB.
    await crashAfter(child, proxy, 17, ({ responseBytes }) => responseBytes === partSize);
    await nothingIsThere();
    await proxy.clear();
    const kept = new FolderJournal(journal);
    const how = { customerKey, partSize, journal: kept };
    await downloadFile(store, at(bucket, 'crashing'), target, how);
    const gets = (await proxy.requests()).filter(({ method }) => method === 'GET').length;
    assert.ok(gets >= 1 && gets <= 8, `${gets} GETs`);
    assert.deepEqual(await kept.ids(), []);
    await holds(big);
  });

  it('says that the disk is full, and goes on when there is space', async () => {
    const journal = new FolderJournal(folder.path(`journal${count}`));
    const how = { customerKey, partSize, journal, limits: createLimits(1) };
    const download = (): Promise<unknown> => downloadFile(store, at(bucket, key), target, how);
    const isFull = (error: unknown): boolean =>
      error instanceof TransferError && error.reason === 'noSpace';
    await assert.rejects(onFullDisk(7, download), isFull);
    await nothingIsThere();
    await proxy.clear();
    await download();
    assert.equal((await proxy.requests()).filter(({ method }) => method === 'GET').length, 2);
    await holds();
  });

  it('looks for space before it starts', async function () {
    const disk = folder.path(String(count));
    try {
      await run('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk]);
    } catch {
      // Only root may; the test before this one has covered the rest.
      return;
    }
    try {
      const downloading = downloadFile(store, at(bucket, key), target, { customerKey, partSize });
      await assert.rejects(
        downloading,
        (error) => error instanceof TransferError && error.reason === 'noSpace',
      );
      assert.deepEqual(await readdir(disk), []);
    } finally {
      await run('umount', [disk]);
    }
  });

  it('has memory that does not grow with the object', async () => {
    const path = await folder.write('sparse', Buffer.alloc(0));
    await truncate(path, 512 * 1024 * 1024);
    const how = { customerKey, md5: true };
    await uploadFile(direct, path, at(bucket, 'sparse'), how);
    const { memory } = startTransfer({
      ...{ direction: 'download', server, endpoint: server.endpoint, bucket, key: 'sparse' },
      ...{ path: target, customerKey: Buffer.from(customerKey.reveal()).toString('base64') },
    });
    assert.ok((await memory) < 400, `${await memory} MiB`);
    assert.equal((await stat(target)).size, 512 * 1024 * 1024);
    await rm(target);
    await direct.delete(at(bucket, 'sparse'));
  });
});
