import * as vscode from 'vscode';

/** Tells how far something is; of calls in quick succession the last one is shown. */
export type ReportProgress = (message: string, done?: number, total?: number) => void;

type Shown = vscode.Progress<{ message?: string; increment?: number }>;

/** How long something may take without a notification, and between two reports, in ms. */
const delays = { notification: 400, report: 200 };

/**
 * Shows a notification with a cancel button while something runs, if it takes a while.
 *
 * @param run gets a signal that the button aborts, and a function that shows how far it is
 * @param after how long it may take without a notification, in milliseconds
 */
export async function withProgress<T>(
  title: string,
  run: (signal: AbortSignal, report: ReportProgress) => Promise<T>,
  after = delays.notification,
): Promise<T> {
  const controller = new AbortController();
  const reports = new Reports();
  const running = run(controller.signal, reports.add);
  if (await isSettledWithin(running, after)) return await running;
  const options = { location: vscode.ProgressLocation.Notification, cancellable: true, title };
  return await vscode.window.withProgress(options, async (progress, token) => {
    const subscription = token.onCancellationRequested(() => {
      controller.abort();
    });
    reports.showOn(progress);
    try {
      return await running;
    } finally {
      reports.stop();
      subscription.dispose();
    }
  });
}

/** What was reported, shown not more often than people can read. */
class Reports {
  #progress: Shown | undefined;
  #last: { readonly message: string; readonly percent: number } | undefined;
  #shownPercent = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  readonly add: ReportProgress = (message, done = 0, total = 0) => {
    this.#last = { message, percent: total === 0 ? 0 : (100 * done) / total };
    if (this.#progress !== undefined) this.#timer ??= setTimeout(this.#show, delays.report);
  };

  showOn(progress: Shown): void {
    this.#progress = progress;
    this.#show();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#progress = undefined;
  }

  readonly #show = (): void => {
    this.#timer = undefined;
    if (this.#last === undefined) return;
    const { message, percent } = this.#last;
    this.#progress?.report({ message, increment: percent - this.#shownPercent });
    this.#shownPercent = percent;
  };
}

async function isSettledWithin(work: Promise<unknown>, milliseconds: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, milliseconds, false);
  });
  const settled = work.then(
    () => true,
    () => true,
  );
  try {
    return await Promise.race([settled, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
