import * as vscode from 'vscode';
import type { PrefixAddress } from '../../core/address.ts';
import { visibleText } from '../../core/visibleText.ts';
import type { SyncPlan } from '../../transfer/sync/syncPlan.ts';
import type { SyncPair } from '../../transfer/sync/syncPair.ts';
import type { SyncReport } from '../../transfer/sync/syncReport.ts';
import {
  openSync,
  type SyncPlanOptions,
  type SyncSession,
} from '../../transfer/sync/syncSession.ts';
import type { TransferContext } from '../../transfer/transferContext.ts';
import type { TransferJournal } from '../../transfer/transferJournal.ts';
import type { ObjectChanges } from '../objectChanges.ts';
import type { RunOutcome } from '../objects/runOutcome.ts';
import type { JobTask } from '../transfers/transferJob.ts';
import { restoresMode } from '../transfers/transferSettings.ts';
import type { Transfers } from '../transfers/transfers.ts';
import { withProgress } from '../withProgress.ts';
import { AgreedItems } from './agreedItems.ts';
import { enginePair, stateFileOf } from './enginePair.ts';
import { folderWords } from './pairSettings.ts';
import { sidesText } from './planItems.ts';
import type { Choices } from './runSummary.ts';
import type { SavedPair } from './savedPair.ts';
import type { SyncHistory } from './syncHistory.ts';
import { recordOutcome } from './syncMessages.ts';
import { outcomeOfRun, runOutcomeOf, type SyncOutcome } from './syncOutcome.ts';

/**
 * A plan and what it is a plan of. As long as its session is open nobody else syncs the pair: run
 * it, or close it.
 */
export interface PlannedSync {
  readonly pair: SavedPair;
  readonly plan: SyncPlan;
  readonly session: SyncSession;
}

export interface SyncsOptions {
  readonly context: TransferContext;
  readonly transfers: Transfers;
  readonly changes: ObjectChanges;
  readonly history: SyncHistory;
  /** Of large files that were not finished. */
  readonly journal: TransferJournal;
  /** An absolute local folder for what is remembered of pairs, shared by all windows. */
  readonly stateFolder: string;
}

/** Whether nothing of a plan is worth a look. */
export function isNothing({ plan }: PlannedSync): boolean {
  return plan.items.every(({ action }) => action === 'unchanged' || action === 'kept');
}

/** How a plan is made or run. */
export interface SyncMode {
  /** Nobody asked for it: no notification, and no question about customer keys. */
  readonly isQuiet?: boolean | undefined;
  /** A side that has nothing any more is meant so. */
  readonly acceptVanished?: boolean | undefined;
}

/** Plans and runs syncs of pairs; the questions about plans are its callers' to ask. */
export class Syncs {
  readonly #options: SyncsOptions;
  /** What runs by itself now, by the pair's name. */
  readonly #quiet = new Map<string, Promise<void>>();

  constructor(options: SyncsOptions) {
    this.#options = options;
  }

