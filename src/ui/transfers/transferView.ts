import * as vscode from 'vscode';
import { formatAddress } from '../../core/address.ts';
import { visibleText } from '../../core/visibleText.ts';
import { treeItemContexts, viewIds } from '../ids.ts';
import type { Transfer, TransferState } from './transfer.ts';
import type { TransferKind } from './transferJob.ts';
import { FailureNode, TransferNode } from './transferNodes.ts';
import type { Transfers } from './transfers.ts';
import { describeTransfer, runningTitle, spokenTransfer } from './transferText.ts';

type Node = TransferNode | FailureNode;

/** What is looked at first stands first. */
const order: readonly TransferState[] = [
  ...(['running', 'waiting', 'interrupted', 'failed', 'cancelled', 'done'] as const),
];
/** More failures than this are for the report. */
const shownFailures = 100;

/** The view "Transfers": what runs, waits, failed and is done. */
export class TransferView implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  readonly #transfers: Transfers;
  /** One node for each transfer: VS Code keeps what is selected and expanded by identity. */
  readonly #nodes = new WeakMap<Transfer, TransferNode>();
  readonly #emitter = new vscode.EventEmitter<undefined>();
  readonly #view: vscode.TreeView<Node>;
  readonly #subscription: vscode.Disposable;

  readonly onDidChangeTreeData = this.#emitter.event;

  constructor(transfers: Transfers) {
    this.#transfers = transfers;
    this.#view = vscode.window.createTreeView(viewIds.transfers, {
      ...{ treeDataProvider: this, canSelectMany: true },
    });
    this.#subscription = transfers.onDidChange(() => {
      this.#showBadge();
      this.#emitter.fire(undefined);
    });
  }

  getChildren(node?: Node): Node[] {
    if (node instanceof FailureNode) return [];
    if (node !== undefined) return failuresOf(node);
    const rank = ({ state }: Transfer): number => order.indexOf(state);
    return [...this.#transfers.list()]
      .reverse()
      .sort((one, other) => rank(one) - rank(other))
      .map((transfer) => this.#nodeOf(transfer));
  }

  getParent(node: Node): Node | undefined {
    return node instanceof FailureNode ? node.parent : undefined;
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return node instanceof FailureNode ? failureItem(node) : transferItem(node.transfer);
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#view.dispose();
    this.#emitter.dispose();
  }

  #nodeOf(transfer: Transfer): TransferNode {
    let node = this.#nodes.get(transfer);
    if (node === undefined) this.#nodes.set(transfer, (node = new TransferNode(transfer)));
    return node;
  }

  #showBadge(): void {
    const active = this.#transfers.list().filter(({ isActive }) => isActive).length;
    this.#view.badge =
      active === 0
        ? undefined
        : { value: active, tooltip: vscode.l10n.t('Transfers running or waiting: {0}', active) };
  }
}

function failuresOf(node: TransferNode): FailureNode[] {
  const failures = node.transfer.outcome?.failures ?? [];
  return failures
    .slice(0, shownFailures)
    .map((failure, index) => new FailureNode(node, index, failure));
}

function transferItem(transfer: Transfer): vscode.TreeItem {
  const { id, job, outcome, error, state } = transfer;
  const hasFailures = !transfer.isActive && (outcome?.failures.length ?? 0) > 0;
  // In a narrow side bar, how far it is matters more than where it goes.
  const [name = '', ...where] = job.label.split(' → ');
  const item = new vscode.TreeItem(
    name,
    hasFailures ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None,
  );
  item.id = id;
  const description = describeTransfer(transfer);
  item.description = [description, ...where.map((each) => `→ ${each}`)].join(' ');
  item.tooltip = [
    runningTitle(job),
    description,
    ...(transfer.progress.current === undefined || state !== 'running'
      ? []
      : [transfer.progress.current]),
    ...(error === undefined || state === 'cancelled' ? [] : [error.message]),
  ].join('\n');
  item.iconPath = iconOf(transfer);
  item.contextValue = [
    treeItemContexts.transfer,
    ...(transfer.isActive ? ['active'] : ['ended']),
    ...(transfer.isRetryable ? ['retryable'] : []),
    ...(hasFailures ? ['report'] : []),
    ...(job.reveal === undefined ? [] : ['revealable']),
  ].join(' ');
  item.accessibilityInformation = { label: spokenTransfer(transfer) };
  return item;
}

function failureItem({ parent, index, failure }: FailureNode): vscode.TreeItem {
  const where = visibleText(formatAddress(failure));
  const item = new vscode.TreeItem(where);
  item.id = `${parent.transfer.id} ${index}`;
  item.description = failure.message;
  item.tooltip = `${where}\n${failure.message}`;
  item.iconPath = new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground'));
  item.accessibilityInformation = {
    label: vscode.l10n.t('{0} failed: {1}', where, failure.message),
  };
  return item;
}

const kindIcons: Readonly<Record<TransferKind, string>> = {
  upload: 'cloud-upload',
  download: 'cloud-download',
  copy: 'copy',
  move: 'arrow-right',
  delete: 'trash',
  sync: 'sync',
};

function iconOf({ state, job }: Transfer): vscode.ThemeIcon {
  switch (state) {
    case 'waiting':
      return new vscode.ThemeIcon('clock');
    case 'running':
      return new vscode.ThemeIcon(kindIcons[job.kind], new vscode.ThemeColor('charts.blue'));
    case 'failed':
      return new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground'));
    case 'cancelled':
      return new vscode.ThemeIcon('circle-slash');
    case 'interrupted':
      return new vscode.ThemeIcon('debug-pause', new vscode.ThemeColor('charts.yellow'));
    case 'done':
      return new vscode.ThemeIcon('pass', new vscode.ThemeColor('testing.iconPassed'));
  }
}
