import * as vscode from 'vscode';
import { visibleText } from '../../core/visibleText.ts';
import { commandIds } from '../ids.ts';
import { PairNode } from './planNodes.ts';
import type { SavedPair } from './savedPair.ts';
import type { SyncHistory } from './syncHistory.ts';
import type { SyncOutcome } from './syncOutcome.ts';

/** Remembers how a run ended, for the status bar and the list of pairs. */
export function recordOutcome(history: SyncHistory, outcome: SyncOutcome): void {
  const { failures, conflicts, skipped } = outcome;
  const state =
    failures.length > 0 ? 'failed' : conflicts.length + skipped > 0 ? 'waiting' : 'done';
  history.record(outcome.name, state, summaryOf(outcome));
}

/** How a run ended, in a few words. */
function summaryOf({ succeeded, failures, conflicts, skipped }: SyncOutcome): string {
  return [
    vscode.l10n.t('{0} done', succeeded),
    ...(failures.length === 0 ? [] : [vscode.l10n.t('{0} failed', failures.length)]),
    ...(conflicts.length === 0 ? [] : [vscode.l10n.t('conflicts: {0}', conflicts.length)]),
    ...(skipped === 0 ? [] : [vscode.l10n.t('{0} not begun', skipped)]),
  ].join(', ');
}

/** Tells the person how a run ended: quietly if all is well, else with a report to open. */
export function tellOutcome(outcome: SyncOutcome, pair: SavedPair): void {
  const name = visibleText(outcome.name);
  const text = vscode.l10n.t('Sync “{0}”: {1}', name, summaryOf(outcome));
  const [first] = outcome.failures;
  if (first === undefined && outcome.conflicts.length + outcome.skipped === 0) {
    vscode.window.setStatusBarMessage(`$(check) ${text}`, 5000);
    return;
  }
  void askAfter(first === undefined ? text : `${text}; ${first.message}`, outcome, pair);
}

async function askAfter(message: string, outcome: SyncOutcome, pair: SavedPair): Promise<void> {
  const report = vscode.l10n.t('Show Report');
  const again = outcome.failures.length > 0 ? vscode.l10n.t('Try Again') : planTitle();
  const show =
    outcome.failures.length > 0 ? vscode.window.showErrorMessage : vscode.window.showWarningMessage;
  const chosen = await show(message, report, again);
  // A node, and no argument object: a person called, who is to see what fails.
  const target = new PairNode(pair);
  if (chosen === report) await vscode.commands.executeCommand(commandIds.showSyncReport, target);
  if (chosen === again) await vscode.commands.executeCommand(commandIds.syncNow, target);
}

export function planTitle(): string {
  return vscode.l10n.t('Show Plan');
}
