import * as vscode from 'vscode';
import { visibleText } from '../../core/visibleText.ts';
import { downloadTasks } from '../../transfer/downloadTasks.ts';
import { type DownloadSource, planDownload } from '../../transfer/downloadPlan.ts';
import { type RunOutcome, showOutcome } from '../objects/runOutcome.ts';
import { withProgress } from '../withProgress.ts';
import { existingPolicy, type OverwriteArgument } from './existingQuestion.ts';
import type { FileTransferDeps } from './fileTransferDeps.ts';
import { localSystem } from './localSystem.ts';
import { newGetJob } from './getJob.ts';

export interface GetFilesOptions {
  readonly sources: readonly DownloadSource[];
  /** An absolute local path; nothing is written outside of it. */
  readonly folder: string;
  /** What becomes of files that are there already; default: the person is asked. */
  readonly overwrite?: OverwriteArgument | undefined;
}

/**
 * Downloads objects and everything below prefixes into a folder: lists what there is, asks what has
 * to be asked, and runs it as a transfer.
 *
 * @throws Cancelled, StoreError
 */
export async function getFiles(
  deps: FileTransferDeps,
  { sources, folder, overwrite }: GetFilesOptions,
): Promise<RunOutcome> {
  const { context, transfers } = deps;
  const system = localSystem();
  const plan = await withProgress(
    vscode.l10n.t('Looking at what goes to {0}', visibleText(folder)),
    (signal, report) =>
      planDownload(context, sources, folder, {
        ...{ system, signal },
        onFound: (count) => {
          report(vscode.l10n.t('{0} objects', count));
        },
      }),
  );
  const names = plan.files
    .filter(({ existing }) => existing !== undefined)
    .map(({ below }) => visibleText(below));
  const policy = await existingPolicy(overwrite, names, plan.files.length);
  const tasks = await downloadTasks(plan, policy, system);
  const outcome =
    tasks.length + plan.problems.length === 0
      ? { succeeded: 0, failures: [], skipped: 0 }
      : await transfers.start(await newGetJob(deps, plan, tasks, sources)).done;
  const skipped = plan.files.length - tasks.length;
  const done =
    outcome.succeeded === 1
      ? vscode.l10n.t('1 object downloaded')
      : vscode.l10n.t('{0} objects downloaded', outcome.succeeded);
  showOutcome(
    deps,
    outcome,
    skipped === 0 ? done : vscode.l10n.t('{0}, {1} were there already', done, skipped),
  );
  return outcome;
}
