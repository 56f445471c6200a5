/**
 * Why a pair cannot be synced at all.
 *
 * - `inUse`: another window, or another run, is syncing the same pair.
 * - `overlap`: one side contains the other, or what the extension itself keeps.
 * - `noFolder`: the local folder is not there, although it was (unmounted, moved), or is no folder.
 * - `invalid`: the pair makes no sense; the message says what to change.
 */
export type SyncErrorReason = 'inUse' | 'overlap' | 'noFolder' | 'invalid';

/** A failure that concerns a pair as a whole; the message is for people. */
export class SyncError extends Error {
  override readonly name = 'SyncError';
  readonly reason: SyncErrorReason;

  constructor(reason: SyncErrorReason, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.reason = reason;
  }
}
