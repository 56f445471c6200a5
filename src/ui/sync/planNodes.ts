import type { SettingProblem } from '../../core/settingProblem.ts';
import type { PlanItem } from '../../transfer/sync/planItem.ts';
import type { PlanGroup } from './planModel.ts';
import type { SavedPair } from './savedPair.ts';

/** A saved pair; shown while there is no plan. */
export class PairNode {
  readonly pair: SavedPair;

  constructor(pair: SavedPair) {
    this.pair = pair;
  }
}

/** Something in the setting that cannot be used. */
export class PairProblemNode {
  readonly problem: SettingProblem;

  constructor(problem: SettingProblem) {
    this.problem = problem;
  }
}

/** A group of the plan. */
export class GroupNode {
  readonly group: PlanGroup;

  constructor(group: PlanGroup) {
    this.group = group;
  }
}

/** An item of the plan. */
export class ItemNode {
  readonly item: PlanItem;
  readonly parent: GroupNode;

  constructor(item: PlanItem, parent: GroupNode) {
    this.item = item;
    this.parent = parent;
  }
}

/** Stands for the items of a group that are not shown yet. */
export class MoreNode {
  readonly parent: GroupNode;
  readonly rest: number;

  constructor(parent: GroupNode, rest: number) {
    this.parent = parent;
    this.rest = rest;
  }
}

export type SyncNode = PairNode | PairProblemNode | GroupNode | ItemNode | MoreNode;

/** A button in the view's title comes with the row that has the focus, which it need not be about. */
export function isSyncNode(target: unknown): target is SyncNode {
  return [PairNode, PairProblemNode, GroupNode, ItemNode, MoreNode].some(
    (type) => target instanceof type,
  );
}
