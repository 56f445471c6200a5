import * as vscode from 'vscode';
import type { KeyRecord } from '../../keys/keyRecord.ts';
import type { KeyRing } from '../../keys/keyRing.ts';
import { treeItemContexts, viewIds } from '../ids.ts';
import { describeBinding } from './hosts.ts';
import { KeyNode } from './keyChoice.ts';
import type { KeySettings } from './keySettings.ts';

/** The view "Customer Keys": names, fingerprints, bindings, and what the secret storage lost. */
export class KeyTree implements vscode.TreeDataProvider<KeyNode> {
  readonly #ring: KeyRing;
  readonly #settings: KeySettings;
  readonly #emitter = new vscode.EventEmitter<undefined>();
  readonly #view: vscode.TreeView<KeyNode>;
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

  async getChildren(node?: KeyNode): Promise<KeyNode[]> {
    if (node !== undefined) return [];
    const records = await this.#ring.list();
    const missing = records.filter((record) => record.missing).length;
    this.#view.badge =
      missing === 0
        ? undefined
        : { value: missing, tooltip: vscode.l10n.t('Missing customer keys: {0}', missing) };
    return records.map((record) => new KeyNode(record));
  }

  getParent(): undefined {
    return undefined;
  }

  getTreeItem({ record }: KeyNode): vscode.TreeItem {
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

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#view.dispose();
    this.#emitter.dispose();
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
