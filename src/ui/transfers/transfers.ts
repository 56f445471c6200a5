import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { StoreError } from '../../core/storeError.ts';
import type { JobEnd } from '../../transfer/jobFolder.ts';
import { Slots } from '../../transfer/slots.ts';
import { createLimits, type TransferLimits } from '../../transfer/transferLimits.ts';
import { settingIds } from '../ids.ts';
import type { RunOutcome } from '../objects/runOutcome.ts';
import { withProgress } from '../withProgress.ts';
import { Transfer } from './transfer.ts';
import type { StartedTransfer, TransferJob } from './transferJob.ts';
import { bandwidthIn, concurrencyIn } from './transferSettings.ts';
import { progressText, runningTitle } from './transferText.ts';

/** How many jobs run at the same time; what each of them moves is bound by the limits. */
const jobsAtATime = 4;
/** How many finished ones stay in the list. */
const longestPast = 100;
/** In milliseconds: between two events, and before a job gets a notification. */
const delays = { change: 200, notification: 1000 };

/** The transfers of this window: a queue of jobs that share bodies on their way and bandwidth. */
export class Transfers implements vscode.Disposable {
  readonly limits: TransferLimits = createLimits();
  readonly #jobs = new Slots(jobsAtATime);
  readonly #transfers = new Map<string, Transfer>();
  readonly #emitter = new vscode.EventEmitter<void>();
  readonly #subscription: vscode.Disposable;
  #isDisposed = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Fires when something in the list is another than before, five times a second at most. */
  readonly onDidChange = this.#emitter.event;

  constructor() {
    this.#followSettings();
    this.#subscription = vscode.workspace.onDidChangeConfiguration((event) => {
      const ids = [settingIds.transferConcurrency, settingIds.transferBandwidth];
      if (ids.some((id) => event.affectsConfiguration(id))) this.#followSettings();
    });
  }

  /** All of them, in the order in which they were started. */
  list(): readonly Transfer[] {
    return [...this.#transfers.values()];
  }

  get(id: string): Transfer | undefined {
    return this.#transfers.get(id);
  }

  /** Puts a job into the list and runs it as soon as it is its turn. */
  start(job: TransferJob): StartedTransfer {
    const transfer = new Transfer(job.keeper?.id ?? randomUUID(), job);
    this.#transfers.set(transfer.id, transfer);
    const done = this.#run(transfer);
    // Who does not wait for it sees it in the list.
    done.catch(() => undefined);
    return { id: transfer.id, done };
  }

  /** Puts a job of an earlier window into the list, without running it. */
  restore(job: TransferJob, ended: JobEnd | undefined): void {
    const id = job.keeper?.id ?? randomUUID();
    if (this.#transfers.has(id)) return;
    const transfer = new Transfer(id, job);
    transfer.restore(ended);
    this.#transfers.set(id, transfer);
    this.#changed();
  }

  /** Runs one that is at rest again. */
  async retry(transfer: Transfer): Promise<RunOutcome | undefined> {
    return transfer.isActive ? undefined : await this.#run(transfer);
  }

  /** Takes one that is at rest out of the list. */
  remove(transfer: Transfer): void {
    if (transfer.isActive) return;
    this.#transfers.delete(transfer.id);
    this.#changed();
  }

  /** Takes out of the list what ended well. @returns how many */
  clearDone(): number {
    const done = this.list().filter(({ state }) => state === 'done');
    for (const transfer of done) this.remove(transfer);
    return done.length;
  }

  /** Stops all of them; what can be gone on with is kept. */
  dispose(): void {
    this.#isDisposed = true;
    for (const transfer of this.#transfers.values()) transfer.cancel();
    clearTimeout(this.#timer);
    this.#subscription.dispose();
    this.#emitter.dispose();
  }

  async #run(transfer: Transfer): Promise<RunOutcome> {
    const own = transfer.enqueue();
    this.#changed();
    let release: (() => void) | undefined;
    let isOurs = false;
    const { keeper } = transfer.job;
    try {
      isOurs = (await keeper?.begin()) !== false;
      if (!isOurs) throw runsElsewhere();
      // What deletes moves no bytes.
      if (transfer.job.kind !== 'delete') release = await this.#jobs.acquire(own);
      transfer.state = 'running';
      this.#changed();
      const { outcome, wasCancelled } = await this.#runNow(transfer, own);
      transfer.end(outcome, wasCancelled);
      return outcome;
    } catch (error) {
      transfer.fail(error);
      throw error;
    } finally {
      release?.();
      if (isOurs) await this.#keep(transfer);
      this.#forgetPast();
      this.#changed();
    }
  }

  /** Notes how a run ended; what the window's end cut off can be gone on with. */
  async #keep({ job: { keeper }, ended }: Transfer): Promise<void> {
    try {
      await (this.#isDisposed ? keeper?.suspend() : keeper?.end(ended));
    } catch {
      // It was noted before; at worst what is done is found to be there.
    }
  }

  async #runNow(
    transfer: Transfer,
    own: AbortSignal,
  ): Promise<{ readonly outcome: RunOutcome; readonly wasCancelled: boolean }> {
    const { job } = transfer;
    const run = async (
      signal: AbortSignal,
      show?: (message: string, done: number, total: number) => void,
    ): Promise<{ outcome: RunOutcome; wasCancelled: boolean }> => {
      const outcome = await job.run({
        ...{ signal, limits: this.limits },
        report: (progress) => {
          transfer.report(progress);
          this.#changed();
          const { bytes, totalBytes = 0, objects, totalObjects = 0 } = progress;
          const [done, total] = totalBytes > 0 ? [bytes, totalBytes] : [objects, totalObjects];
          show?.(progressText(transfer), done, total);
        },
      });
      return { outcome, wasCancelled: signal.aborted };
    };
    if (job.isQuiet === true) return await run(own);
    return await withProgress(
      runningTitle(job),
      (button, show) => run(AbortSignal.any([own, button]), show),
      delays.notification,
    );
  }

  #forgetPast(): void {
    const done = this.list().filter(({ state }) => state === 'done');
    for (const { id } of done.slice(0, -longestPast)) this.#transfers.delete(id);
  }

  #changed(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#emitter.fire();
    }, delays.change);
  }

  #followSettings(): void {
    const configuration = vscode.workspace.getConfiguration();
    this.limits.slots.count = concurrencyIn(configuration);
    const bandwidth = bandwidthIn(configuration);
    if (bandwidth === 'invalid') {
      warnOfBandwidth();
      return;
    }
    // Setting it remits what has to be waited for.
    if (this.limits.bandwidth.limit !== bandwidth) this.limits.bandwidth.limit = bandwidth;
  }
}

function warnOfBandwidth(): void {
  const message = vscode.l10n.t(
    'The setting {0} is no bandwidth. Write bytes per second, for example 10 MiB; until then the bound before holds.',
    settingIds.transferBandwidth,
  );
  void vscode.window.showWarningMessage(message);
}

function runsElsewhere(): StoreError {
  const message = vscode.l10n.t('Another window runs this transfer, or has done it.');
  return new StoreError('conflict', message);
}
