import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ObjectStore } from '../../src/core/objectStore.ts';
import { planDownload } from '../../src/transfer/downloadPlan.ts';
import { downloadTasks } from '../../src/transfer/downloadTasks.ts';
import { downloadTree } from '../../src/transfer/downloadTree.ts';
import type { TransferContext } from '../../src/transfer/transferContext.ts';
import { FolderJournal } from '../../src/transfer/transferJournal.ts';
import { discardUnfinished, findUnfinished } from '../../src/transfer/unfinished.ts';
import { planUpload } from '../../src/transfer/uploadPlan.ts';
import { uploadTasks } from '../../src/transfer/uploadTasks.ts';
import { uploadTree, type UploadTreeOptions } from '../../src/transfer/uploadTree.ts';
import { PlannedKeys } from '../unit/doubles/plannedKeys.ts';
import { withFolder } from '../unit/support/folders.ts';
import { keyA, keyB, onEveryServer } from './subject.ts';

const partSize = 5 * 1024 * 1024;
const patience = { attempts: 9, firstDelay: 20, longestDelay: 200 };
const slowDown = '<Error><Code>SlowDown</Code><Message>Please reduce your rate.</Message></Error>';

onEveryServer('trees of files', ({ buckets, proxy, raw, openThroughProxy }) => {
  const folder = withFolder();
  const contents = new Map<string, Buffer>([
    ['a.txt', Buffer.from('a')],
    ['empty', Buffer.alloc(0)],
    ['50% off? #1 +&=;,.txt', Buffer.from('odd')],
    ['dir/sub dir/ünï ✓ 😀.bin', randomBytes(70_000)],
    ['dir/sub dir-/large.bin', randomBytes(partSize * 2 + 17)],
    ['.hidden/.dot', Buffer.from('dot')],
  ]);
  let bucket: string;
  let store: ObjectStore;
  let keys: PlannedKeys;
  let context: TransferContext;

  before(async function () {
    this.timeout(120_000);
    bucket = await buckets.create();
    ({ store } = openThroughProxy());
    for (const [name, bytes] of contents) {
      const path = folder.path(`tree/${name}`);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, bytes);
      await utimes(path, 1_354_040_105.5, 1_354_040_105.5);
    }
  });
  beforeEach(async function () {
    this.currentTest?.timeout(60_000);
    keys = new PlannedKeys([keyB, keyA, 'none']);
    keys.forNew = keyA;
    context = { stores: { get: () => Promise.resolve(store) }, keys };
    await proxy.clearFaults();
    await proxy.clear();
  });
  after(() => proxy.clearFaults());

  const place = (prefix: string): { connection: string; bucket: string; prefix: string } => ({
    ...{ connection: 'test', bucket, prefix },
  });
  async function up(
    prefix: string,
    options: UploadTreeOptions = {},
  ): ReturnType<typeof uploadTree> {
    const plan = await planUpload(context, [folder.path('tree')], place(prefix));
    const tasks = await uploadTasks(context, plan, 'overwrite');
    return await uploadTree(context, tasks, { partSize, patience, ...options });
  }
  async function down(prefix: string, to: string): ReturnType<typeof downloadTree> {
    const system = 'posix';
    const sources = [{ type: 'prefix', address: place(prefix) }] as const;
    const plan = await planDownload(context, sources, folder.path(to), { system });
    assert.deepEqual(plan.problems, []);
    const tasks = await downloadTasks(plan, 'overwrite', system);
    return await downloadTree(context, folder.path(to), tasks, { partSize, patience });
  }
  async function holds(to: string): Promise<void> {
    const found = await readdir(folder.path(to), { recursive: true, withFileTypes: true });
    assert.equal(found.filter((each) => each.isFile()).length, contents.size);
    for (const [name, bytes] of contents) {
      const path = join(folder.path(to), name);
      assert.ok(bytes.equals(await readFile(path)), name);
      assert.equal((await stat(path)).mtimeMs, 1_354_040_105_500, name);
    }
  }
  const everything = { succeeded: contents.size, failures: [], skipped: 0 };

  it('go up and come down, every byte and time, encrypted', async () => {
    const { bytes, ...rest } = await up('one/');
    assert.deepEqual(rest, everything);
    assert.equal(
      bytes,
      [...contents.values()].reduce((sum, each) => sum + each.length, 0),
    );
    const keyless = await raw.send({ method: 'GET', bucket, key: 'one/tree/a.txt' });
    assert.equal(keyless.status, 400);
    assert.equal((await down('one/tree/', 'one')).succeeded, contents.size);
    await holds('one/tree');
  });

  it('get through storms of 503, resets and lost answers', async () => {
    for (let time = 0; time < 5; time += 1) {
      await proxy.addFault({
        match: { method: 'PUT', pathRegex: 'two/tree', nth: 2 },
        fault: { kind: 'respond', status: 503, body: slowDown },
      });
      await proxy.addFault({
        match: { method: 'PUT', pathRegex: 'two/tree', nth: 1 },
        fault: { kind: 'reset', when: 'beforeResponse' },
      });
    }
    const { succeeded, failures } = await up('two/');
    assert.deepEqual([succeeded, failures], [contents.size, []]);
    for (let time = 0; time < 4; time += 1) {
      await proxy.addFault({
        match: { method: 'GET', pathRegex: 'two/tree/dir', nth: 1 },
        fault: { kind: 'resetAfter', direction: 'response', bytes: 30_000 },
      });
    }
    assert.deepEqual((await down('two/tree/', 'two')).failures, []);
    await holds('two/tree');
  });

  it('go on after a token expired in the middle', async () => {
    const expired =
      '<Error><Code>ExpiredToken</Code><Message>The token has expired.</Message></Error>';
    for (let time = 0; time < contents.size + 2; time += 1) {
      await proxy.addFault({
        match: { method: 'PUT', pathRegex: 'token/tree', nth: 3 + time },
        fault: { kind: 'respond', status: 400, body: expired },
      });
    }
    const { succeeded, failures, skipped } = await up('token/');
    assert.ok(succeeded >= 1 && failures.length >= 1, `${succeeded} and ${failures.length}`);
    assert.equal(succeeded + failures.length + skipped, contents.size);
    for (const { error } of failures)
      assert.equal((error as { kind?: string }).kind, 'credentials');
    await proxy.clearFaults();
    assert.deepEqual((await up('token/')).failures, []);
    assert.deepEqual((await down('token/tree/', 'token')).failures, []);
    await holds('token/tree');
  });

  it('get over a clock that goes wrong', async () => {
    // It is believed, so that the next requests are 20 minutes off, and refused by the real server.
    const date = new Date(Date.now() + 20 * 60_000).toUTCString();
    const skewed =
      '<Error><Code>RequestTimeTooSkewed</Code><Message>The clocks differ.</Message></Error>';
    await proxy.addFault({
      match: { method: 'PUT', pathRegex: 'clock/tree', nth: 1 },
      fault: {
        kind: 'respond',
        status: 403,
        body: skewed,
        headers: { date },
      },
    });
    assert.deepEqual((await up('clock/')).failures, []);
    await down('clock/tree/', 'clock');
    await holds('clock/tree');
  });

  it('replace what is encrypted with another key or not at all', async () => {
    for (const [key, customerKey] of [
      ['three/tree/a.txt', keyB],
      ['three/tree/empty', undefined],
    ] as const) {
      const own = customerKey?.reveal();
      await raw.send({
        ...{ method: 'PUT', bucket, key, body: 'old' },
        ...(own === undefined ? {} : { customerKey: own }),
      });
    }
    const { succeeded, failures } = await up('three/');
    assert.deepEqual([succeeded, failures], [contents.size, []]);
    const { status, body } = await raw.send({
      ...{ method: 'GET', bucket, key: 'three/tree/a.txt', customerKey: keyA.reveal() },
    });
    assert.deepEqual([status, body.toString()], [200, 'a']);
    assert.equal((await raw.send({ method: 'GET', bucket, key: 'three/tree/empty' })).status, 400);
  });

  it('leave an unfinished upload that is found and removed, or gone on with', async () => {
    const journal = new FolderJournal(folder.path('journal'));
    const cut = async (): Promise<void> => {
      const controller = new AbortController();
      await proxy.clear();
      await proxy.addFault({
        match: { method: 'PUT', pathRegex: 'partNumber=2' },
        fault: { kind: 'delay', milliseconds: 30_000 },
      });
      const running = up('four/', { journal, signal: controller.signal });
      const isOne = ({ path, status: answered }: { path: string; status?: number }): boolean =>
        path.includes('partNumber=1') && answered === 200;
      while (!(await proxy.requests()).some(isOne)) {
        await new Promise((resolve) => setTimeout(resolve, 30));
      }
      controller.abort();
      assert.ok((await running).skipped > 0);
      await proxy.clearFaults();
    };
    await cut();
    const [found, ...others] = await findUnfinished(context, journal, place('four/'));
    assert.ok(found);
    assert.equal(others.length, 0);
    assert.equal(found.address.key, 'four/tree/dir/sub dir-/large.bin');
    assert.equal(found.path, folder.path('tree/dir/sub dir-/large.bin'));
    assert.ok(Math.abs(Date.now() - found.begunAt.getTime()) < 3_600_000);
    await discardUnfinished(context, journal, found);
    assert.deepEqual(await findUnfinished(context, journal, place('four/')), []);
    assert.deepEqual(await journal.ids(), []);
    await cut();
    await proxy.clear();
    const { succeeded, failures } = await up('four/', { journal });
    assert.deepEqual([succeeded, failures], [contents.size, []]);
    const parts = (await proxy.requests()).filter(({ path }) => path.includes('partNumber='));
    assert.ok(!parts.some(({ path }) => path.includes('partNumber=1')), 'it is not sent again');
    await rm(folder.path('four'), { recursive: true, force: true });
    await down('four/tree/', 'four');
    await holds('four/tree');
  });
});
