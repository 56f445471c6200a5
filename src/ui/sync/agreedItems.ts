import { type PlanItem, isRunnable } from '../../transfer/sync/planItem.ts';
import type { SideEntry } from '../../transfer/sync/syncEntry.ts';
import type { SyncPlan } from '../../transfer/sync/syncPlan.ts';
import { changeSince, markOf } from '../../transfer/sync/syncRecord.ts';
import type { Choices } from './runSummary.ts';

/**
 * What a person agreed to when a plan was run, so that a retry does the same again and no more: the
 * plan that is made for it may have other items by then.
 */
export class AgreedItems {
  readonly #items = new Map<string, PlanItem>();
  readonly #resolutions: Choices['resolutions'];

  constructor(plan: SyncPlan, { leaveOut, resolutions }: Choices) {
    this.#resolutions = resolutions;
    for (const item of plan.items) if (!leaveOut.has(item.path)) this.#items.set(item.path, item);
  }

  /** How to run a plan that was made later. */
  choicesFor(plan: SyncPlan): Choices {
    const isAgreed = ({ path, action }: PlanItem): boolean =>
      this.#items.get(path)?.action === action;
    const leaveOut = plan.items.filter((item) => isRunnable(item) && !isAgreed(item));
    // A conflict of another content than the one that was decided is a new question.
    return {
      leaveOut: new Set(leaveOut.map(({ path }) => path)),
      resolutions: new Map(
        plan.items
          .filter((item) => item.action === 'conflict' && this.#isAsDecided(item))
          .flatMap(({ path }) => {
            const resolution = this.#resolutions.get(path);
            return resolution === undefined ? [] : [[path, resolution] as const];
          }),
      ),
    };
  }

  #isAsDecided(now: PlanItem): boolean {
    const then = this.#items.get(now.path);
    if (then?.action !== 'conflict') return false;
    return isSame(then.near, now.near) && isSame(then.far, now.far);
  }
}

function isSame(then: SideEntry | undefined, now: SideEntry | undefined): boolean {
  if (then === undefined || now === undefined) return then === now;
  return then.type === now.type && changeSince(markOf(then), now) === 'same';
}
