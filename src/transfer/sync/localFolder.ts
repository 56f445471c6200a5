import type { BigIntStats } from 'node:fs';
import { lstat, mkdir, readdir, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { identityOf } from '../localFile.ts';
import type { TargetCondition } from '../partialFile.ts';
import { codeOf, readFailure, TransferError, writeFailure } from '../transferError.ts';
import { localPath } from './localPath.ts';
import type { LocalSystem } from './nameRules.ts';
import type { FileEntry, SideEntry } from './syncEntry.ts';

/** The local side of a pair: makes sure that nothing outside of it is read or written. */
export class LocalFolder {
  readonly type = 'local';
  /** Absolute, without links. */
  readonly root: string;
  readonly system: LocalSystem;
  readonly followSymlinks: boolean;

  constructor(root: string, followSymlinks: boolean, system: LocalSystem = localSystem()) {
    this.root = root;
    this.system = system;
    this.followSymlinks = followSymlinks;
  }

  pathOf(path: string): string {
    return localPath(this.root, path, this.system);
  }

  /**
   * The file of a path, for reading: no link on the way to it is followed unless links are.
   *
   * @throws TransferError `noFile`
   */
  async readable(path: string): Promise<string> {
    const local = this.pathOf(path);
    if (!this.followSymlinks) await this.#ensureNoLinks(local);
    return local;
  }

  /**
   * The file of a path, for writing: the folders above are made, and are folders, not links.
   *
   * @throws TransferError `targetChanged`, `unwritable`
   */
  async writable(path: string): Promise<string> {
    const local = this.pathOf(path);
    await mkdir(this.root, { recursive: true });
    for (const folder of this.#foldersOf(local)) {
      try {
        if (!(await isFolder(folder))) throw linked(local, folder);
      } catch (error) {
        throw writeFailure(local, error);
      }
    }
    return local;
  }

  /**
   * What a write at a path may replace: what was seen there and nothing else.
   *
   * @throws TransferError `targetChanged`
   */
  async expected(path: string, seen: SideEntry | undefined): Promise<TargetCondition> {
    const local = this.pathOf(path);
    const stats = await this.#look(local);
    if (seen === undefined && (stats === undefined || (await isEmptied(local, stats)))) {
      return { type: 'absent' };
    }
    if (seen === undefined) {
      const message = `${local} has come to be since the plan was made. It was not overwritten.`;
      throw new TransferError('targetChanged', local, message);
    }
    if (stats === undefined || !isAsSeen(stats, seen)) throw changed(local);
    return { type: 'matches', file: identityOf(stats) };
  }

  /** @throws TransferError `targetChanged` if there is a file (or a link) at the path */
  async ensureAbsent(path: string): Promise<void> {
    const local = this.pathOf(path);
    const stats = await this.#look(local);
    if (stats !== undefined && !stats.isDirectory()) throw changed(local);
  }

  /**
   * Removes a file that is what was seen, and the folders above that are empty then.
   *
   * @param remove how; by default for good
   * @throws TransferError `targetChanged`, `unwritable`
   */
  async remove(
    path: string,
    seen: FileEntry,
    remove: (local: string) => Promise<void> = (local) => rm(local),
  ): Promise<void> {
    const local = this.pathOf(path);
    const stats = await this.#look(local);
    if (stats === undefined) return;
    await this.#ensureNoLinks(local);
    if (!isAsSeen(stats, seen)) throw changed(local);
    try {
      await remove(local);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw writeFailure(local, error);
    }
    for (const folder of this.#foldersOf(local).reverse()) {
      try {
        await rmdir(folder);
      } catch {
        // Something else is in it.
        return;
      }
    }
  }

  /** Whether the folder itself is there. @throws the file system's error, but that it is not */
  async exists(): Promise<boolean> {
    try {
      return (await stat(this.root)).isDirectory();
    } catch (error) {
      if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return false;
      throw error;
    }
  }

  async #ensureNoLinks(local: string): Promise<void> {
    for (const folder of this.#foldersOf(local)) {
      const stats = await lstat(folder).catch((error: unknown) => {
        throw readFailure(local, error);
      });
      if (!stats.isDirectory()) throw linked(local, folder);
    }
  }

  async #look(local: string): Promise<BigIntStats | undefined> {
    try {
      return await lstat(local, { bigint: true });
    } catch (error) {
      if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
      throw readFailure(local, error);
    }
  }

  /** The folders between the root and a file, the outer ones first. */
  #foldersOf(local: string): string[] {
    const folders: string[] = [];
    for (let folder = dirname(local); folder !== this.root; folder = dirname(folder)) {
      folders.unshift(folder);
    }
    return folders;
  }
}

export function localSystem(): LocalSystem {
  const { platform } = process;
  return platform === 'win32' || platform === 'darwin' ? platform : 'posix';
}

/** Makes a folder if nothing is there. @returns false if what is there is none, or a link to one */
async function isFolder(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    return (await lstat(folder)).isDirectory();
  }
}

/**
 * Folders in which there is no file do not exist for the other side: where a file is to be, they
 * make way.
 */
async function isEmptied(local: string, stats: BigIntStats): Promise<boolean> {
  if (!stats.isDirectory()) return false;
  const inside = await readdir(local, { recursive: true, withFileTypes: true });
  if (!inside.every((entry) => entry.isDirectory())) return false;
  const folders = [local, ...inside.map(({ parentPath, name }) => join(parentPath, name))];
  folders.sort((one, other) => other.length - one.length);
  try {
    // Should a file come to be meanwhile, its folder stays.
    for (const folder of folders) await rmdir(folder);
    return true;
  } catch {
    return false;
  }
}

function isAsSeen(stats: BigIntStats, seen: SideEntry): boolean {
  return (
    seen.type === 'file' &&
    stats.isFile() &&
    Number(stats.size) === seen.size &&
    stats.mtimeNs === seen.mtimeNs
  );
}

function linked(local: string, folder: string): TransferError {
  const message = `${folder} is a link or no folder. Nothing is read or written behind it.`;
  return new TransferError('targetChanged', local, message);
}

function changed(local: string): TransferError {
  const message = `${local} was changed since the plan was made. It was left as it is.`;
  return new TransferError('targetChanged', local, message);
}
