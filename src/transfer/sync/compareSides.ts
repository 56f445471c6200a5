import type { Fingerprint } from '../../core/customerKey.ts';
import { TransferError } from '../transferError.ts';
import { md5OfFile } from './fileMd5.ts';
import { isSealedObject, md5OfObject } from './objectMd5.ts';
import type { Seen } from './planItem.ts';
import { fingerprintOf, markOfObject, type RemotePrefix } from './remotePrefix.ts';
import { settledFile } from './settledFile.ts';
import type { Finding } from './settleAdoption.ts';
import type { FileEntry, SideEntry } from './syncEntry.ts';
import { markOf, type Mark } from './syncRecord.ts';
import { localSideOf, type SyncTask } from './syncTask.ts';

/** What the sides of a path turned out to be. */
export interface Comparison {
  readonly finding: Finding;
  readonly near: Mark;
  readonly far: Mark;
  /** Of both, if they are the same. */
  readonly md5?: string | undefined;
  /** Of the far object, if somebody looked. */
  readonly fingerprint?: Fingerprint | null | undefined;
}

/** A side as far as it was looked at. */
interface Looked {
  readonly mark: Mark;
  /** Of the content; undefined if it is another one by its size already. */
  readonly md5?: string | undefined;
  /** Its size is not that of its content. */
  readonly isSealed?: boolean | undefined;
  readonly fingerprint?: Fingerprint | null | undefined;
}

/**
 * Compares what the two sides have: by MD5s that are in listings or metadata, and only else by the
 * content itself.
 */
export async function compareSides(task: SyncTask, item: Seen): Promise<Comparison> {
  const { path, record, near, far } = item;
  if (near === undefined || far === undefined) throw new TypeError(`${path} is on one side only.`);
  const base = record?.differs === undefined ? record : undefined;
  const sameSize = near.size === far.size;
  // What GPG encrypted has another size than its content.
  const mayBeSealed = near.type === 'file' && task.options.isSealed?.(path) === true;
  const oldNear = base?.md5 !== undefined && base.near.size === near.size;
  const oldFar = base?.md5 !== undefined && base.far.size === far.size;
  const ours: Looked =
    sameSize || mayBeSealed || oldNear ? await lookNear(task, path, near) : { mark: markOf(near) };
  const theirs: Looked =
    sameSize || mayBeSealed || oldFar
      ? await lookFar(task, item, far, ours.md5, sameSize || oldFar)
      : { mark: markOf(far), fingerprint: base?.fingerprint };
  const marks = { near: ours.mark, far: theirs.mark, fingerprint: theirs.fingerprint };
  const maybe = sameSize || theirs.isSealed === true;
  if (maybe && ours.md5 !== undefined && ours.md5 === theirs.md5) {
    return { finding: 'same', md5: ours.md5, ...marks };
  }
  if (oldNear && ours.md5 === base.md5) return { finding: 'nearUnchanged', ...marks };
  if (oldFar && theirs.md5 === base.md5) return { finding: 'farUnchanged', ...marks };
  return { finding: 'different', ...marks };
}

async function lookNear(task: SyncTask, path: string, near: SideEntry): Promise<Looked> {
  if (near.type === 'file') return await lookLocal(task, path, near);
  if (task.near.type === 'local') throw new TypeError(`${path} is no file.`);
  return await lookRemote(task, task.near, path, near);
}

async function lookLocal(task: SyncTask, path: string, seen: FileEntry): Promise<Looked> {
  const local = await localSideOf(task).readable(path);
  const followLink = seen.viaLink === true;
  const file = await settledFile(local, { followLink, signal: task.signal });
  if (file.size !== seen.size || file.mtimeNs !== seen.mtimeNs) {
    const message = `${local} was changed since the plan was made.`;
    throw new TransferError('fileChanged', local, message);
  }
  const md5 = await md5OfFile(local, file, task.signal);
  return { mark: { size: file.size, mtimeNs: file.settled ? file.mtimeNs : undefined }, md5 };
}

async function lookFar(
  task: SyncTask,
  { path, record }: Seen,
  far: SideEntry,
  nearMd5: string | undefined,
  anyway: boolean,
): Promise<Looked> {
  const isWritten = task.options.direction !== 'remoteToLocal';
  const wantsKey = isWritten && task.options.wantedKey?.(path) !== undefined;
  const etag = far.type === 'object' ? far.etag : '';
  // An ETag may be anything; if it is the MD5 of the other side, it is no coincidence.
  if (!wantsKey && nearMd5 !== undefined && etag === hexOf(nearMd5)) {
    const known = record?.far.etag === etag ? record.fingerprint : undefined;
    return { mark: markOf(far), md5: nearMd5, fingerprint: known };
  }
  return await lookRemote(task, task.far, path, far, anyway);
}

/** @param anyway whether its content matters if it is no other than its size says */
async function lookRemote(
  task: SyncTask,
  side: RemotePrefix,
  path: string,
  seen: SideEntry,
  anyway = true,
): Promise<Looked> {
  const { context, mayAsk, signal } = task;
  const opened = await side.inspect(context.keys, path, seen, { mayAsk, signal });
  const isSealed = isSealedObject(opened.info);
  return {
    ...{ mark: markOfObject(opened.info), isSealed },
    md5: anyway || isSealed ? await md5OfObject(task, side, opened) : undefined,
    fingerprint: fingerprintOf(opened.openedWith),
  };
}

function hexOf(md5: string): string {
  return Buffer.from(md5, 'base64').toString('hex');
}
