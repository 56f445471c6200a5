import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openSync } from '../../../src/transfer/sync/syncSession.ts';
import { createLimits } from '../../../src/transfer/transferLimits.ts';
import { planUpload } from '../../../src/transfer/uploadPlan.ts';
import { uploadTasks } from '../../../src/transfer/uploadTasks.ts';
import { uploadTree } from '../../../src/transfer/uploadTree.ts';
import { MemoryStore } from '../doubles/memoryStore.ts';
import { memoryStores } from '../doubles/memoryStores.ts';
import { PlannedKeys } from '../doubles/plannedKeys.ts';
import { keyOf } from '../keys/windows.ts';
import { told } from './syncBench.ts';

// Syncs in a process of its own: as another window, or as somebody with fewer rights.

/** What came of files that may not be read. */
export interface WithoutRights {
  readonly plan: readonly string[];
  readonly failures: readonly string[];
  readonly objects: readonly string[];
  readonly uploaded: number;
  readonly problems: readonly string[];
}

const [what, root = ''] = process.argv.slice(2);
const folder = join(root, 'folder');
const store = new MemoryStore();
const keys = new PlannedKeys([keyOf(1)]);
keys.forNew = keyOf(1);
const context = { stores: memoryStores(store), keys };
const far = { connection: 'memory', bucket: 'bucket', prefix: 'p/' };
const place = { stateFile: join(root, 'state.json'), limits: createLimits(), window: 'first' };

async function sync(): ReturnType<typeof openSync> {
  const near = { type: 'local', folder } as const;
  const pair = { near, far, direction: 'bothWays', deletions: 'propagated' } as const;
  return await openSync(context, pair, place);
}

async function withoutRights(): Promise<WithoutRights> {
  await mkdir(join(folder, 'closed'), { recursive: true });
  for (const name of ['closed/in.txt', 'secret.txt', 'open.txt']) {
    await writeFile(join(folder, name), name);
  }
  const session = await sync();
  await session.run(await session.plan());
  await writeFile(join(folder, 'open.txt'), 'open, changed');
  await writeFile(join(folder, 'secret.txt'), 'secret, changed');
  const all = [join(folder, 'closed'), join(folder, 'secret.txt')];
  for (const path of all) await chmod(path, 0);
  try {
    const plan = await session.plan();
    const { failures } = await session.run(plan);
    await session.close();
    const target = { ...far, prefix: 'put/' };
    const uploads = await planUpload(context, [folder], target);
    const report = await uploadTree(context, await uploadTasks(context, uploads, 'skip'));
    const listed = await store.list({ bucket: 'bucket', prefix: '' });
    return {
      plan: told(plan),
      failures: failures.map(({ path, error }) => `${path}: ${error.message}`),
      objects: listed.objects.map(({ key }) => key),
      uploaded: report.succeeded,
      problems: [...uploads.problems, ...report.failures].map(({ error }) => error.message),
    };
  } finally {
    for (const path of all) await chmod(path, 0o700);
  }
}

if (what === 'withoutRights') {
  const found = await withoutRights();
  process.send?.(found, () => process.exit(0));
}
if (what === 'hold') {
  await mkdir(folder, { recursive: true });
  const session = await sync();
  process.send?.('held');
  process.once('message', () => {
    void session.close().then(() => process.exit(0));
  });
}
