import * as vscode from 'vscode';
import { formatAddress } from '../../core/address.ts';
import type { Connection } from '../../core/connection.ts';
import { toUriParts } from '../../core/objectUri.ts';
import { visibleText } from '../../core/visibleText.ts';
import { commandIds, settingIds, treeItemContexts } from '../ids.ts';
import { dateText } from './dateText.ts';
import type { LockState } from './lockState.ts';
import type {
  ConnectionNode,
  ErrorNode,
  LoadMoreNode,
  ObjectNode,
  PrefixNode,
  ProblemNode,
} from './nodes.ts';
import { sizeText } from './sizeText.ts';

const { Collapsed, None } = vscode.TreeItemCollapsibleState;

export function connectionItem(node: ConnectionNode, connection: Connection): vscode.TreeItem {
  const item = new vscode.TreeItem(connection.name, Collapsed);
  const where = connection.endpoint ?? `Amazon S3, ${connection.region}`;
  item.id = node.id;
  item.description = where;
  item.tooltip = where;
  item.iconPath = new vscode.ThemeIcon('plug');
  item.contextValue = treeItemContexts.connection;
  item.accessibilityInformation = {
    label: vscode.l10n.t('connection {0}, {1}', connection.name, where),
  };
  return item;
}

/** A bucket or a prefix. */
export function prefixItem(node: PrefixNode, filter: string): vscode.TreeItem {
  const { address, isBucket } = node;
  const label = isBucket ? address.bucket : labelBelow(node.parent, address.prefix.slice(0, -1));
  const item = new vscode.TreeItem(label, Collapsed);
  const shown = visibleText(filter);
  item.id = node.id;
  item.iconPath = new vscode.ThemeIcon(isBucket ? 'database' : 'folder');
  item.resourceUri = vscode.Uri.from(toUriParts(address));
  item.tooltip = visibleText(formatAddress({ bucket: address.bucket, key: address.prefix }));
  const context = isBucket ? treeItemContexts.bucket : treeItemContexts.prefix;
  item.contextValue = filter === '' ? context : `${context} filtered`;
  const name = isBucket ? vscode.l10n.t('bucket {0}', label) : vscode.l10n.t('prefix {0}', label);
  item.accessibilityInformation = {
    label: filter === '' ? name : vscode.l10n.t('{0}, only what starts with {1}', name, shown),
  };
  if (filter !== '') item.description = vscode.l10n.t('only {0}…', shown);
  return item;
}

export function objectItem(
  node: ObjectNode,
  state: LockState,
  keyName: string | undefined,
): vscode.TreeItem {
  const { address, listed, parent } = node;
  // The marker of a prefix, should it have content, is the object that ends with the delimiter.
  const isMarker = address.key === parent.address.prefix;
  const label = isMarker ? './' : labelBelow(parent, address.key);
  const item = new vscode.TreeItem(label, None);
  const size = sizeText(listed.size);
  const date = dateText(listed.lastModified, new Date(), vscode.env.language);
  const uri = vscode.Uri.from(toUriParts(address));
  item.id = node.id;
  item.description = `${size} · ${date}`;
  item.iconPath = iconOf(state);
  // Where there is no icon, it is that of the file; it is decorated and dragged by it, too.
  item.resourceUri = uri;
  item.contextValue = treeItemContexts.object;
  item.command = { command: 'vscode.open', title: vscode.l10n.t('Open'), arguments: [uri] };
  const encryption = spokenState(state, keyName);
  item.accessibilityInformation = {
    label: vscode.l10n.t('object {0}, {1}', label, [size, date, ...encryption].join(', ')),
  };
  return item;
}

export function loadMoreItem(node: LoadMoreNode, shown: number): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.l10n.t('Load More…'), None);
  const count = shown.toLocaleString(vscode.env.language);
  item.id = node.id;
  item.description = vscode.l10n.t('{0} shown', count);
  item.iconPath = new vscode.ThemeIcon('ellipsis');
  item.contextValue = treeItemContexts.loadMore;
  item.tooltip = vscode.l10n.t('Lists the next page of the prefix');
  item.command = { command: commandIds.loadMore, title: item.tooltip, arguments: [node] };
  item.accessibilityInformation = {
    label: vscode.l10n.t('Load more, {0} entries are shown', count),
  };
  return item;
}

export function errorItem(node: ErrorNode): vscode.TreeItem {
  const message = node.error instanceof Error ? node.error.message : String(node.error);
  const item = new vscode.TreeItem(message, None);
  item.id = node.id;
  item.tooltip = message;
  item.iconPath = new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground'));
  item.contextValue = treeItemContexts.error;
  item.command = {
    ...{ command: commandIds.refresh, arguments: [node] },
    title: vscode.l10n.t('Try Again'),
  };
  item.accessibilityInformation = {
    label: vscode.l10n.t('Error: {0} Press Enter to try again.', message),
  };
  return item;
}

/** An entry of the settings that cannot be used. */
export function problemItem(node: ProblemNode): vscode.TreeItem {
  const { path, message } = node.problem;
  const label = path.length === 0 ? settingIds.connections : visibleText(path.join('.'));
  const item = new vscode.TreeItem(label, None);
  item.id = node.id;
  item.description = message;
  item.tooltip = vscode.l10n.t('{0}, setting {1}: {2}', label, settingIds.connections, message);
  item.iconPath = new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));
  item.command = {
    ...{ command: 'workbench.action.openSettings', arguments: [settingIds.connections] },
    title: vscode.l10n.t('Open Settings'),
  };
  item.accessibilityInformation = {
    label: vscode.l10n.t('Problem in the settings: {0}: {1}', label, message),
  };
  return item;
}

/** A key or prefix as it is called below the node that it is shown under. */
function labelBelow(parent: PrefixNode['parent'], keyOrPrefix: string): string {
  const start = 'address' in parent ? parent.address.prefix.length : 0;
  const name = keyOrPrefix.slice(start);
  return name === '' ? vscode.l10n.t('(empty)') : visibleText(name);
}

function iconOf(state: LockState): vscode.ThemeIcon {
  switch (state.type) {
    case 'opened':
      return new vscode.ThemeIcon('lock', new vscode.ThemeColor('testing.iconPassed'));
    case 'locked':
      return new vscode.ThemeIcon('key', new vscode.ThemeColor('list.warningForeground'));
    case 'plain':
      return new vscode.ThemeIcon('unlock');
    case 'notLookedAt':
      return vscode.ThemeIcon.File;
  }
}

function spokenState(state: LockState, keyName: string | undefined): string[] {
  switch (state.type) {
    case 'opened':
      return [vscode.l10n.t('encrypted with customer key {0}', keyName ?? state.fingerprint)];
    case 'locked':
      return [vscode.l10n.t('encrypted, customer key unknown')];
    case 'plain':
      return [vscode.l10n.t('not encrypted with a customer key')];
    case 'notLookedAt':
      return [];
  }
}
