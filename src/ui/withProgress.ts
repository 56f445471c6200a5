import * as vscode from 'vscode';

/**
 * Shows a notification with a cancel button while something runs.
 *
 * @param run gets a signal that the button aborts
 */
export async function withProgress<T>(
  title: string,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const options = { location: vscode.ProgressLocation.Notification, cancellable: true, title };
  return await vscode.window.withProgress(options, async (_progress, token) => {
    const controller = new AbortController();
    const subscription = token.onCancellationRequested(() => {
      controller.abort();
    });
    try {
      return await run(controller.signal);
    } finally {
      subscription.dispose();
    }
  });
}
