import { bytesOf, isRunnable, type PlanItem } from '../../transfer/sync/planItem.ts';
import { remoteNames } from '../../transfer/sync/nameRules.ts';
import { resolveConflict, type Resolution } from '../../transfer/sync/resolveConflict.ts';
import type { Side } from '../../transfer/sync/syncEntry.ts';
import type { Direction } from '../../transfer/sync/syncOptions.ts';
import type { SyncPlan, Tally } from '../../transfer/sync/syncPlan.ts';

/** What a person said about a plan. */
export interface Choices {
  readonly leaveOut: ReadonlySet<string>;
  readonly resolutions: ReadonlyMap<string, Resolution>;
}

/** What is going to happen if a plan is run like this; what is left out is not in it. */
export interface RunSummary {
  readonly toRun: Tally;
  /** By side, with how many files or objects the side has. */
  readonly deletions: readonly {
    readonly side: Side;
    readonly tally: Tally;
    readonly entries: number;
  }[];
  /** Objects that lose their customer key. */
  readonly decryptions: number;
  /** Sides that had something at the last sync and have nothing now. */
  readonly vanished: readonly { readonly side: Side; readonly records: number }[];
  /** Conflicts that nobody decided. */
  readonly openConflicts: number;
}

export function summarizeRun(plan: SyncPlan, direction: Direction, choices: Choices): RunSummary {
  const toRun = { count: 0, bytes: 0 };
  const deleted = { near: { count: 0, bytes: 0 }, far: { count: 0, bytes: 0 } };
  let [decryptions, openConflicts] = [0, 0];
  for (const planned of plan.items) {
    const item = decidedItem(planned, direction, choices.resolutions.get(planned.path));
    if (item.action === 'conflict') openConflicts++;
    if (choices.leaveOut.has(item.path) || !isRunnable(item)) continue;
    add(toRun, item);
    if (item.action === 'deleteLocal' || item.action === 'deleteRemote') {
      add(deleted[item.from], item);
    }
    if (decrypts(item)) decryptions++;
  }
  return {
    ...{ toRun, decryptions, openConflicts },
    vanished: plan.confirmations.flatMap((each) => (each.type === 'vanished' ? [each] : [])),
    deletions: (['near', 'far'] as const)
      .map((side) => ({ side, tally: deleted[side], entries: entriesOf(plan, side) }))
      .filter(({ tally }) => tally.count > 0),
  };
}

/** What an item becomes by what a person said about it. */
export function decidedItem(
  item: PlanItem,
  direction: Direction,
  resolution: Resolution | undefined,
): PlanItem {
  if (item.action !== 'conflict' || resolution === undefined) return item;
  // The names were looked at when the plan was made.
  const names = { near: remoteNames(''), far: remoteNames('') };
  return resolveConflict(item, resolution, { direction, names });
}

/** Whether a far object that may have a customer key will have none. */
export function decrypts(item: PlanItem): boolean {
  if (!('wantedKey' in item) || item.wantedKey !== null || item.far === undefined) return false;
  return item.record?.fingerprint !== null;
}

function entriesOf(plan: SyncPlan, side: Side): number {
  for (const confirmation of plan.confirmations) {
    if (confirmation.type === 'deletions' && confirmation.side === side) {
      return confirmation.entries;
    }
  }
  return 0;
}

function add(tally: { count: number; bytes: number }, item: PlanItem): void {
  tally.count++;
  tally.bytes += bytesOf(item);
}
