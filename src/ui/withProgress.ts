import * as vscode from 'vscode';
import { withSignal } from './abortSignal.ts';

/** Tells how far something is; calls in quick succession are shown only now and then. */
export type ReportProgress = (message: string, done?: number, total?: number) => void;

/** How often progress is shown, in ms. */
const interval = 100;

/**
 * Shows a notification with a cancel button while something runs.
 *
 * @param run gets a signal that the button aborts, and a function that shows how far it is
 */
export async function withProgress<T>(
  title: string,
  run: (signal: AbortSignal, report: ReportProgress) => Promise<T>,
): Promise<T> {
  const options = { location: vscode.ProgressLocation.Notification, cancellable: true, title };
  return await vscode.window.withProgress(options, async (progress, token) => {
    let [shownAt, shownPercent] = [0, 0];
    const report: ReportProgress = (message, done = 0, total = 0) => {
      if (Date.now() - shownAt < interval && done < total) return;
      const percent = total === 0 ? 0 : (100 * done) / total;
      progress.report({ message, increment: percent - shownPercent });
      [shownAt, shownPercent] = [Date.now(), percent];
    };
    return await withSignal(token, (signal) => run(signal, report));
  });
}
