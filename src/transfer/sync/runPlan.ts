import pMap from 'p-map';
import { isStoreError } from '../../core/storeError.ts';
import { defaultPartSize } from '../partPlan.ts';
import {
  bytesOf,
  isRunnable,
  type DeletionItem,
  type PlanItem,
  type RunnableItem,
} from './planItem.ts';
import { resolveConflict } from './resolveConflict.ts';
import { runDeletions } from './runDeletions.ts';
import { runItem } from './runItem.ts';
import { RunTally } from './runTally.ts';
import type { Side } from './syncEntry.ts';
import type { SyncPlan } from './syncPlan.ts';
import type { SyncReport, SyncRunOptions } from './syncReport.ts';
import type { ItemTask, SyncTask } from './syncTask.ts';

/** Items at a time. Of large ones each goes in parts side by side, and is hashed in a thread. */
const smallAtATime = 16;
const largeAtATime = 2;

type Work = Exclude<RunnableItem, DeletionItem>;

/**
 * Runs a plan: everything but deletions side by side, then the deletions. The failure of one item
 * does not keep the others from being done, unless it concerns all of them. What fails or is left
 * is found by the next plan.
 */
export async function runPlan(
  task: SyncTask,
  plan: SyncPlan,
  options: SyncRunOptions,
): Promise<SyncReport> {
  const items = itemsToRun(task, plan, options);
  const tally = new RunTally(items, options.onProgress);
  const work = items.filter((item): item is Work => !isDeletion(item));
  const isLarge = (item: Work): boolean => bytesOf(item) > defaultPartSize;
  const one = (item: Work): Promise<void> => runOne(task, item, tally);
  await Promise.all([
    pMap(
      work.filter((item) => !isLarge(item)),
      one,
      { concurrency: smallAtATime },
    ),
    pMap(work.filter(isLarge), one, { concurrency: largeAtATime }),
  ]);
  await deleteRest(task, items.filter(isDeletion), tally);
  return tally.report(plan.planAgain);
}

function itemsToRun(
  { options }: SyncTask,
  plan: SyncPlan,
  { leaveOut, resolutions }: SyncRunOptions,
): RunnableItem[] {
  const resolved = (item: PlanItem): PlanItem => {
    const resolution = item.action === 'conflict' ? resolutions?.get(item.path) : undefined;
    return item.action === 'conflict' && resolution !== undefined
      ? resolveConflict(item, resolution, options)
      : item;
  };
  return plan.items
    .filter(({ path }) => leaveOut?.has(path) !== true)
    .map(resolved)
    .filter(isRunnable);
}

async function runOne(task: SyncTask, item: Work, tally: RunTally): Promise<void> {
  if (task.signal.aborted || tally.isHopeless) {
    tally.skipped(item);
    return;
  }
  const itemTask: ItemTask = {
    ...task,
    report: (bytes) => {
      tally.moved(item, bytes);
    },
  };
  try {
    if ((await runItem(itemTask, item)) === 'done') tally.succeeded(item);
    else tally.conflict(item);
  } catch (error) {
    if (wasCancelled(task, error)) tally.skipped(item);
    else tally.failed(item, error);
  }
}

/** Where something that was to go to a side failed, nothing is deleted from it. */
async function deleteRest(
  task: SyncTask,
  deletions: readonly DeletionItem[],
  tally: RunTally,
): Promise<void> {
  const holds = (side: Side): boolean => tally.isHopeless || tally.isShort(side);
  const kept = { near: holds('near'), far: holds('far') };
  const meant = deletions.filter((item) => !kept[item.from] && !task.signal.aborted);
  const left = new Set(deletions);
  try {
    if (meant.length > 0) {
      await runDeletions(task, meant, (item, error) => {
        left.delete(item);
        if (error === undefined) tally.succeeded(item);
        else tally.failed(item, error);
      });
    }
  } catch (error) {
    if (!wasCancelled(task, error)) {
      for (const item of meant) if (left.delete(item)) tally.failed(item, error);
    }
  }
  for (const item of left) tally.skipped(item);
}

function wasCancelled({ signal }: SyncTask, error: unknown): boolean {
  return signal.aborted || isStoreError(error, 'aborted');
}

function isDeletion(item: RunnableItem): item is DeletionItem {
  return item.action === 'deleteLocal' || item.action === 'deleteRemote';
}
