import * as vscode from 'vscode';
import type { KeyRecord } from '../../keys/keyRecord.ts';
import type { KeyRing } from '../../keys/keyRing.ts';
import { commandIds, treeItemContexts, viewIds } from '../ids.ts';
import { describeBinding } from './hosts.ts';
import { KeyNode } from './keyChoice.ts';
import { KeyProblem, keyProblems } from './keyProblems.ts';
import type { KeySettings } from './keySettings.ts';

type Node = KeyNode | KeyProblem;

/** The view "Customer Keys": names, fingerprints, bindings, and what the secret storage lost. */
export class KeyTree implements vscode.TreeDataProvider<Node> {
  readonly #ring: KeyRing;
  readonly #settings: KeySettings;
  readonly #emitter = new vscode.EventEmitter<undefined>();
  readonly #view: vscode.TreeView<Node>;
  readonly #subscriptions: readonly { dispose(): unknown }[];

  readonly onDidChangeTreeData = this.#emitter.event;

  constructor(ring: KeyRing, settings: KeySettings) {
    this.#ring = ring;
    this.#settings = settings;
    this.#view = vscode.window.createTreeView(viewIds.customerKeys, { treeDataProvider: this });
    const refresh = (): void => {
      this.#emitter.fire(undefined);
    };
    this.#subscriptions = [ring.onDidChange(refresh), settings.onDidChange(refresh)];
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node !== undefined) return [];
    const records = await this.#ring.list();
    const missing = records.filter((record) => record.missing).length;
    this.#view.badge =
      missing === 0
        ? undefined
        : { value: missing, tooltip: vscode.l10n.t('Missing customer keys: {0}', missing) };
    return [
      ...keyProblems(this.#settings, records),
      ...records.map((record) => new KeyNode(record)),
    ];
  }

  getParent(): undefined {
    return undefined;
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return node instanceof KeyProblem ? problemItem(node) : this.#keyItem(node.record);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#view.dispose();
    this.#emitter.dispose();
  }

  #keyItem(record: KeyRecord): vscode.TreeItem {
    const { name, fingerprint, scope, missing } = record;
    const isDefault = this.#settings.isDefault(record);
    const facts = [
      ...(missing ? [vscode.l10n.t('missing')] : []),
      ...(isDefault ? [vscode.l10n.t('default')] : []),
      scope === 'user' ? vscode.l10n.t('user') : vscode.l10n.t('workspace'),
    ];
    const item = new vscode.TreeItem(name);
    item.id = `${scope}/${fingerprint}`;
    item.description = [...facts, fingerprint].join(' · ');
    item.tooltip = this.#describe(record);
    item.iconPath = new vscode.ThemeIcon(missing ? 'warning' : isDefault ? 'star-full' : 'key');
    item.contextValue = [treeItemContexts.customerKey, ...(missing ? ['missing'] : [])].join(' ');
    item.accessibilityInformation = {
      label: vscode.l10n.t(
        'Customer key {0}, {1}, fingerprint {2}',
        name,
        facts.join(', '),
        fingerprint,
      ),
    };
    return item;
  }

  #describe(record: KeyRecord): string {
    const { fingerprint, scope, bindings, createdAt, missing } = record;
    const added = new Date(createdAt);
    return [
      vscode.l10n.t('Fingerprint: {0}', fingerprint),
      scope === 'user'
        ? vscode.l10n.t('Key ring: of the user, for all workspaces')
        : vscode.l10n.t('Key ring: of this workspace'),
      bindings.length === 0
        ? vscode.l10n.t('Bound to no host: you are asked at the first use')
        : vscode.l10n.t('Bound to: {0}', bindings.map(describeBinding).join('; ')),
      ...(Number.isNaN(added.getTime())
        ? []
        : [vscode.l10n.t('Added: {0}', added.toLocaleString())]),
      ...(this.#settings.isDefault(record) ? [vscode.l10n.t('The default for new objects')] : []),
      ...(missing
        ? [vscode.l10n.t('The secret storage of VS Code lost it. Add it again from your copy.')]
        : []),
    ].join('\n');
  }
}

/** Enter or a click does what helps: adds the key, or opens the setting. */
function problemItem(problem: KeyProblem): vscode.TreeItem {
  const { label, detail, setting, remedy } = problem;
  const item = new vscode.TreeItem(label);
  item.id = `problem ${setting} ${label} ${detail}`;
  item.description = detail;
  item.tooltip = detail;
  item.iconPath = new vscode.ThemeIcon('warning');
  item.accessibilityInformation = { label: `${label}: ${detail}` };
  item.command =
    remedy === undefined
      ? {
          title: vscode.l10n.t('Open Settings'),
          command: 'workbench.action.openSettings',
          arguments: [setting],
        }
      : {
          title: vscode.l10n.t('Add Customer Key…'),
          command: commandIds.addCustomerKey,
          arguments: [problem],
        };
  return item;
}
