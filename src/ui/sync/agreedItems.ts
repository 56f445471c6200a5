import { type PlanItem, isRunnable } from '../../transfer/sync/planItem.ts';
import type { SyncPlan } from '../../transfer/sync/syncPlan.ts';
import type { Choices } from './runSummary.ts';

/**
 * What a person agreed to when a plan was run, so that a retry does the same again and no more: the
 * plan that is made for it may have other items by then.
 */
export class AgreedItems {
  readonly #actions = new Map<string, PlanItem['action']>();
  readonly #resolutions: Choices['resolutions'];

  constructor(plan: SyncPlan, { leaveOut, resolutions }: Choices) {
    this.#resolutions = resolutions;
    for (const { path, action } of plan.items) {
      if (!leaveOut.has(path)) this.#actions.set(path, action);
    }
  }

  /** How to run a plan that was made later. */
  choicesFor(plan: SyncPlan): Choices {
    const isAgreed = ({ path, action }: PlanItem): boolean => this.#actions.get(path) === action;
    const leaveOut = plan.items.filter((item) => isRunnable(item) && !isAgreed(item));
    // A conflict of another content than the one that was decided is a new question.
    return {
      leaveOut: new Set(leaveOut.map(({ path }) => path)),
      resolutions: new Map(
        plan.items
          .filter((item) => item.action === 'conflict' && isAgreed(item))
          .flatMap(({ path }) => {
            const resolution = this.#resolutions.get(path);
            return resolution === undefined ? [] : [[path, resolution] as const];
          }),
      ),
    };
  }
}
