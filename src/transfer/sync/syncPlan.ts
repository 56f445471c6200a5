import type { Action, PlanItem } from './planItem.ts';
import type { Side } from './syncEntry.ts';

/** How many, and how much. */
export interface Tally {
  readonly count: number;
  readonly bytes: number;
}

/**
 * What a person must be asked before a plan is run:
 *
 * - `vanished`: the side had files at the last sync and has none now; nothing of the plan can be
 *   run unless it is made again with `acceptVanished`.
 * - `deletions`: so many are deleted from the side, of so many that it has.
 * - `decryptions`: so many far objects lose their customer key, because the rule says so.
 */
export type Confirmation =
  | { readonly type: 'vanished'; readonly side: Side; readonly records: number }
  | {
      readonly type: 'deletions';
      readonly side: Side;
      readonly tally: Tally;
      readonly entries: number;
    }
  | { readonly type: 'decryptions'; readonly count: number };

/** What a sync would do: computed from listings and records, without touching anything. */
export interface SyncPlan {
  /** In the order of the paths. Run deletions last: what is moved is then never gone in between. */
  readonly items: readonly PlanItem[];
  /** By action; what is unchanged is counted also where it is not listed. */
  readonly tallies: Readonly<Record<Action, Tally>>;
  readonly confirmations: readonly Confirmation[];
  /** There were no records: nothing was synced before, or the state was lost. */
  readonly firstSync: boolean;
  /** Something is blocked only until the deletions of this plan are done: plan again then. */
  readonly planAgain: boolean;
}
