import * as vscode from 'vscode';
import { formatAddress } from '../../core/address.ts';
import type { RunReport } from '../../transfer/run.ts';
import type { ObjectDeps } from './objectDeps.ts';

/** What came of a run, as a caller of a command gets it. */
export interface RunOutcome {
  readonly succeeded: number;
  readonly failures: readonly {
    readonly connection: string;
    readonly bucket: string;
    readonly key: string;
    /** The local file, where there is one. */
    readonly path?: string | undefined;
    readonly message: string;
  }[];
  /** Objects that were not begun because the run was cancelled, or none could succeed. */
  readonly skipped: number;
}

export function outcomeOf({ succeeded, failures, skipped }: RunReport): RunOutcome {
  return {
    succeeded: succeeded.length,
    failures: failures.map(({ address, error }) => ({ ...address, message: error.message })),
    skipped,
  };
}

/**
 * Tells the person how a run ended: quietly in the status bar, or with what failed, which can be
 * opened as a list.
 *
 * @param done what was done, for example "12 objects deleted"
 * @param retry does again what failed or was not begun, and shows how that ended
 */
export function showOutcome(
  { log }: Pick<ObjectDeps, 'log'>,
  outcome: RunOutcome,
  done: string,
  retry?: () => Promise<void>,
): void {
  const { failures, skipped, succeeded } = outcome;
  for (const failure of failures) log.warn(lineOf(failure));
  const [first] = failures;
  if (first === undefined && skipped === 0) {
    vscode.window.setStatusBarMessage(`$(check) ${done}`, 5000);
    return;
  }
  const total = failures.length + skipped + succeeded;
  const parts = [
    done,
    ...(first === undefined
      ? []
      : [
          vscode.l10n.t('{0} of {1} failed; the first: {2}', failures.length, total, first.message),
        ]),
    ...(skipped === 0 ? [] : [vscode.l10n.t('{0} were not begun', skipped)]),
  ];
  void ask(parts.join(vscode.l10n.t('; ')), outcome, retry).catch((error: unknown) => {
    log.warn(error instanceof Error ? error.message : String(error));
  });
}

async function ask(
  message: string,
  { failures }: RunOutcome,
  retry: (() => Promise<void>) | undefined,
): Promise<void> {
  const again = vscode.l10n.t('Retry');
  const show = vscode.l10n.t('Show Failures');
  const retries = retry === undefined ? [] : [again];
  const answer =
    failures.length === 0
      ? await vscode.window.showWarningMessage(message, ...retries)
      : await vscode.window.showErrorMessage(message, show, ...retries);
  if (answer === again) await retry?.();
  if (answer !== show) return;
  const content = failures.map(lineOf).join('\n');
  const document = await vscode.workspace.openTextDocument({ content });
  await vscode.window.showTextDocument(document);
}

function lineOf(failure: RunOutcome['failures'][number]): string {
  return `${failure.connection}: ${formatAddress(failure)}: ${failure.message}`;
}
