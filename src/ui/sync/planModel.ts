import { bytesOf, isRunnable, type Action, type PlanItem } from '../../transfer/sync/planItem.ts';
import type { Resolution } from '../../transfer/sync/resolveConflict.ts';
import type { SyncPlan } from '../../transfer/sync/syncPlan.ts';

/** What a plan is grouped by, in the order that it is shown in. */
const planGroups = [
  'conflict',
  'blocked',
  'upload',
  'download',
  'copy',
  'deleteLocal',
  'deleteRemote',
  'reencrypt',
  'compare',
  'note',
  'kept',
  'unchanged',
] as const;

/**
 * - `compare`: both sides have it and nobody knows yet whether it is the same.
 * - `note`: only what is remembered of it changes.
 *
 * The others are as the items' actions.
 */
export type PlanGroup = (typeof planGroups)[number];

const groupOfAction: Record<Action, PlanGroup> = {
  conflict: 'conflict',
  keepBoth: 'conflict',
  blocked: 'blocked',
  upload: 'upload',
  download: 'download',
  copy: 'copy',
  deleteLocal: 'deleteLocal',
  deleteRemote: 'deleteRemote',
  reencrypt: 'reencrypt',
  adopt: 'compare',
  accept: 'note',
  forget: 'note',
  kept: 'kept',
  unchanged: 'unchanged',
};

/** How many items of a group are shown at first, and by each "Show More". */
const pageSize = 500;

/** A group as it is shown. */
export interface GroupSummary {
  readonly group: PlanGroup;
  readonly count: number;
  readonly bytes: number;
  /** Items that can be run; decided conflicts among them. */
  readonly runnable: number;
  /** How many of those are left out. */
  readonly leftOut: number;
}

/**
 * A plan as a person works on it: what is left out, how conflicts are decided, and how much of
 * each group is shown. Its work grows with what is shown, not with the plan.
 */
export class PlanModel {
  readonly plan: SyncPlan;
  readonly #groups = new Map<PlanGroup, PlanItem[]>();
  readonly #bytes = new Map<PlanGroup, number>();
  readonly #shown = new Map<PlanGroup, number>();
  readonly #leftOut = new Set<string>();
  readonly #leftOutIn = new Map<PlanGroup, number>();
  readonly #resolutions = new Map<string, Resolution>();

  constructor(plan: SyncPlan) {
    this.plan = plan;
    for (const item of plan.items) {
      const group = groupOf(item);
      const items = this.#groups.get(group);
      if (items === undefined) this.#groups.set(group, [item]);
      else items.push(item);
      this.#bytes.set(group, (this.#bytes.get(group) ?? 0) + bytesOf(item));
    }
  }

  /** The groups that have something in them. */
  groups(): readonly GroupSummary[] {
    return planGroups.map((group) => this.summary(group)).filter(({ count }) => count > 0);
  }

  summary(group: PlanGroup): GroupSummary {
    // What is unchanged is counted also where it is not listed.
    const { count, bytes } =
      group === 'unchanged'
        ? this.plan.tallies.unchanged
        : { count: this.#items(group).length, bytes: this.#bytes.get(group) ?? 0 };
    const runnable = group === 'conflict' ? this.#resolutions.size : isRunGroup(group) ? count : 0;
    return { group, count, bytes, runnable, leftOut: this.#leftOutIn.get(group) ?? 0 };
  }

  /** The items of a group that are shown, and how many there are besides. */
  page(group: PlanGroup): { readonly items: readonly PlanItem[]; readonly rest: number } {
    const items = this.#items(group);
    const shown = this.#shown.get(group) ?? pageSize;
    return { items: items.slice(0, shown), rest: Math.max(0, items.length - shown) };
  }

  showMore(group: PlanGroup): void {
    this.#shown.set(group, (this.#shown.get(group) ?? pageSize) + pageSize);
  }

  /** Whether an item is going to be run; undefined if it cannot be. */
  isChecked(item: PlanItem): boolean | undefined {
    if (!this.#canRun(item)) return undefined;
    return !this.#leftOut.has(item.path);
  }

  setChecked(item: PlanItem, isChecked: boolean): void {
    if (!this.#canRun(item) || this.#leftOut.has(item.path) === !isChecked) return;
    const group = groupOf(item);
    if (isChecked) this.#leftOut.delete(item.path);
    else this.#leftOut.add(item.path);
    this.#leftOutIn.set(group, (this.#leftOutIn.get(group) ?? 0) + (isChecked ? -1 : 1));
  }

  setGroupChecked(group: PlanGroup, isChecked: boolean): void {
    for (const item of this.#items(group)) this.setChecked(item, isChecked);
  }

  /** Decides a conflict, or (with undefined) leaves it open again; others are not touched. */
  resolve(item: PlanItem, resolution: Resolution | undefined): void {
    if (item.action !== 'conflict') return;
    this.setChecked(item, true);
    if (resolution === undefined) this.#resolutions.delete(item.path);
    else this.#resolutions.set(item.path, resolution);
  }

  resolution(item: PlanItem): Resolution | undefined {
    return this.#resolutions.get(item.path);
  }

  /** The paths that are not to be run. */
  get leaveOut(): ReadonlySet<string> {
    return this.#leftOut;
  }

  /** How conflicts were decided, by path. */
  get resolutions(): ReadonlyMap<string, Resolution> {
    return this.#resolutions;
  }

  /** The conflicts; for whoever decides many of them. */
  conflicts(): readonly PlanItem[] {
    return this.#items('conflict').filter(({ action }) => action === 'conflict');
  }

  #items(group: PlanGroup): readonly PlanItem[] {
    return this.#groups.get(group) ?? [];
  }

  #canRun(item: PlanItem): boolean {
    return isRunnable(item) || this.#resolutions.has(item.path);
  }
}

export function groupOf(item: PlanItem): PlanGroup {
  return groupOfAction[item.action];
}

function isRunGroup(group: PlanGroup): boolean {
  return !['conflict', 'blocked', 'kept', 'unchanged'].includes(group);
}
