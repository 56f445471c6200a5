import type { BigIntStats } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import { readFailure, TransferError } from './transferError.ts';

/** What tells a state of a file from another one; as JSON has it. */
export interface FileIdentity {
  readonly size: number;
  /** Nanoseconds since 1970, in decimal digits. */
  readonly mtimeNs: string;
  readonly inode: string;
}

export function identityOf(stats: BigIntStats): FileIdentity {
  const { size, mtimeNs, ino } = stats;
  return { size: Number(size), mtimeNs: mtimeNs.toString(), inode: ino.toString() };
}

export function isSameIdentity(one: FileIdentity, other: FileIdentity): boolean {
  return one.size === other.size && one.mtimeNs === other.mtimeNs && one.inode === other.inode;
}

/** A file that is read for an upload, and that must not change meanwhile. */
export class LocalFile {
  readonly path: string;
  readonly handle: FileHandle;
  readonly stats: BigIntStats;
  readonly identity: FileIdentity;

  private constructor(path: string, handle: FileHandle, stats: BigIntStats) {
    this.path = path;
    this.handle = handle;
    this.stats = stats;
    this.identity = identityOf(stats);
  }

  /** @throws TransferError `noFile`, `unreadable` */
  static async open(path: string): Promise<LocalFile> {
    let handle: FileHandle | undefined;
    try {
      // Opening a named pipe would wait for a writer.
      if (!(await stat(path)).isFile()) {
        throw new TransferError('noFile', path, `${path} is no regular file.`);
      }
      handle = await open(path);
      return new LocalFile(path, handle, await handle.stat({ bigint: true }));
    } catch (error) {
      await handle?.close();
      throw readFailure(path, error);
    }
  }

  /** Fills the buffer from a position on. @throws TransferError `fileChanged` if there is less */
  async readFully(buffer: Uint8Array, position: number): Promise<void> {
    let filled = 0;
    while (filled < buffer.length) {
      const { bytesRead } = await this.handle
        .read(buffer, filled, buffer.length - filled, position + filled)
        .catch((error: unknown) => {
          throw readFailure(this.path, error);
        });
      if (bytesRead === 0) throw this.changed();
      filled += bytesRead;
    }
  }

  /**
   * Looks whether it still is what it was when it was opened: the same file at the same path, of the
   * same size and modification time.
   *
   * @throws TransferError `fileChanged`
   */
  async ensureUnchanged(): Promise<void> {
    const now = await stat(this.path, { bigint: true }).catch(() => undefined);
    const opened = await this.handle.stat({ bigint: true });
    const same = now !== undefined && isSameIdentity(this.identity, identityOf(now));
    if (!same || !isSameIdentity(this.identity, identityOf(opened))) throw this.changed();
  }

  changed(): TransferError {
    const message = `${this.path} changed while it was uploaded. Nothing was written; try again when it is at rest.`;
    return new TransferError('fileChanged', this.path, message);
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}
