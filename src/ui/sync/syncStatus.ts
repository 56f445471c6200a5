import * as vscode from 'vscode';
import { visibleText } from '../../core/visibleText.ts';
import { commandIds, viewIds } from '../ids.ts';
import type { PairSettings } from './pairSettings.ts';
import { lastSyncText, type SyncHistory } from './syncHistory.ts';

const icons = { done: 'check', waiting: 'warning', failed: 'error' } as const;

/** The status bar's word about the last sync; a click offers the next one. */
export class SyncStatus {
  readonly #settings: PairSettings;
  readonly #history: SyncHistory;
  readonly #item: vscode.StatusBarItem;
  readonly #subscription: vscode.Disposable;

  constructor(settings: PairSettings, history: SyncHistory) {
    this.#settings = settings;
    this.#history = history;
    this.#item = vscode.window.createStatusBarItem(
      viewIds.syncPlan,
      vscode.StatusBarAlignment.Left,
    );
    this.#item.name = vscode.l10n.t('SSE-C Sync');
    this.#item.command = commandIds.syncNow;
    const show = (): void => {
      this.#show();
    };
    this.#subscription = vscode.Disposable.from(
      settings.onDidChange(show),
      history.onDidChange(show),
    );
    this.#show();
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#item.dispose();
  }

  #show(): void {
    const names = this.#settings.list().map(({ name }) => name);
    const latest = this.#history.latest(names);
    const last = latest === undefined ? undefined : this.#history.last(latest);
    if (latest === undefined || last === undefined) {
      this.#item.hide();
      return;
    }
    this.#item.text = `$(sync) ${visibleText(latest)} $(${icons[last.state]})`;
    this.#item.tooltip = names
      .map((name) => {
        const known = this.#history.last(name);
        const text = known === undefined ? vscode.l10n.t('not synced yet') : lastSyncText(known);
        return `${visibleText(name)}: ${text}`;
      })
      .join('\n');
    this.#item.accessibilityInformation = {
      label: vscode.l10n.t('Sync {0}: {1}', visibleText(latest), last.summary),
    };
    this.#item.backgroundColor =
      last.state === 'done' ? undefined : new vscode.ThemeColor('statusBarItem.warningBackground');
    this.#item.show();
  }
}
