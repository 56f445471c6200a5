import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CustomerKey } from '../../../src/core/customerKey.ts';
import { isStoreError } from '../../../src/core/storeError.ts';
import { planDownload, type DownloadSource } from '../../../src/transfer/downloadPlan.ts';
import { downloadTasks } from '../../../src/transfer/downloadTasks.ts';
import { downloadTree } from '../../../src/transfer/downloadTree.ts';
import { createLimits } from '../../../src/transfer/transferLimits.ts';
import { FolderJournal } from '../../../src/transfer/transferJournal.ts';
import type { LocalSystem } from '../../../src/transfer/sync/nameRules.ts';
import { MemoryStore } from '../doubles/memoryStore.ts';
import { memoryStores } from '../doubles/memoryStores.ts';
import { PlannedKeys } from '../doubles/plannedKeys.ts';
import { withFolder } from '../support/folders.ts';

const customerKey = CustomerKey.generate();
const otherKey = CustomerKey.generate();
const partSize = 5 * 1024 * 1024;

describe('downloading trees', () => {
  const base = withFolder();
  let store: MemoryStore;
  let keys: PlannedKeys;
  let folder: string;
  let count = 0;

  beforeEach(async () => {
    count += 1;
    store = new MemoryStore();
    keys = new PlannedKeys([otherKey, customerKey, 'none']);
    folder = base.path(`into${count}/down`);
    await mkdir(folder, { recursive: true });
  });

  const context = (): { stores: ReturnType<typeof memoryStores>; keys: PlannedKeys } => ({
    ...{ stores: memoryStores(store), keys },
  });
  const put = async (key: string, content: string | Uint8Array): Promise<void> => {
    await store.put(store.address(key), Buffer.from(content), {
      ...{ condition: { type: 'any' }, customerKey },
    });
  };
  const below = (prefix: string): DownloadSource => ({
    ...{ type: 'prefix', address: { connection: 'memory', bucket: 'bucket', prefix } },
  });
  const object = (key: string): DownloadSource => ({
    ...{ type: 'object', address: store.address(key) },
  });
  const plan = (
    sources: readonly DownloadSource[],
    system: LocalSystem = 'posix',
  ): ReturnType<typeof planDownload> => planDownload(context(), sources, folder, { system });
  const filesIn = async (path: string): Promise<string[]> =>
    (await readdir(path, { recursive: true })).sort();

  it('gets a prefix under its name and an object under its own, one GET each', async () => {
    for (const key of ['in/a/1.txt', 'in/a/b/2.txt', 'in/ab', 'x/y.txt']) await put(key, key);
    const planned = await plan([below('in/a/'), object('x/y.txt')]);
    assert.deepEqual(planned.problems, []);
    store.requests.length = 0;
    const report = await downloadTree(
      context(),
      folder,
      await downloadTasks(planned, 'skip', 'posix'),
      { limits: undefined },
    );
    assert.deepEqual(report, { succeeded: 3, failures: [], skipped: 0, bytes: 29 });
    assert.deepEqual(await filesIn(folder), ['a', 'a/1.txt', 'a/b', 'a/b/2.txt', 'y.txt']);
    assert.equal(await readFile(join(folder, 'a/b/2.txt'), 'utf8'), 'in/a/b/2.txt');
    // Several start at once with the wrong key; what fits is known then.
    assert.ok(store.requests.every((request) => request.startsWith('get ')));
  });

  it('tries what opened the last object of the bucket first', async () => {
    for (let index = 0; index < 50; index += 1) await put(`many/${index}`, 'x');
    const planned = await plan([below('many/')]);
    store.requests.length = 0;
    const tasks = await downloadTasks(planned, 'skip', 'posix');
    await downloadTree(context(), folder, tasks.slice(0, 1));
    assert.equal(store.requests.length, 2);
    await downloadTree(context(), folder, tasks.slice(1));
    assert.ok(store.requests.length <= 2 + 49 + 8, String(store.requests.length));
  });

  it('makes empty folders of their markers', async () => {
    await put('in/empty/', '');
    await put('in/marker/', 'content');
    const planned = await plan([below('in/')]);
    assert.equal(planned.problems.length, 1);
    await downloadTree(context(), folder, await downloadTasks(planned, 'skip', 'posix'));
    assert.deepEqual(await filesIn(folder), ['in', 'in/empty']);
  });

  it('never writes outside of the folder, nor under another name', async () => {
    const keysThere = ['in/../../evil', 'in/./dot', 'in//double', 'in/\0nul', 'in//etc/evil'];
    for (const key of [...keysThere, '../evil', '/abs', 'in/ok']) await put(key, 'evil');
    const planned = await plan([below('in/'), object('../evil'), object('/abs')]);
    assert.deepEqual(planned.problems.map(({ address }) => address.key).sort(), keysThere.sort());
    await downloadTree(context(), folder, await downloadTasks(planned, 'skip', 'posix'));
    // Under the last segment of its key an object is where it was asked to be.
    assert.deepEqual(await filesIn(base.path(`into${count}`)), [
      ...['down', 'down/abs', 'down/evil', 'down/in', 'down/in/ok'],
    ]);
  });

  it('writes through no symbolic link', async () => {
    await put('in/link/file', 'x');
    await put('in/file', 'x');
    const outside = base.path(`outside${count}`);
    await mkdir(outside);
    await mkdir(join(folder, 'in'));
    await symlink(outside, join(folder, 'in/link'));
    await symlink(join(outside, 'new'), join(folder, 'in/file'));
    const planned = await plan([below('in/')]);
    assert.deepEqual(
      planned.problems.map(({ address }) => address.key),
      ['in/file'],
    );
    const tasks = await downloadTasks(planned, 'overwrite', 'posix');
    const report = await downloadTree(context(), folder, tasks);
    assert.equal(report.failures.length, 1);
    assert.deepEqual(await readdir(outside), []);
  });

  it('tells names that the system cannot hold, alone or together', async () => {
    for (const key of ['in/A', 'in/a', 'in/con', 'in/b', 'in/b/c', 'in/q?']) await put(key, '');
    const problems = async (system: LocalSystem): Promise<string[]> =>
      (await plan([below('in/')], system)).problems.map(({ address }) => address.key).sort();
    assert.deepEqual(await problems('posix'), ['in/b']);
    assert.deepEqual(await problems('darwin'), ['in/A', 'in/a', 'in/b']);
    assert.deepEqual(await problems('win32'), ['in/A', 'in/a', 'in/b', 'in/con', 'in/q?']);
  });

  it('skips, overwrites or keeps both', async () => {
    await put('in/a.txt', 'new');
    await mkdir(join(folder, 'in'));
    const file = join(folder, 'in/a.txt');
    await writeFile(file, 'old');
    await writeFile(join(folder, 'in/a (2).txt'), 'second');
    const planned = await plan([below('in/')]);
    assert.deepEqual(await downloadTasks(planned, 'skip', 'posix'), []);
    await downloadTree(context(), folder, await downloadTasks(planned, 'keepBoth', 'posix'));
    assert.equal(await readFile(file, 'utf8'), 'old');
    assert.equal(await readFile(join(folder, 'in/a (3).txt'), 'utf8'), 'new');
    await downloadTree(context(), folder, await downloadTasks(planned, 'overwrite', 'posix'));
    assert.equal(await readFile(file, 'utf8'), 'new');
  });

  it('overwrites no file that appeared or changed since the plan', async () => {
    await put('in/a', 'new');
    await put('in/b', 'new');
    await mkdir(join(folder, 'in'));
    await writeFile(join(folder, 'in/a'), 'old');
    const planned = await plan([below('in/')]);
    const tasks = await downloadTasks(planned, 'overwrite', 'posix');
    await writeFile(join(folder, 'in/a'), 'changed');
    await writeFile(join(folder, 'in/b'), 'appeared');
    const report = await downloadTree(context(), folder, tasks);
    assert.equal(report.failures.length, 2);
    assert.equal(await readFile(join(folder, 'in/a'), 'utf8'), 'changed');
    assert.equal(await readFile(join(folder, 'in/b'), 'utf8'), 'appeared');
  });

  it('goes on with a large object, whichever key is tried first', async () => {
    const bytes = Buffer.alloc(partSize * 3, 'abcdefg');
    await put('large', bytes);
    const journal = new FolderJournal(base.path(`journal${count}`));
    const controller = new AbortController();
    const tasks = await downloadTasks(await plan([object('large')]), 'skip', 'posix');
    const first = await downloadTree(context(), folder, tasks, {
      ...{ journal, partSize, signal: controller.signal, limits: createLimits(1) },
      onProgress: ({ bytes: across }) => {
        if (across > partSize * 2.5) controller.abort();
      },
    });
    assert.equal(first.skipped, 1);
    store.requests.length = 0;
    const again = await downloadTree(context(), folder, tasks, { journal, partSize });
    assert.equal(again.succeeded, 1);
    assert.ok(bytes.equals(await readFile(join(folder, 'large'))));
    const gets = store.requests.filter((request) => request.startsWith('get '));
    assert.equal(gets.length, 1, store.requests.join('\n'));
    assert.deepEqual(await journal.ids(), []);
  });

  it('says that there is nothing, and fails what no key opens', async () => {
    await assert.rejects(plan([below('none/')]), (error) => isStoreError(error, 'notFound'));
    await assert.rejects(plan([object('none')]), (error) => isStoreError(error, 'notFound'));
    await put('locked', 'x');
    keys.candidatesToYield = [otherKey, 'none'];
    const tasks = await downloadTasks(await plan([object('locked')]), 'skip', 'posix');
    const report = await downloadTree(context(), folder, tasks);
    assert.ok(isStoreError(report.failures[0]?.error, 'customerKeyMismatch'));
    await assert.rejects(stat(join(folder, 'locked')));
    assert.deepEqual(await readdir(folder), []);
  });
});