  /** @throws FolderProblem, SyncError, StoreError */
  async plan(pair: SavedPair, mode: SyncMode = {}): Promise<PlannedSync> {
    const engine = enginePair(pair, folderWords());
    const { acceptVanished } = mode;
    if (mode.isQuiet === true) return await this.#plan(pair, engine, { acceptVanished });
    await this.#quiet.get(pair.name);
    const title = vscode.l10n.t('Planning the sync “{0}”', visibleText(pair.name));
    const planned = await withProgress(title, (signal, report) =>
      this.#plan(pair, engine, {
        ...{ acceptVanished, signal },
        onProgress: (count) => {
          report(vscode.l10n.t('{0} files and objects', count));
        },
      }),
    );
    if (planned.session.stateProblem !== undefined) void tellStateProblem(pair.name);
    return planned;
  }

  /** Does something with a pair by itself; whoever plans it meanwhile waits for that. */
  async quietly(name: string, work: () => Promise<void>): Promise<void> {
    const running = work();
    this.#quiet.set(
      name,
      running.catch(() => undefined),
    );
    try {
      await running;
    } finally {
      this.#quiet.delete(name);
    }
  }

  /**
   * Runs a plan as a transfer, with what a person said about it.
   *
   * @throws StoreError `aborted` if it was cancelled before anything was done; SyncError, StoreError
   */
  async run(planned: PlannedSync, choices: Choices, mode: SyncMode = {}): Promise<SyncOutcome> {
    const { transfers, changes, history } = this.#options;
    const { pair } = planned;
    const agreed = new AgreedItems(planned.plan, choices);
    const engine = enginePair(pair, folderWords());
    let outcome: SyncOutcome | undefined;
    let isRetry = false;
    const runOnce = async (task: JobTask): Promise<RunOutcome> => {
      const now = isRetry ? await this.#plan(pair, engine, { signal: task.signal }) : planned;
      const chosen = isRetry ? agreed.choicesFor(now.plan) : choices;
      isRetry = true;
      try {
        const report = await runSession(now, chosen, task, mode);
        outcome = outcomeOfRun(now, chosen, report);
        history.keepOutcome(outcome);
        // What a run by itself leaves to others is told in words of its own.
        recordOutcome(history, mode.isQuiet === true ? { ...outcome, skipped: 0 } : outcome);
        return runOutcomeOf(engine.far, report);
      } finally {
        await now.session.close();
        changes.fire(...writtenPrefixes(engine).map(changed));
      }
    };
    const { done } = transfers.start({
      ...{ kind: 'sync', label: labelOf(pair), run: runOnce, isQuiet: mode.isQuiet },
    });
    try {
      await done;
    } finally {
      // It may have been cancelled before it was its turn.
      await planned.session.close();
    }
    if (outcome === undefined) throw new Error('The run ended without an outcome.');
    return outcome;
  }

  async #plan(pair: SavedPair, engine: SyncPair, options: SyncPlanOptions): Promise<PlannedSync> {
    const { context, journal, stateFolder, transfers } = this.#options;
    const { limits } = transfers;
    const stateFile = stateFileOf(stateFolder, engine);
    const session = await openSync(context, engine, {
      ...{ stateFile, journal, limits, removeFile },
      restoreMode: restoresMode(vscode.workspace.getConfiguration()),
      window: vscode.workspace.name ?? vscode.l10n.t('without a folder'),
    });
    try {
      return { pair, session, plan: await session.plan(options) };
    } catch (error) {
      await session.close();
      throw error;
    }
  }
}

async function runSession(
  { session, plan }: PlannedSync,
  { leaveOut, resolutions }: Choices,
  { signal, report }: JobTask,
  mode: SyncMode,
): Promise<SyncReport> {
  return await session.run(plan, {
    ...{ leaveOut, resolutions, signal },
    mayAsk: mode.isQuiet !== true,
    onProgress: ({ current, ...progress }) => {
      report({ ...progress, current: current && visibleText(current) });
    },
  });
}

async function tellStateProblem(name: string): Promise<void> {
  await vscode.window.showWarningMessage(
    vscode.l10n.t(
      'What was remembered of the last sync of “{0}” cannot be used. The plan is that of a first sync: what both sides have is compared.',
      visibleText(name),
    ),
  );
}

function labelOf(pair: SavedPair): string {
  return `${visibleText(pair.name)}: ${sidesText(pair)}`;
}

/** Into the trash where there is one. */
async function removeFile(path: string): Promise<void> {
  const uri = vscode.Uri.file(path);
  try {
    await vscode.workspace.fs.delete(uri, { useTrash: true });
  } catch {
    await vscode.workspace.fs.delete(uri, { useTrash: false });
  }
}

function writtenPrefixes({ far, direction }: SyncPair): readonly PrefixAddress[] {
  return direction === 'remoteToLocal' ? [] : [far];
}

function changed(address: PrefixAddress): { type: 'prefixChanged'; address: PrefixAddress } {
  return { type: 'prefixChanged', address };
}
