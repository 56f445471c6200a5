import type { ObjectAddress } from '../../core/address.ts';
import type { JobEnd } from '../../transfer/jobFolder.ts';
import type { TransferLimits } from '../../transfer/transferLimits.ts';
import type { RunOutcome } from '../objects/runOutcome.ts';

export type TransferKind = 'upload' | 'download' | 'copy' | 'move' | 'delete' | 'sync';

/** How far a job is. */
export interface JobProgress {
  readonly bytes: number;
  /** Left out where it is not known (yet). */
  readonly totalBytes?: number | undefined;
  /** Objects (or files) that are done, the failed ones included. */
  readonly objects: number;
  readonly totalObjects?: number | undefined;
  /** What is on its way now, as it is shown. */
  readonly current?: string | undefined;
}

/** What a job gets for each run. */
export interface JobTask {
  /** Ends the run: it throws `aborted`, or returns what it got done with the rest as skipped. */
  readonly signal: AbortSignal;
  /** Of all transfers of this window: to be handed to whatever moves bytes. */
  readonly limits: TransferLimits;
  /** May be called as often as one likes. */
  readonly report: (progress: JobProgress) => void;
}

/** Keeps a job that is not done over the end of its window. */
export interface JobKeeper {
  readonly id: string;
  /** Makes this window the only one that runs it; false if another one does or has done it. */
  readonly begin: () => Promise<boolean>;
  /** Notes how a run ended; undefined if it is done, and need not be kept any longer. */
  readonly end: (ended: JobEnd | undefined) => Promise<void>;
  /** Lets another window have it as it is. */
  readonly suspend: () => Promise<void>;
  /** Forgets it, and removes what is left of it here and on the server. */
  readonly discard: () => Promise<void>;
}

/** Something that takes a while and is shown in the view "Transfers". */
export interface TransferJob {
  readonly kind: TransferKind;
  /** Short, as it is shown: `photos/ → s3://bucket/photos/`. */
  readonly label: string;
  /** Runs it. Called again by "Retry": then what is done already is not to be done again. */
  readonly run: (task: JobTask) => Promise<RunOutcome>;
  /** "Reveal": shows where it went. */
  readonly reveal?: (() => Promise<void>) | undefined;
  /** Left out for what does not outlive the window. */
  readonly keeper?: JobKeeper | undefined;
  /** Whether it has to do with an object still: its parts are not to be cleaned up. */
  readonly uses?: ((address: ObjectAddress) => boolean) | undefined;
  /** Runs without a notification, for what nobody asked for now. */
  readonly isQuiet?: boolean | undefined;
}

/** A job in the list. */
export interface StartedTransfer {
  readonly id: string;
  /** What its first run gave or threw (`aborted`, if it was cancelled). */
  readonly done: Promise<RunOutcome>;
}
