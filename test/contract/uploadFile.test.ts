import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { appendFile, truncate } from 'node:fs/promises';
import type { ObjectStore } from '../../src/core/objectStore.ts';
import { FolderJournal } from '../../src/transfer/transferJournal.ts';
import { TransferError } from '../../src/transfer/transferError.ts';
import { createLimits } from '../../src/transfer/transferLimits.ts';
import { uploadFile } from '../../src/transfer/uploadFile.ts';
import type { Fault } from '../servers/proxyFaults.ts';
import { withFolder } from '../unit/support/folders.ts';
import { rejects } from './rejects.ts';
import { at, keyA, onEveryServer } from './subject.ts';
import { crashAfter, startTransfer } from './transferProcess.ts';

const partSize = 5 * 1024 * 1024;
const customerKey = keyA;
const patience = { attempts: 9, firstDelay: 20, longestDelay: 200 };
const slowDown = '<Error><Code>SlowDown</Code><Message>Please reduce your rate.</Message></Error>';
const echo = ['x-amz-server-side-encryption-customer-key-md5'];

interface Trouble {
  readonly method: string;
  readonly pathRegex: string;
  readonly fault: Fault;
  /** How many requests it hits, one after the other. */
  readonly times: number;
}

const part = { method: 'PUT', pathRegex: 'partNumber=' };
const complete = { method: 'POST', pathRegex: 'uploadId=' };
const busy: Fault = { kind: 'respond', status: 503, body: slowDown };
const troubles: Record<string, Trouble> = {
  'connections reset in the middle of a part': {
    ...{ ...part, times: 3 },
    fault: { kind: 'resetAfter', direction: 'request', bytes: 1_000_000 },
  },
  'parts whose answer gets lost': {
    ...{ ...part, times: 2 },
    fault: { kind: 'reset', when: 'beforeResponse' },
  },
  'a storm of 503': { ...{ method: 'PUT', pathRegex: 'partNumber=', times: 8 }, fault: busy },
  'a start that is refused at first': {
    ...{ method: 'POST', pathRegex: 'uploads', times: 4 },
    fault: busy,
  },
  'an echo that is missing once': {
    ...{ ...part, pathRegex: 'partNumber=3', times: 1 },
    fault: { kind: 'stripResponseHeaders', names: echo },
  },
  'a completion whose answer gets lost': {
    ...{ ...complete, times: 3 },
    fault: { kind: 'reset', when: 'beforeResponse' },
  },
  'error documents in a 200': {
    ...{ ...complete, times: 4 },
    fault: { kind: 'respond', status: 200, body: slowDown },
  },
};

