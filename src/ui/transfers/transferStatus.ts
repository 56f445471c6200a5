import * as vscode from 'vscode';
import { viewIds } from '../ids.ts';
import { sizeText } from '../tree/sizeText.ts';
import type { Transfers } from './transfers.ts';
import { describeTransfer } from './transferText.ts';

/** The status bar's summary of what runs; a click shows the view. */
export class TransferStatus implements vscode.Disposable {
  readonly #transfers: Transfers;
  readonly #item: vscode.StatusBarItem;
  readonly #subscription: vscode.Disposable;

  constructor(transfers: Transfers) {
    this.#transfers = transfers;
    this.#item = vscode.window.createStatusBarItem(
      viewIds.transfers,
      vscode.StatusBarAlignment.Left,
    );
    this.#item.name = vscode.l10n.t('SSE-C Transfers');
    this.#item.command = `${viewIds.transfers}.focus`;
    this.#subscription = transfers.onDidChange(() => {
      this.#show();
    });
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#item.dispose();
  }

  #show(): void {
    const active = this.#transfers.list().filter(({ isActive }) => isActive);
    if (active.length === 0) {
      this.#item.hide();
      return;
    }
    const now = performance.now();
    const rate = active.reduce((sum, { meter }) => sum + (meter.rate(now) ?? 0), 0);
    const count =
      active.length === 1
        ? vscode.l10n.t('1 transfer')
        : vscode.l10n.t('{0} transfers', active.length);
    const parts = [count, ...(rate > 0 ? [vscode.l10n.t('{0}/s', sizeText(rate))] : [])];
    this.#item.text = `$(sync~spin) ${parts.join(' · ')}`;
    this.#item.tooltip = active
      .map((transfer) => `${transfer.job.label}: ${describeTransfer(transfer)}`)
      .join('\n');
    this.#item.accessibilityInformation = {
      label: vscode.l10n.t('Running: {0}', parts.join(', ')),
    };
    this.#item.show();
  }
}
