import assert from 'node:assert/strict';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { CustomerKey } from '../../../src/core/customerKey.ts';
import { Secret } from '../../../src/core/secret.ts';
import { isStoreError, StoreError } from '../../../src/core/storeError.ts';
import { decryptBytes, encryptBytes } from '../../../src/transfer/gpgBytes.ts';
import { planUpload } from '../../../src/transfer/uploadPlan.ts';
import { uploadTasks } from '../../../src/transfer/uploadTasks.ts';
import { uploadTree, type UploadTask } from '../../../src/transfer/uploadTree.ts';
import { MemoryStore } from '../doubles/memoryStore.ts';
import { memoryStores } from '../doubles/memoryStores.ts';
import { plannedGpg } from '../doubles/plannedGpg.ts';
import { PlannedKeys } from '../doubles/plannedKeys.ts';
import { withFolder } from '../support/folders.ts';

const customerKey = CustomerKey.generate();
const patience = { attempts: 2, firstDelay: 1, longestDelay: 1 };

describe('uploading trees', () => {
  const folder = withFolder();
  let store: MemoryStore;
  let keys: PlannedKeys;
  let root: string;
  let count = 0;

  beforeEach(async () => {
    count += 1;
    store = new MemoryStore();
    keys = new PlannedKeys([customerKey]);
    keys.forNew = customerKey;
    root = folder.path(`tree${count}`);
    await mkdir(`${root}/sub/deep`, { recursive: true });
    await writeFile(`${root}/a.txt`, 'a');
    await writeFile(`${root}/sub/b.txt`, 'bb');
    await writeFile(`${root}/sub/deep/c.txt`, 'ccc');
    await writeFile(`${root}/.ssecignore`, 'sub\n');
  });

  const target = { connection: 'memory', bucket: 'bucket', prefix: 'to/' };
  const context = (): { stores: ReturnType<typeof memoryStores>; keys: PlannedKeys } => ({
    ...{ stores: memoryStores(store), keys },
  });
  const keysThere = async (): Promise<string[]> =>
    (await store.list({ bucket: 'bucket', prefix: '' })).objects.map(({ key }) => key);
  const put = async (key: string, text: string): Promise<void> => {
    await store.put(store.address(key), Buffer.from(text), { condition: { type: 'any' } });
  };
  const textAt = async (key: string, withKey?: CustomerKey): Promise<string> => {
    const { body } = await store.get(store.address(key), { customerKey: withKey });
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
  };

  it('puts a folder under its name, encrypted, and says how far it is', async () => {
    const plan = await planUpload(context(), [root, `${root}/a.txt`], target);
    assert.deepEqual(plan.problems, []);
    const progress: string[] = [];
    const report = await uploadTree(context(), await uploadTasks(context(), plan, 'skip'), {
      onProgress: ({ bytes, totalBytes, objects, totalObjects }) => {
        progress.push(`${bytes}/${totalBytes} ${objects}/${totalObjects}`);
      },
    });
    assert.deepEqual(report, { succeeded: 4, failures: [], skipped: 0, bytes: 10 });
    const name = `tree${count}`;
    assert.deepEqual(
      await keysThere(),
      ['.ssecignore', 'a.txt', 'sub/b.txt', 'sub/deep/c.txt'].map((each) => `to/${name}/${each}`),
    );
    assert.equal(await textAt(`to/${name}/sub/b.txt`, customerKey), 'bb');
    assert.equal(progress.at(-1), '10/10 4/4');
    assert.equal(keys.remembered.length, 4);
  });

  it('asks once for what is there, however many files there are', async () => {
    const plan = await planUpload(context(), [root], target);
    assert.equal(plan.files.length, 4);
    assert.equal(store.requests.length, 1);
  });

  it('looks for a few files one by one where much else stands', async () => {
    for (let index = 0; index < 3000; index += 1) await put(`m${index}`, '');
    await put('to', '1');
    const paths = ['a.txt', 'z.txt'].map((name) => `${root}/${name}`);
    await writeFile(paths[1] ?? '', '');
    await put('z.txt', 'other');
    store.requests.length = 0;
    const plan = await planUpload(context(), paths, { ...target, prefix: '' });
    assert.deepEqual(
      plan.files.map(({ address, existing }) => [address.key, existing?.size]),
      [
        ['a.txt', undefined],
        ['z.txt', 5],
      ],
    );
    assert.ok(store.requests.length <= 4, store.requests.join());
  });

  it('skips, overwrites or keeps both', async () => {
    const paths = [`${root}/a.txt`];
    await put('to/a.txt', 'old');
    await put('to/a (2).txt', 'second');
    const plan = await planUpload(context(), paths, target);
    assert.deepEqual(await uploadTasks(context(), plan, 'skip'), []);
    const both = await uploadTasks(context(), plan, 'keepBoth');
    assert.equal((await uploadTree(context(), both)).succeeded, 1);
    assert.equal(await textAt('to/a (3).txt', customerKey), 'a');
    assert.equal(await textAt('to/a.txt'), 'old');
    const over = await uploadTasks(context(), plan, 'overwrite');
    assert.equal((await uploadTree(context(), over)).succeeded, 1);
    assert.equal(await textAt('to/a.txt', customerKey), 'a');
  });

  it('keeps the customer key of what it overwrites, where no rule names one', async () => {
    const own = CustomerKey.generate();
    keys.candidatesToYield = ['none', own];
    await store.put(store.address('to/a.txt'), Buffer.from('old'), {
      ...{ customerKey: own, condition: { type: 'any' } },
    });
    await writeFile(`${root}/b.txt`, 'b');
    const plan = await planUpload(context(), [`${root}/a.txt`, `${root}/b.txt`], target);
    keys.forNew = 'none';
    const tasks = await uploadTasks(context(), plan, 'overwrite');
    assert.deepEqual(
      tasks.map(({ isEncrypted }) => isEncrypted),
      [true, false],
    );
    assert.equal((await uploadTree(context(), tasks)).succeeded, 2);
    assert.equal(await textAt('to/a.txt', own), 'a');
    assert.equal(await textAt('to/b.txt'), 'b');
    // Without it nothing is overwritten; with a rule it is the rule's.
    const again = await uploadTasks(
      context(),
      await planUpload(context(), [`${root}/a.txt`], target),
      'overwrite',
    );
    keys.candidatesToYield = ['none'];
    const { failures } = await uploadTree(context(), again);
    assert.ok(isStoreError(failures[0]?.error, 'customerKeyRequired'));
    keys.forNew = customerKey;
    assert.equal((await uploadTree(context(), again)).succeeded, 1);
    assert.equal(await textAt('to/a.txt', customerKey), 'a');
  });

  it('encrypts by GPG what overwrites an object that is encrypted so', async () => {
    const { gpg } = plannedGpg('horse');
    const sealed = await encryptBytes(gpg, Buffer.from('old'), new Secret('horse'));
    const properties = { metadata: { 's3tools-gpgenc': 'gpg' } };
    const options = { customerKey, condition: { type: 'any' }, properties } as const;
    await store.put(store.address('to/a.txt'), sealed, options);
    const plan = await planUpload(context(), [`${root}/a.txt`], target);
    const tasks = await uploadTasks(context(), plan, 'overwrite');
    const unknown = { ...context(), gpg: plannedGpg(undefined).gpg };
    const { failures } = await uploadTree(unknown, tasks);
    assert.match(failures[0]?.error.message ?? '', /was encrypted by GPG/);
    assert.ok(Buffer.from(sealed).equals(store.stored('to/a.txt')?.bytes ?? new Uint8Array()));
    assert.equal((await uploadTree({ ...context(), gpg }, tasks)).succeeded, 1);
    const stored = store.stored('to/a.txt');
    assert.ok(stored);
    assert.equal(stored.properties.metadata?.['s3tools-gpgenc'], 'gpg');
    const found = await decryptBytes(gpg, stored.bytes, new Secret('horse'));
    assert.equal(Buffer.from(found).toString(), 'a');
  });

  it('overwrites nothing that appeared or changed since the plan', async () => {
    await put('to/a.txt', 'old');
    await writeFile(`${root}/b.txt`, 'b');
    const plan = await planUpload(context(), [`${root}/a.txt`, `${root}/b.txt`], target);
    const tasks = await uploadTasks(context(), plan, 'overwrite');
    await put('to/a.txt', 'newer');
    await put('to/b.txt', 'appeared');
    const report = await uploadTree(context(), tasks);
    assert.equal(report.failures.length, 2);
    assert.ok(report.failures.every(({ error }) => isStoreError(error, 'conflict')));
    assert.equal(await textAt('to/a.txt'), 'newer');
    assert.equal(await textAt('to/b.txt'), 'appeared');
  });

  it('counts as uploaded what a lost run had uploaded', async () => {
    const plan = await planUpload(context(), [root], target);
    const tasks = await uploadTasks(context(), plan, 'skip');
    await uploadTree(context(), tasks);
    const again = await uploadTree(context(), tasks);
    assert.deepEqual(again, { succeeded: 4, failures: [], skipped: 0, bytes: 10 });
  });

  it('does not take another plaintext object for the encrypted one', async () => {
    const plan = await planUpload(context(), [`${root}/a.txt`], target);
    const tasks = await uploadTasks(context(), plan, 'skip');
    store.oddities.takesKeysForPlainObjects = true;
    keys.forNew = 'none';
    await uploadTree(context(), [{ ...tasks[0], isEncrypted: false } as UploadTask]);
    keys.forNew = customerKey;
    const report = await uploadTree(context(), tasks);
    assert.equal(report.failures.length, 1);
  });

  it('never stores in plaintext what was planned with a key', async () => {
    const plan = await planUpload(context(), [`${root}/a.txt`], target);
    const tasks = await uploadTasks(context(), plan, 'skip');
    assert.equal(tasks[0]?.isEncrypted, true);
    keys.forNew = 'none';
    const { failures } = await uploadTree(context(), tasks);
    assert.ok(isStoreError(failures[0]?.error, 'customerKeyRequired'));
    assert.deepEqual(await keysThere(), []);
  });

  it('goes on after a failure, and uploads the rest when it is called again', async () => {
    const plan = await planUpload(context(), [root], target);
    const tasks = await uploadTasks(context(), plan, 'skip');
    const forbidden = new StoreError('forbidden', 'You may not.');
    store.failures.push({ verb: 'put', error: forbidden });
    const done = new Set<UploadTask>();
    const onDone = (task: UploadTask): void => void done.add(task);
    const first = await uploadTree(context(), tasks, { patience, onDone });
    assert.equal(first.succeeded, 3);
    assert.equal(first.failures[0]?.error, forbidden);
    const rest = tasks.filter((task) => !done.has(task));
    assert.deepEqual(await uploadTree(context(), rest), {
      ...{ succeeded: 1, failures: [], skipped: 0, bytes: rest[0]?.size },
    });
    assert.equal((await keysThere()).length, 4);
  });

  it('begins nothing more once no file can succeed, or it is cancelled', async () => {
    const plan = await planUpload(context(), [root], target);
    const tasks = await uploadTasks(context(), plan, 'skip');
    const signal = AbortSignal.abort();
    assert.equal((await uploadTree(context(), tasks, { signal })).skipped, 4);
    const [task] = tasks;
    assert.ok(task);
    const numbers = [...Array(40).keys()];
    const many = numbers.map((each) => ({ ...task, address: store.address(`many/${each}`) }));
    const expired = new StoreError('credentials', 'The token is expired.');
    store.failures.push(...many.map(() => ({ verb: 'put', error: expired })));
    const report = await uploadTree(context(), many);
    assert.equal(report.succeeded, 0);
    assert.ok(report.failures.length <= 8, String(report.failures.length));
    assert.equal(report.failures.length + report.skipped, 40);
  });

  it('tells links, what is missing, names without UTF-8 and names twice', async () => {
    await symlink('a.txt', `${root}/link`);
    const other = folder.path(`other${count}`);
    await mkdir(other);
    await writeFile(`${other}/a.txt`, 'other');
    const paths = [`${root}/a.txt`, `${other}/a.txt`, `${root}/missing`];
    const plan = await planUpload(context(), paths, target);
    assert.deepEqual(
      plan.problems.map(({ path, error }) => [path, error.name]),
      [
        [`${other}/a.txt`, 'StoreError'],
        [`${root}/missing`, 'TransferError'],
      ],
    );
    assert.deepEqual(
      plan.files.map(({ path }) => path),
      [`${root}/a.txt`],
    );
    const whole = await planUpload(context(), [root], target);
    assert.deepEqual(
      whole.problems.map(({ path }) => path),
      [`${root}/link`],
    );
  });
});
