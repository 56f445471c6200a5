import * as vscode from 'vscode';
import type { PlanItem } from '../../transfer/sync/planItem.ts';
import type { Direction } from '../../transfer/sync/syncOptions.ts';
import { contextKeys, viewIds } from '../ids.ts';
import { groupItem, itemItem, moreItem, pairItem, pairProblemItem } from './planItems.ts';
import type { PlanGroup, PlanModel } from './planModel.ts';
import {
  GroupNode,
  ItemNode,
  MoreNode,
  PairNode,
  PairProblemNode,
  type SyncNode,
} from './planNodes.ts';
import type { NearSide } from './planTexts.ts';
import { decidedItem } from './runSummary.ts';
import type { PairSettings } from './pairSettings.ts';
import { lastSyncText, type SyncHistory } from './syncHistory.ts';

/** A plan that waits for its person. */
export interface ShownPlan {
  /** The pair's name. */
  readonly name: string;
  readonly near: NearSide;
  readonly direction: Direction;
  readonly model: PlanModel;
}

const hasPlanKey = contextKeys.hasSyncPlan;

/** The view "Sync": the saved pairs, or the plan that is looked at. */
export class PlanTree implements vscode.TreeDataProvider<SyncNode> {
  readonly #settings: PairSettings;
  readonly #history: SyncHistory;
  readonly #emitter = new vscode.EventEmitter<SyncNode | undefined>();
  readonly #view: vscode.TreeView<SyncNode>;
  readonly #subscriptions: readonly vscode.Disposable[];
  readonly #groups = new Map<PlanGroup, GroupNode>();
  readonly #items = new Map<string, ItemNode>();
  #shown: ShownPlan | undefined;

  readonly onDidChangeTreeData = this.#emitter.event;

  constructor(settings: PairSettings, history: SyncHistory) {
    this.#settings = settings;
    this.#history = history;
    this.#view = vscode.window.createTreeView(viewIds.syncPlan, {
      treeDataProvider: this,
      // An item says nothing about its group here, and a group has more than what is shown.
      manageCheckboxStateManually: true,
    });
    this.#subscriptions = [
      settings.onDidChange(() => {
        this.#emitter.fire(undefined);
      }),
      history.onDidChange(() => {
        if (this.#shown === undefined) this.#emitter.fire(undefined);
      }),
      this.#view.onDidChangeCheckboxState(({ items }) => {
        this.#check(items);
      }),
    ];
  }

  /** Shows a plan in place of the pairs; undefined shows the pairs again. */
  show(plan: ShownPlan | undefined): void {
    this.#shown = plan;
    this.#groups.clear();
    this.#items.clear();
    this.refresh();
    void vscode.commands.executeCommand('setContext', hasPlanKey, plan !== undefined);
    if (plan !== undefined) void vscode.commands.executeCommand(`${viewIds.syncPlan}.focus`);
  }

  refresh(): void {
    this.#view.description = this.#shown?.name ?? '';
    // A message hides the welcome content of an empty view.
    const view: { message?: string | undefined } = this.#view;
    view.message = this.#shown === undefined ? undefined : summaryOf(this.#shown.model);
    this.#emitter.fire(undefined);
  }

  showMore(node: MoreNode): void {
    this.#shown?.model.showMore(node.parent.group);
    this.#emitter.fire(node.parent);
  }

  getChildren(node?: SyncNode): SyncNode[] {
    if (node === undefined) return this.#roots();
    if (!(node instanceof GroupNode) || this.#shown === undefined) return [];
    const { items, rest } = this.#shown.model.page(node.group);
    const nodes: SyncNode[] = items.map((item) => this.#itemNode(item, node));
    if (rest > 0) nodes.push(new MoreNode(node, rest));
    return nodes;
  }

  getParent(node: SyncNode): SyncNode | undefined {
    return node instanceof ItemNode || node instanceof MoreNode ? node.parent : undefined;
  }

  getTreeItem(node: SyncNode): vscode.TreeItem {
    if (node instanceof PairNode) {
      const last = this.#history.last(node.pair.name);
      return pairItem(node, last && lastSyncText(last));
    }
    if (node instanceof PairProblemNode) return pairProblemItem(node);
    if (node instanceof MoreNode) return moreItem(node);
    const plan = this.#shown;
    if (plan === undefined) return new vscode.TreeItem('');
    if (node instanceof GroupNode) return groupItem(plan.model.summary(node.group));
    const { model, near, direction } = plan;
    const { item } = node;
    const resolution = model.resolution(item);
    const decided = resolution && decidedItem(item, direction, resolution);
    return itemItem(node, near, { checked: model.isChecked(item), decided });
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#view.dispose();
    this.#emitter.dispose();
  }

  #roots(): SyncNode[] {
    if (this.#shown === undefined) {
      return [
        ...this.#settings.problems().map((problem) => new PairProblemNode(problem)),
        ...this.#settings.list().map((pair) => new PairNode(pair)),
      ];
    }
    return this.#shown.model.groups().map(({ group }) => this.#groupNode(group));
  }

  #check(items: readonly [SyncNode, vscode.TreeItemCheckboxState][]): void {
    const model = this.#shown?.model;
    if (model === undefined) return;
    for (const [node, state] of items) {
      const isChecked = state === vscode.TreeItemCheckboxState.Checked;
      if (node instanceof GroupNode) model.setGroupChecked(node.group, isChecked);
      if (node instanceof ItemNode) model.setChecked(node.item, isChecked);
    }
    this.refresh();
  }

  #groupNode(group: PlanGroup): GroupNode {
    const node = this.#groups.get(group) ?? new GroupNode(group);
    this.#groups.set(group, node);
    return node;
  }

  #itemNode(item: PlanItem, parent: GroupNode): ItemNode {
    const node = this.#items.get(item.path) ?? new ItemNode(item, parent);
    this.#items.set(item.path, node);
    return node;
  }
}

/** What is going to be run, in a line above the groups. */
function summaryOf(model: PlanModel): string {
  const groups = model.groups();
  const count = groups.reduce((sum, { runnable, leftOut }) => sum + runnable - leftOut, 0);
  const open = groups.find(({ group }) => group === 'conflict');
  const parts = [
    count === 0
      ? vscode.l10n.t('Nothing to run.')
      : vscode.l10n.t('{0} to run; nothing has been changed yet.', count),
    ...(open === undefined || open.count === open.runnable
      ? []
      : [vscode.l10n.t('Conflicts to decide: {0}.', open.count - open.runnable)]),
  ];
  return parts.join(' ');
}
