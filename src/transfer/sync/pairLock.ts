import { FileLock, isHere, isOurs, type LockOwner } from '../fileLock.ts';
import { SyncError } from './syncError.ts';

/**
 * Makes this process the only one that syncs a pair.
 *
 * @param window what others are told that has it
 * @throws SyncError `inUse`, which says who has it
 */
export async function lockPair(file: string, window: string | undefined): Promise<FileLock> {
  const lock = await FileLock.acquire(file, { window });
  if (lock instanceof FileLock) return lock;
  throw new SyncError('inUse', messageAbout(lock.holder));
}

/** Which window has the pair, and what to do about it. */
function messageAbout(holder: LockOwner | undefined): string {
  const wait = 'Wait until it is done there, or discard its plan.';
  if (holder !== undefined && isOurs(holder)) {
    return 'This window is syncing the pair already. Wait until it is done, or discard its plan.';
  }
  if (holder?.window === undefined) {
    return `This pair is being synced already, perhaps by another window. ${wait}`;
  }
  const place = isHere(holder) ? '' : ` on ${holder.host}`;
  return `The window “${holder.window}”${place} is syncing this pair already. ${wait}`;
}
