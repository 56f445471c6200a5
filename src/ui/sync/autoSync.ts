import { sep } from 'node:path';
import * as vscode from 'vscode';
import { isStoreError } from '../../core/storeError.ts';
import { visibleText } from '../../core/visibleText.ts';
import { SyncError } from '../../transfer/sync/syncError.ts';
import { commandIds } from '../ids.ts';
import type { Log } from '../log.ts';
import { type AutomaticScope, chooseAutomatic, isWaiting, type Waiting } from './automaticRun.ts';
import { absoluteFolder } from './localFolder.ts';
import { type Occasion, PairSchedule } from './pairSchedule.ts';
import { folderWords, type PairSettings } from './pairSettings.ts';
import { PairNode } from './planNodes.ts';
import type { SavedPair } from './savedPair.ts';
import type { SyncDesk } from './syncDesk.ts';
import type { SyncHistory } from './syncHistory.ts';
import { planTitle } from './syncMessages.ts';
import type { Syncs } from './syncs.ts';

/** How long a push waits for whoever has the pair, in milliseconds. */
const postponed = 30_000;

export interface AutoSyncOptions {
  readonly settings: PairSettings;
  readonly syncs: Syncs;
  readonly desk: SyncDesk;
  readonly history: SyncHistory;
  readonly log: Log;
}

/**
 * Syncs pairs by themselves, every so many minutes and after saves: only what needs no question.
 * What waits for a person is said once, and not at every interval.
 */
export class AutoSync {
  readonly #options: AutoSyncOptions;
  readonly #schedule: PairSchedule;
  readonly #subscription: vscode.Disposable;
  /** What was said last of each pair. */
  readonly #told = new Map<string, string>();

  constructor(options: AutoSyncOptions) {
    this.#options = options;
    this.#schedule = new PairSchedule((name, occasion) => this.#sync(name, occasion));
    this.#subscription = vscode.Disposable.from(
      options.settings.onDidChange(() => {
        this.#update();
      }),
      vscode.workspace.onDidSaveTextDocument(({ uri }) => {
        this.#saved(uri);
      }),
      vscode.workspace.onDidSaveNotebookDocument(({ uri }) => {
        this.#saved(uri);
      }),
    );
    this.#update();
  }

  dispose(): void {
    this.#schedule.dispose();
    this.#subscription.dispose();
  }

  /** In an untrusted workspace nothing happens by itself. */
  #update(): void {
    this.#schedule.update(vscode.workspace.isTrusted ? this.#options.settings.list() : []);
  }

  #saved({ scheme, fsPath }: vscode.Uri): void {
    if (scheme !== 'file') return;
    for (const pair of this.#options.settings.list()) {
      if (pair.pushOnSave && isIn(pair, fsPath)) this.#schedule.saved(pair.name);
    }
  }

  async #sync(name: string, occasion: Occasion): Promise<void> {
    const { settings, syncs, desk, history, log } = this.#options;
    const pair = settings.get(name);
    if (pair === undefined) return;
    // While somebody looks at a plan of it, it is to stay what it is.
    if (desk.plan?.pair.name === name) {
      this.#postpone(name, occasion);
      return;
    }
    try {
      await syncs.quietly(name, () => this.#syncNow(pair, occasion));
    } catch (error) {
      if (error instanceof SyncError && error.reason === 'inUse') {
        log.info(`Sync of ${JSON.stringify(name)} by itself: ${error.message}`);
        this.#postpone(name, occasion);
        return;
      }
      if (isStoreError(error, 'aborted')) {
        history.record(name, 'waiting', vscode.l10n.t('cancelled'));
        return;
      }
      log.warn(`Sync of ${JSON.stringify(name)} failed: ${String(error)}`);
      const message = error instanceof Error ? error.message : String(error);
      history.record(name, 'failed', message);
      this.#tell(pair, failureText(pair, message));
    }
  }

  /** What was saved is pushed later; an interval comes again by itself. */
  #postpone(name: string, occasion: Occasion): void {
    if (occasion === 'save') this.#schedule.saved(name, postponed);
  }

  async #syncNow(pair: SavedPair, occasion: Occasion): Promise<void> {
    const { syncs, history } = this.#options;
    const { name } = pair;
    const planned = await syncs.plan(pair, { isQuiet: true });
    const { leaveOut, runs, waiting } = chooseAutomatic(planned.plan, scopeOf(pair, occasion));
    if (runs === 0) await planned.session.close();
    else {
      const choices = { leaveOut, resolutions: new Map<string, never>() };
      const outcome = await syncs.run(planned, choices, { isQuiet: true });
      if (outcome.failures.length > 0) {
        this.#tell(pair, failureText(pair, outcome.failures[0]?.message ?? ''));
        return;
      }
    }
    if (isWaiting(waiting)) {
      history.record(name, 'waiting', waitingText(waiting));
      this.#tell(pair, messageOf(pair, waiting));
    } else {
      if (runs === 0) history.record(name, 'done', vscode.l10n.t('nothing to do'));
      this.#told.delete(name);
    }
  }

  /** Says it unless it was what was said last. */
  #tell(pair: SavedPair, message: string): void {
    if (this.#told.get(pair.name) === message) return;
    this.#told.set(pair.name, message);
    void ask(message, pair);
  }
}

async function ask(message: string, pair: SavedPair): Promise<void> {
  const show = planTitle();
  if ((await vscode.window.showWarningMessage(message, show)) !== show) return;
  await vscode.commands.executeCommand(commandIds.syncNow, new PairNode(pair));
}

/** After a save the far side gets it; at an interval, what changed remotely comes over. */
function scopeOf({ direction }: SavedPair, occasion: Occasion): AutomaticScope {
  if (occasion === 'save') return 'push';
  return direction === 'both' ? 'pull' : 'all';
}

function isIn({ local }: SavedPair, path: string): boolean {
  if (local === undefined) return false;
  try {
    const folder = absoluteFolder(local, folderWords());
    return path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
  } catch {
    // Sync Now says what is wrong with it.
    return false;
  }
}

function failureText({ name }: SavedPair, message: string): string {
  return vscode.l10n.t('The sync “{0}” failed: {1}', visibleText(name), message);
}

function messageOf({ name }: SavedPair, waiting: Waiting): string {
  if (waiting.first) {
    return vscode.l10n.t(
      'The pair “{0}” was not synced yet. It is synced by itself once you have run it for the first time.',
      visibleText(name),
    );
  }
  return vscode.l10n.t(
    'The sync “{0}” waits for you: {1}.',
    visibleText(name),
    waitingText(waiting),
  );
}

function waitingText({ conflicts, deletions, decryptions, vanished, first }: Waiting): string {
  return [
    ...(first ? [vscode.l10n.t('not synced yet')] : []),
    ...(conflicts === 0 ? [] : [vscode.l10n.t('conflicts: {0}', conflicts)]),
    ...(deletions === 0 ? [] : [vscode.l10n.t('deletions: {0}', deletions)]),
    ...(decryptions === 0 ? [] : [vscode.l10n.t('customer keys to take away: {0}', decryptions)]),
    ...(vanished === 0 ? [] : [vscode.l10n.t('a side is empty')]),
  ].join(', ');
}
