import * as vscode from 'vscode';
import { visibleText } from '../../core/visibleText.ts';
import { bytesOf, type PlanItem } from '../../transfer/sync/planItem.ts';
import { commandIds, treeItemContexts } from '../ids.ts';
import { sizeText } from '../tree/sizeText.ts';
import { type GroupSummary, groupOf, type PlanGroup } from './planModel.ts';
import type { ItemNode, MoreNode, PairNode, PairProblemNode } from './planNodes.ts';
import { groupMeaning, groupTitle, type NearSide, reasonText, decisionText } from './planTexts.ts';
import { addressText, type SavedPair } from './savedPair.ts';

const icons: Readonly<Record<PlanGroup, string>> = {
  conflict: 'warning',
  blocked: 'circle-slash',
  upload: 'arrow-up',
  download: 'arrow-down',
  copy: 'arrow-right',
  deleteLocal: 'trash',
  deleteRemote: 'trash',
  reencrypt: 'key',
  compare: 'compare-changes',
  note: 'note',
  kept: 'circle-outline',
  unchanged: 'check',
};

export function pairItem(node: PairNode, last: string | undefined): vscode.TreeItem {
  const { pair } = node;
  const item = new vscode.TreeItem(visibleText(pair.name));
  item.id = `pair ${pair.name}`;
  item.description = last ?? sidesText(pair);
  item.tooltip = [sidesText(pair), ...(last === undefined ? [] : [last])].join('\n');
  item.iconPath = new vscode.ThemeIcon('sync');
  item.contextValue = treeItemContexts.syncPair;
  item.command = {
    title: vscode.l10n.t('Sync Now…'),
    command: commandIds.syncNow,
    // A node, and no argument object: a person clicks.
    arguments: [node],
  };
  item.accessibilityInformation = { label: vscode.l10n.t('pair {0}', pair.name) };
  return item;
}

/** The two sides of a pair with the way between them. */
export function sidesText({ local, from, remote, direction }: SavedPair): string {
  const near = visibleText(local ?? (from === undefined ? '' : addressText(from)));
  const arrow = { upload: '→', copy: '→', download: '←', both: '↔' }[direction];
  return `${near} ${arrow} ${visibleText(addressText(remote))} (${remote.connection})`;
}

export function pairProblemItem({ problem }: PairProblemNode): vscode.TreeItem {
  const { path, message, setting } = problem;
  const where = visibleText(path.join(' › '));
  const item = new vscode.TreeItem(where === '' ? setting : where);
  item.id = `problem ${path.join('/')} ${message}`;
  item.description = message;
  item.tooltip = message;
  item.iconPath = new vscode.ThemeIcon('warning');
  item.command = {
    title: vscode.l10n.t('Open Settings'),
    command: commandIds.editSyncPair,
    arguments: [],
  };
  item.accessibilityInformation = { label: `${where}: ${message}` };
  return item;
}

export function groupItem({
  group,
  count,
  bytes,
  runnable,
  leftOut,
}: GroupSummary): vscode.TreeItem {
  const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;
  const isOpen = group === 'conflict' || count <= 20;
  const state = group === 'unchanged' ? None : isOpen ? Expanded : Collapsed;
  const item = new vscode.TreeItem(groupTitle(group), state);
  item.id = `group ${group}`;
  const counted =
    leftOut > 0
      ? vscode.l10n.t('{0} of {1}', count - leftOut, count)
      : group === 'conflict' && runnable > 0
        ? vscode.l10n.t('{0} of {1} decided', runnable, count)
        : String(count);
  item.description = bytes === 0 ? counted : `${counted} · ${sizeText(bytes)}`;
  item.tooltip = groupMeaning(group);
  item.iconPath = new vscode.ThemeIcon(icons[group]);
  item.contextValue = `${treeItemContexts.syncGroup} ${group}`;
  if (runnable > 0) item.checkboxState = checkbox(leftOut < runnable);
  item.accessibilityInformation = { label: `${groupTitle(group)}, ${item.description}` };
  return item;
}

/** How a person decided about an item so far. */
export interface ItemState {
  /** Undefined if it cannot be run. */
  readonly checked: boolean | undefined;
  /** What a conflict becomes by the decision about it. */
  readonly decided: PlanItem | undefined;
}

export function itemItem(
  { item: planned }: ItemNode,
  near: NearSide,
  { checked, decided: becomes }: ItemState,
): vscode.TreeItem {
  const item = new vscode.TreeItem(visibleText(planned.path));
  const reason = reasonText(planned, near);
  const decided = becomes === undefined ? [] : [decisionText(becomes, near)];
  const bytes = bytesOf(planned);
  item.id = `item ${planned.path}`;
  item.description = [...decided, reason, ...(bytes === 0 ? [] : [sizeText(bytes)])].join(' · ');
  item.tooltip = [visibleText(planned.path), reason, ...decided, ...sizes(planned)].join('\n');
  item.iconPath = new vscode.ThemeIcon(becomes === undefined ? icons[groupOf(planned)] : 'pass');
  const isConflict = planned.action === 'conflict';
  const contexts: string[] = [treeItemContexts.syncItem, ...(isConflict ? ['conflict'] : [])];
  if (planned.near !== undefined && planned.far !== undefined) contexts.push('comparable');
  item.contextValue = contexts.join(' ');
  if (checked !== undefined) item.checkboxState = checkbox(checked);
  item.accessibilityInformation = {
    label: [visibleText(planned.path), ...decided, reason].join(', '),
  };
  return item;
}

/** The two sides, where both have it. */
function sizes({ near, far }: ItemNode['item']): readonly string[] {
  if (near === undefined || far === undefined) return [];
  const [here, there] = [timeOf(near), timeOf(far)].map((time) => time ?? vscode.l10n.t('unknown'));
  return [
    vscode.l10n.t('Here: {0}, written {1}', sizeText(near.size), here ?? ''),
    vscode.l10n.t('There: {0}, written {1}', sizeText(far.size), there ?? ''),
  ];
}

function timeOf(entry: NonNullable<ItemNode['item']['near']>): string | undefined {
  const time =
    entry.type === 'file' ? Number(entry.mtimeNs / 1_000_000n) : (entry.lastModified ?? undefined);
  return time === undefined ? undefined : new Date(time).toLocaleString();
}

export function moreItem(node: MoreNode): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.l10n.t('Show More'));
  item.id = `more ${node.parent.group}`;
  item.description = vscode.l10n.t('{0} more', node.rest);
  item.iconPath = new vscode.ThemeIcon('ellipsis');
  item.command = {
    title: vscode.l10n.t('Show More'),
    command: commandIds.showMoreOfPlan,
    arguments: [node],
  };
  return item;
}

function checkbox(isChecked: boolean): vscode.TreeItemCheckboxState {
  return isChecked ? vscode.TreeItemCheckboxState.Checked : vscode.TreeItemCheckboxState.Unchecked;
}
