import assert from 'node:assert/strict';
import { basename } from 'node:path';
import type { DownloadSource } from '../../src/transfer/downloadPlan.ts';
import { planDownload } from '../../src/transfer/downloadPlan.ts';
import { downloadTasks } from '../../src/transfer/downloadTasks.ts';
import { downloadTree } from '../../src/transfer/downloadTree.ts';
import { openSync } from '../../src/transfer/sync/syncSession.ts';
import type { SyncPair } from '../../src/transfer/sync/syncPair.ts';
import { createLimits } from '../../src/transfer/transferLimits.ts';
import type { DescribeUpload } from '../../src/transfer/uploadOptions.ts';
import { planUpload } from '../../src/transfer/uploadPlan.ts';
import { uploadTasks } from '../../src/transfer/uploadTasks.ts';
import { uploadTree } from '../../src/transfer/uploadTree.ts';
import { contents, type Scene } from './scene.ts';

interface How {
  /** Whether with the customer key; default true. */
  readonly isEncrypted?: boolean;
  readonly describeUpload?: DescribeUpload;
}

/** Uploads what is in a folder below `<prefix><folder's name>/`, as `ssec.put` does. */
export async function weUpload(
  scene: Scene,
  folder: string,
  prefix: string,
  { isEncrypted, describeUpload }: How = {},
): Promise<void> {
  const context = { ...scene.context(isEncrypted), describeUpload };
  const target = { connection: 'interop', bucket: scene.bucket, prefix };
  const plan = await planUpload(context, [folder], target);
  const tasks = await uploadTasks(context, plan, 'skip');
  const report = await uploadTree(context, tasks);
  assert.deepEqual(report.failures, []);
  assert.equal(tasks.length, contents.length);
}

/** Downloads everything below a prefix into a folder, under the prefix's own name. */
export async function weDownload(
  scene: Scene,
  prefix: string,
  folder: string,
  { isEncrypted }: How = {},
): Promise<void> {
  const context = scene.context(isEncrypted);
  const address = { connection: 'interop', bucket: scene.bucket, prefix };
  const sources: DownloadSource[] = [{ type: 'prefix', address }];
  const plan = await planDownload(context, sources, folder, { system: 'posix' });
  const tasks = await downloadTasks(plan, 'skip', 'posix');
  const report = await downloadTree(context, folder, tasks, { restoreMode: true });
  assert.deepEqual(report.failures, []);
}

/** What came of a sync, and of planning it again. */
export interface Synced {
  /** The operations that were sent by the first one. */
  readonly operations: readonly string[];
  /** What the second one would do. */
  readonly left: readonly string[];
}

/** Syncs a folder and a prefix both ways, for the first time. */
export async function weSync(
  scene: Scene,
  folder: string,
  prefix: string,
  { isEncrypted, describeUpload }: How = {},
): Promise<Synced> {
  const far = { connection: 'interop', bucket: scene.bucket, prefix };
  const pair: SyncPair = { near: { type: 'local', folder }, far, direction: 'bothWays' };
  const stateFile = scene.path(`state-${basename(folder)}-${prefix.replaceAll('/', '-')}.json`);
  const session = await openSync(scene.context(isEncrypted), pair, {
    ...{ stateFile, limits: createLimits(), describeUpload },
  });
  try {
    scene.requests.length = 0;
    const { signal } = new AbortController();
    const report = await session.run(await session.plan({ signal }), { signal });
    assert.deepEqual(report.failures, []);
    const operations = [...scene.requests];
    const { items } = await session.plan({ signal });
    const left = items.filter(({ action }) => action !== 'unchanged').map(({ action }) => action);
    return { operations, left };
  } finally {
    await session.close();
  }
}
