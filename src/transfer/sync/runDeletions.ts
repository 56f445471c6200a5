import pMap from 'p-map';
import { deleteObjects } from '../deleteObjects.ts';
import { findListed } from '../findListed.ts';
import { throwIfAborted } from '../pause.ts';
import { march } from './march.ts';
import type { DeletionItem } from './planItem.ts';
import { changedSince, type RemotePrefix } from './remotePrefix.ts';
import type { FileEntry, ObjectEntry } from './syncEntry.ts';
import { localSideOf, type SyncTask } from './syncTask.ts';

/** What one DeleteObjects takes. */
const batchSize = 1000;

/** Up to so many deletions, one LIST each tells what is there now; else the prefix is listed. */
const fewDeletions = 20;

/** Local files at a time. */
const concurrency = 16;

/** Hears what became of each item. */
export type DeletionListener = (item: DeletionItem, error?: Error) => void;

/** What the remote sides have at a path at this moment. */
interface Checked {
  readonly item: DeletionItem;
  readonly near: ObjectEntry | undefined;
  readonly far: ObjectEntry | undefined;
}

/**
 * Deletes what is still as it was seen, where the other side still has nothing: objects 1,000 a
 * request, right after a LIST (servers ignore conditions on deletes). Failures are told one by one.
 *
 * @throws StoreError `aborted`, and if nothing can be listed
 */
export async function runDeletions(
  task: SyncTask,
  items: readonly DeletionItem[],
  listener: DeletionListener,
): Promise<void> {
  let batch: Checked[] = [];
  for await (const checked of check(task, items)) {
    batch.push(checked);
    if (batch.length < batchSize) continue;
    await deleteBatch(task, batch, listener);
    batch = [];
  }
  if (batch.length > 0) await deleteBatch(task, batch, listener);
}

async function* check(
  { near, far, signal }: SyncTask,
  items: readonly DeletionItem[],
): AsyncGenerator<Checked, void> {
  const nearObjects = near.type === 'remote' ? near : undefined;
  if (items.length <= fewDeletions) {
    const look = async (item: DeletionItem): Promise<Checked> => ({
      item,
      near: nearObjects && (await entryAt(nearObjects, item.path, signal)),
      far: await entryAt(far, item.path, signal),
    });
    yield* await pMap(items, look, { concurrency: 8 });
    return;
  }
  const listings = {
    near: nearObjects?.list(signal) ?? none(),
    far: far.list(signal),
    item: inOrder(items),
  };
  for await (const at of march(listings)) {
    if (at.item !== undefined) yield { item: at.item.item, near: at.near, far: at.far };
  }
}

async function entryAt(
  side: RemotePrefix,
  path: string,
  signal: AbortSignal,
): Promise<ObjectEntry | undefined> {
  const found = await findListed(side.store, side.addressOf(path), signal);
  if (found === undefined) return undefined;
  const { size, etag } = found;
  return { type: 'object', path, size, etag };
}

async function deleteBatch(
  task: SyncTask,
  batch: readonly Checked[],
  listener: DeletionListener,
): Promise<void> {
  throwIfAborted(task.signal);
  const objects: DeletionItem[] = [];
  const one = async (checked: Checked): Promise<void> => {
    const { item } = checked;
    try {
      if (await prepare(task, checked)) objects.push(item);
      else await done(task, item, listener);
    } catch (error) {
      listener(item, asError(error));
    }
  };
  await pMap(batch, one, { concurrency });
  const { far, context, signal } = task;
  const addresses = objects.map(({ path }) => far.addressOf(path));
  const report = await deleteObjects(context, addresses, { signal });
  const failures = new Map(report.failures.map(({ address, error }) => [address.key, error]));
  const succeeded = new Set(report.succeeded.map(({ key }) => key));
  for (const item of objects) {
    const { key } = far.addressOf(item.path);
    const error = failures.get(key);
    if (error !== undefined) listener(item, error);
    else if (succeeded.has(key)) await done(task, item, listener);
  }
  throwIfAborted(signal);
}

/**
 * Makes sure that a deletion is still meant, and carries a local one out.
 *
 * @returns whether the object is to be deleted
 */
async function prepare(task: SyncTask, { item, near, far }: Checked): Promise<boolean> {
  const { path } = item;
  if (item.from === 'near') {
    if (far !== undefined) throw changedSince(task.far.addressOf(path));
    await localSideOf(task).remove(path, fileOf(item), task.removeFile);
    return false;
  }
  if (task.near.type === 'local') await task.near.ensureAbsent(path);
  else if (near !== undefined) throw changedSince(task.near.addressOf(path));
  if (far === undefined) return false;
  const { far: seen } = item;
  const isSeen = seen?.type === 'object' && seen.etag === far.etag && seen.size === far.size;
  if (!isSeen) throw changedSince(task.far.addressOf(path));
  return true;
}

async function done(
  { state }: SyncTask,
  item: DeletionItem,
  listener: DeletionListener,
): Promise<void> {
  try {
    await state.remove(item.path);
    listener(item);
  } catch (error) {
    listener(item, asError(error));
  }
}

function fileOf({ path, near }: DeletionItem): FileEntry {
  if (near?.type === 'file') return near;
  throw new TypeError(`${path} is no file.`);
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

// eslint-disable-next-line @typescript-eslint/require-await -- a listing is a stream
async function* inOrder(
  items: readonly DeletionItem[],
): AsyncGenerator<{ readonly path: string; readonly item: DeletionItem }, void> {
  for (const item of items) yield { path: item.path, item };
}

// eslint-disable-next-line @typescript-eslint/require-await, require-yield -- an empty stream
async function* none(): AsyncGenerator<ObjectEntry, void> {
  return;
}
