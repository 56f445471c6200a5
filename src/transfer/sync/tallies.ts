import { bytesOf, type Action, type PlanItem } from './planItem.ts';
import type { Tally } from './syncPlan.ts';

/** Counts items and their bytes by action. */
export class Tallies {
  readonly #tallies: Record<Action, Tally> = {
    upload: none,
    download: none,
    copy: none,
    deleteLocal: none,
    deleteRemote: none,
    reencrypt: none,
    adopt: none,
    accept: none,
    forget: none,
    keepBoth: none,
    conflict: none,
    kept: none,
    blocked: none,
    unchanged: none,
  };

  add(item: PlanItem): void {
    const { count, bytes } = this.#tallies[item.action];
    this.#tallies[item.action] = { count: count + 1, bytes: bytes + bytesOf(item) };
  }

  get(): Readonly<Record<Action, Tally>> {
    return { ...this.#tallies };
  }
}

const none: Tally = { count: 0, bytes: 0 };
