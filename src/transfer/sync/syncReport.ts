import type { Action, RunnableItem } from './planItem.ts';
import type { Resolution } from './resolveConflict.ts';

/** How far a run is. */
export interface SyncProgress {
  /** What is across. */
  readonly bytes: number;
  readonly totalBytes: number;
  /** Items that are done, the failed ones included. */
  readonly objects: number;
  readonly totalObjects: number;
  /** The path that was worked on last. */
  readonly current?: string | undefined;
}

/** An item of a plan that was done. */
export interface SyncedItem {
  readonly path: string;
  readonly action: RunnableItem['action'];
}

/** An item that failed; the run went on. */
export interface SyncFailure {
  readonly path: string;
  readonly action: Action;
  readonly error: Error;
}

/** What came of a run. */
export interface SyncReport {
  readonly succeeded: readonly SyncedItem[];
  readonly failures: readonly SyncFailure[];
  /** Paths whose sides turned out to be different; the next plan has them as conflicts. */
  readonly conflicts: readonly string[];
  /**
   * Items that were not begun: the run was cancelled, no item can succeed, or (deletions) something
   * that was to go to the same side failed, and what is moved is never gone in between.
   */
  readonly skipped: number;
  /** What went over the wire for them. */
  readonly bytes: number;
  /** Something was in the way that is gone now: plan again. */
  readonly planAgain: boolean;
}

/** How a plan is run. */
export interface SyncRunOptions {
  /** Paths of items to leave as they are this time. */
  readonly leaveOut?: ReadonlySet<string> | undefined;
  /** By path, how conflicts are decided; those that are not named stay. */
  readonly resolutions?: ReadonlyMap<string, Resolution> | undefined;
  /** Whether a person may be asked for customer keys; default true. */
  readonly mayAsk?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: SyncProgress) => void) | undefined;
}
