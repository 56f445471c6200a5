import type { Action, PlanItem } from '../../../../src/transfer/sync/planItem.ts';
import type { FileEntry, ObjectEntry } from '../../../../src/transfer/sync/syncEntry.ts';
import type { Confirmation, SyncPlan, Tally } from '../../../../src/transfer/sync/syncPlan.ts';
import { Tallies } from '../../../../src/transfer/sync/tallies.ts';

export function file(path: string, size: number): FileEntry {
  return { type: 'file', path, size, mtimeNs: 1_000_000_000n };
}

export function object(path: string, size: number): ObjectEntry {
  return { type: 'object', path, size, etag: 'e' };
}

/** A plan of items, as the planner would make it. */
export function planOf(
  items: readonly PlanItem[],
  more: Partial<Record<Action, Tally>> = {},
  confirmations: readonly Confirmation[] = [],
): SyncPlan {
  const tallies = new Tallies();
  for (const item of items) tallies.add(item);
  return {
    ...{ items, confirmations, firstSync: false, planAgain: false },
    tallies: { ...tallies.get(), ...more },
  };
}
