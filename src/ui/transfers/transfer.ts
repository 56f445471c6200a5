import { isStoreError } from '../../core/storeError.ts';
import type { JobEnd } from '../../transfer/jobFolder.ts';
import type { RunOutcome } from '../objects/runOutcome.ts';
import type { JobProgress, TransferJob } from './transferJob.ts';
import { TransferMeter } from './transferMeter.ts';

/** `interrupted`: its window was closed while it ran. */
export type TransferState = 'waiting' | 'running' | 'failed' | 'cancelled' | 'interrupted' | 'done';

/** A job in the list, and what came of it so far. */
export class Transfer {
  readonly id: string;
  readonly job: TransferJob;
  state: TransferState = 'waiting';
  progress: JobProgress = { bytes: 0, objects: 0 };
  meter = new TransferMeter();
  /** What the last run gave, if it got to its end. */
  outcome: RunOutcome | undefined;
  /** What the last run threw. */
  error: Error | undefined;
  #controller = new AbortController();

  constructor(id: string, job: TransferJob) {
    this.id = id;
    this.job = job;
  }

  /** Whether it can be cancelled; else it is at rest. */
  get isActive(): boolean {
    return this.state === 'waiting' || this.state === 'running';
  }

  /** Whether there is something left to do. */
  get isRetryable(): boolean {
    return this.state === 'failed' || this.state === 'cancelled' || this.state === 'interrupted';
  }

  /** Makes it what an earlier window left. */
  restore(ended: JobEnd | undefined): void {
    this.state = ended?.state ?? 'interrupted';
    this.outcome = ended?.outcome;
    this.error = ended?.message === undefined ? undefined : new Error(ended.message);
  }

  /** How it ended, for whoever keeps it; undefined if it is done. */
  get ended(): JobEnd | undefined {
    if (this.state !== 'failed' && this.state !== 'cancelled') return undefined;
    const { succeeded = 0, failures = [], skipped = 0 } = this.outcome ?? {};
    const outcome = this.outcome && { succeeded, failures: [...failures], skipped };
    return { state: this.state, message: this.error?.message, outcome };
  }

  /** Makes it wait for its turn. @returns the signal of this run */
  enqueue(): AbortSignal {
    this.state = 'waiting';
    this.progress = { bytes: 0, objects: 0 };
    this.meter = new TransferMeter();
    this.outcome = undefined;
    this.error = undefined;
    this.#controller = new AbortController();
    return this.#controller.signal;
  }

  cancel(): void {
    this.#controller.abort();
  }

  report(progress: JobProgress): void {
    this.progress = progress;
    this.meter.note(progress.bytes, performance.now());
  }

  end(outcome: RunOutcome, wasCancelled: boolean): void {
    this.outcome = outcome;
    const isCut = wasCancelled && outcome.skipped > 0;
    this.state = isCut ? 'cancelled' : outcome.failures.length > 0 ? 'failed' : 'done';
  }

  fail(error: unknown): void {
    this.error = error instanceof Error ? error : new Error(String(error));
    this.state = isStoreError(error, 'aborted') ? 'cancelled' : 'failed';
  }
}