onEveryServer('uploadFile', ({ server, buckets, proxy, raw, open, openThroughProxy }) => {
  const folder = withFolder();
  const bytes = randomBytes(partSize * 2 + 1000);
  let bucket: string;
  let direct: ObjectStore;
  let store: ObjectStore;
  let path: string;

  before(async function () {
    this.timeout(120_000);
    bucket = await buckets.create();
    ({ store: direct } = open());
    ({ store } = openThroughProxy());
    path = await folder.write('f.bin', bytes);
  });
  beforeEach(async function () {
    this.currentTest?.timeout(60_000);
    await proxy.clearFaults();
    await proxy.clear();
  });
  after(() => proxy.clearFaults());

  async function holds(key: string, expected: Uint8Array = bytes): Promise<void> {
    const keyed = { method: 'GET', bucket, key, customerKey: customerKey.reveal() } as const;
    const { status, body } = await raw.send(keyed);
    assert.equal(status, 200);
    assert.ok(body.equals(expected), 'the object has the bytes of the file');
    assert.equal((await raw.send({ method: 'GET', bucket, key })).status, 400);
  }

  async function unfinished(key: string): Promise<number> {
    let count = 0;
    for await (const upload of direct.multipart.listUploads(bucket, key)) {
      if (upload.key === key) count += 1;
    }
    return count;
  }

  async function sentParts(): Promise<string[]> {
    const requests = await proxy.requests();
    return requests
      .map(({ path: sent }) => /partNumber=(\d+)/.exec(sent)?.[1])
      .filter((number) => number !== undefined)
      .sort();
  }

  it('uploads files of all sizes', async () => {
    for (const size of [0, 1, partSize, partSize + 1, bytes.length]) {
      const file = await folder.write(`of-${size}`, bytes.subarray(0, size));
      const key = `of ${size}`;
      const result = await uploadFile(store, file, at(bucket, key), { customerKey, partSize });
      assert.equal(result.size, size);
      await holds(key, bytes.subarray(0, size));
      const { etag, properties } = await direct.head(at(bucket, key), { customerKey });
      assert.equal(etag, result.etag);
      assert.equal(properties.metadata?.['md5chksum'], result.md5);
      assert.match(properties.metadata?.['mtime'] ?? '', /^\d+\.\d+$/);
    }
  });

  for (const [name, { method, pathRegex, fault, times }] of Object.entries(troubles)) {
    it(`gets through ${name}`, async () => {
      for (let time = 0; time < times; time += 1) {
        await proxy.addFault({ match: { method, pathRegex, nth: 1 }, fault });
      }
      await uploadFile(store, path, at(bucket, name), { customerKey, partSize, patience });
      await holds(name);
      assert.equal(await unfinished(name), 0);
      const faults = (await proxy.requests()).filter((request) => request.fault !== undefined);
      assert.equal(faults.length, times, 'every fault was met');
    });
  }

  it('does not overwrite what somebody else wrote meanwhile', async () => {
    const address = at(bucket, 'raced');
    // Slow until somebody else has written.
    const limits = createLimits(1, 500_000);
    let raced: Promise<unknown> | undefined;
    const theirs = Buffer.from('theirs');
    const uploading = uploadFile(store, path, address, {
      ...{ customerKey, partSize, patience, limits },
      onProgress: () => {
        raced ??= direct
          .put(address, theirs, { customerKey, condition: { type: 'any' } })
          .finally(() => {
            limits.bandwidth.limit = undefined;
          });
      },
    });
    await rejects(uploading, 'conflict');
    await raced;
    await holds('raced', theirs);
    assert.equal(await unfinished('raced'), 0);
  });

  it('leaves nothing of a file that changes meanwhile', async () => {
    const changing = await folder.write('changing', bytes);
    const changes = [() => appendFile(changing, 'more'), () => truncate(changing, 1000)];
    for (const change of changes) {
      await folder.write('changing', bytes);
      const limits = createLimits(1, 500_000);
      let changed: Promise<void> | undefined;
      const uploading = uploadFile(store, changing, at(bucket, 'changing'), {
        ...{ customerKey, partSize, patience, limits },
        onProgress: () => {
          changed ??= change().finally(() => {
            limits.bandwidth.limit = undefined;
          });
        },
      });
      await assert.rejects(
        uploading,
        (error) => error instanceof TransferError && error.reason === 'fileChanged',
      );
      await changed;
      await rejects(direct.head(at(bucket, 'changing'), { customerKey }), 'notFound');
      assert.equal(await unfinished('changing'), 0);
    }
  });

  it('goes on after a crash, and sends no part again that had arrived', async () => {
    const journal = folder.path('journal');
    const big = randomBytes(partSize * 5 + 1);
    const file = await folder.write('crashing', big);
    const key = 'crashing';
    const child = {
      ...({ direction: 'upload', server, endpoint: server.proxy.endpoint, bucket, key } as const),
      ...{ path: file, journal, partSize, bytesPerSecond: 10_000_000 },
      customerKey: Buffer.from(customerKey.reveal()).toString('base64'),
    };
    await crashAfter(
      child,
      proxy,
      2,
      (request) => request.path.includes('partNumber=') && request.status === 200,
    );
    await rejects(direct.head(at(bucket, key), { customerKey }), 'notFound');
    const arrived = (await proxy.requests())
      .filter((request) => request.status === 200)
      .map((request) => /partNumber=(\d+)/.exec(request.path)?.[1]);
    await proxy.clear();
    const kept = new FolderJournal(journal);
    await uploadFile(store, file, at(bucket, key), { customerKey, partSize, journal: kept });
    const again = await sentParts();
    assert.ok(again.length >= 3 && again.length <= 4, String(again));
    for (const number of again) assert.ok(!arrived.includes(number), `part ${number} again`);
    assert.deepEqual(await kept.ids(), []);
    await holds(key, big);
  });

  it('has memory that does not grow with the file', async () => {
    const file = await folder.write('sparse', Buffer.alloc(0));
    await truncate(file, 512 * 1024 * 1024);
    const { memory } = startTransfer({
      ...{ direction: 'upload', server, endpoint: server.endpoint, bucket, key: 'sparse' },
      ...{ path: file, customerKey: Buffer.from(customerKey.reveal()).toString('base64') },
    });
    assert.ok((await memory) < 400, `${await memory} MiB`);
    assert.equal(
      (await direct.head(at(bucket, 'sparse'), { customerKey })).size,
      512 * 1024 * 1024,
    );
    await direct.delete(at(bucket, 'sparse'));
  });
});
