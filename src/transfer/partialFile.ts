import { randomBytes } from 'node:crypto';
import { link, lstat, open, rename, rm, stat, statfs, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { identityOf, isSameIdentity, type FileIdentity } from './localFile.ts';
import { codeOf, TransferError, writeFailure } from './transferError.ts';

/** What is expected where a download goes: nothing, a file in a certain state, or anything. */
export type TargetCondition =
  | { readonly type: 'absent' }
  | { readonly type: 'matches'; readonly file: FileIdentity }
  | { readonly type: 'any' };

/** What a file gets beside its name. */
export interface CommitOptions {
  readonly mtimeNs?: bigint | undefined;
  /** Only the nine bits of permission are taken of it; undefined keeps those of the file before. */
  readonly mode?: number | undefined;
  readonly sync: boolean;
}

/** How long a file name may be on most file systems, in bytes. */
const longestName = 255;

/** The file that a download goes into until it is whole, beside the one that it becomes. */
export class PartialFile {
  readonly target: string;
  readonly path: string;
  readonly handle: FileHandle;

  private constructor(target: string, path: string, handle: FileHandle) {
    this.target = target;
    this.path = path;
    this.handle = handle;
  }

  /** A name that no other download uses. */
  static nameFor(target: string): string {
    const ending = `.${randomBytes(4).toString('hex')}.ssec-part`;
    let name = basename(target);
    while (Buffer.byteLength(name) + ending.length + 1 > longestName) name = name.slice(0, -1);
    return `.${name.replace(/[\ud800-\udbff]$/, '')}${ending}`;
  }

  get name(): string {
    return basename(this.path);
  }

  /**
   * Makes an empty one. Who may not read the file that it replaces may not read it either.
   * @throws TransferError `unwritable`, `noSpace`
   */
  static async create(target: string, name: string): Promise<PartialFile> {
    const path = join(dirname(target), name);
    const replaced = await stat(target).catch(() => undefined);
    const mode = replaced === undefined ? undefined : (replaced.mode & 0o777) | 0o600;
    try {
      return new PartialFile(target, path, await open(path, 'wx+', mode));
    } catch (error) {
      throw writeFailure(path, error);
    }
  }

  /** Opens one that is there; undefined if there is none. */
  static async reopen(target: string, name: string): Promise<PartialFile | undefined> {
    const path = join(dirname(target), name);
    try {
      return new PartialFile(target, path, await open(path, 'r+'));
    } catch {
      return undefined;
    }
  }

  /** Looks whether so many more bytes fit. @throws TransferError `noSpace` */
  async ensureSpace(bytes: number): Promise<void> {
    const { bavail, bsize, blocks } = await statfs(dirname(this.path), { bigint: true });
    // Some network file systems don't tell.
    if (blocks === 0n || bavail * bsize >= BigInt(bytes)) return;
    const message = `There is not enough space for ${this.target}: ${bytes} bytes are needed, ${bavail * bsize} are free.`;
    throw new TransferError('noSpace', this.target, message);
  }

  /** Writes all of the chunks, one after the other. @throws TransferError `noSpace`, `unwritable` */
  async write(chunks: readonly Uint8Array[], position: number): Promise<void> {
    try {
      const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
      const { bytesWritten } = await this.handle.writev([...chunks], position);
      if (bytesWritten === length) return;
      const all = Buffer.concat(chunks);
      for (let at = bytesWritten; at < length;) {
        at += (await this.handle.write(all, at, length - at, position + at)).bytesWritten;
      }
    } catch (error) {
      throw writeFailure(this.target, error);
    }
  }

  /** Makes what was written survive a loss of power. */
  async sync(): Promise<void> {
    try {
      await this.handle.datasync();
    } catch (error) {
      throw writeFailure(this.target, error);
    }
  }

  /**
   * Closes it and gives it the target's name, if the condition holds.
   *
   * @throws TransferError `targetChanged`; then the target is what it was
   */
  async commit(condition: TargetCondition, how: CommitOptions): Promise<FileIdentity> {
    const { path, target, handle } = this;
    const replaced = await ensureTarget(target, condition);
    try {
      const mode = how.mode === undefined ? replaced?.mode : how.mode & 0o777;
      if (mode !== undefined) await handle.chmod(mode);
      const seconds = Number(how.mtimeNs ?? 0n) / 1e9;
      if (how.mtimeNs !== undefined) await handle.utimes(seconds, seconds);
      if (how.sync) await handle.sync();
      const stats = await handle.stat({ bigint: true });
      await handle.close();
      if (condition.type === 'absent') await renameToNew(path, target);
      else await rename(path, target);
      if (how.sync) await syncFolder(dirname(target));
      return identityOf(stats);
    } catch (error) {
      throw writeFailure(target, error);
    }
  }

  /** Closes it and keeps it under a name that says what it is. @returns its path */
  async setAside(suffix: string): Promise<string> {
    await this.close();
    for (let count = 1; ; count += 1) {
      const path = `${this.target}.${suffix}${count === 1 ? '' : `-${count}`}`;
      try {
        await renameToNew(this.path, path);
        return path;
      } catch (error) {
        if (!(error instanceof TransferError) || error.reason !== 'targetChanged') throw error;
      }
    }
  }

  /** Closes it and removes it. */
  async discard(): Promise<void> {
    await this.close();
    await rm(this.path, { force: true });
  }

  async close(): Promise<void> {
    await this.handle.close().catch(() => undefined);
  }
}

/**
 * Looks whether a condition on a download's target holds.
 *
 * @returns what is there
 * @throws TransferError `targetChanged`
 */
export async function ensureTarget(
  target: string,
  condition: TargetCondition,
): Promise<{ readonly mode: number } | undefined> {
  const stats = await stat(target, { bigint: true }).catch(() => undefined);
  if (stats?.isDirectory() === true) throw changed(target, `${target} is a folder.`);
  if (condition.type === 'absent' && stats !== undefined) throw exists(target);
  const same =
    condition.type !== 'matches' ||
    (stats !== undefined && isSameIdentity(identityOf(stats), condition.file));
  if (!same) throw changed(target, `${target} was changed meanwhile. It was not overwritten.`);
  return stats === undefined ? undefined : { mode: Number(stats.mode & 0o777n) };
}

/** Renames without ever replacing anything. */
async function renameToNew(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
    await rm(from);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw exists(to);
    // A file system without hard links: looking before is the best that there is.
    if (await lstat(to).catch(() => undefined)) throw exists(to);
    await rename(from, to);
  }
}

async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path);
    await folder.sync().finally(() => folder.close());
  } catch {
    // Windows has no such thing.
  }
}

function exists(target: string): TransferError {
  return changed(target, `${target} exists already. It was not overwritten.`);
}

function changed(target: string, message: string): TransferError {
  return new TransferError('targetChanged', target, message);
}
