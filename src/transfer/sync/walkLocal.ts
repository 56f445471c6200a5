import type { BigIntStats, Dirent } from 'node:fs';
import { lstat, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { compareUtf8 } from '../../core/utf8Order.ts';
import { PathFilter } from './pathFilter.ts';
import type { FileEntry, Obstacle, ObstacleEntry } from './syncEntry.ts';

export interface WalkOptions {
  /** An absolute local path. */
  readonly root: string;
  /** Which paths take part. Ignore files that are met are added to it. */
  readonly filter?: PathFilter | undefined;
  /** Default false: a link is an obstacle. */
  readonly followSymlinks?: boolean | undefined;
  /** The name of ignore files; default `.ssecignore`. */
  readonly ignoreFile?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Lists the files below a local folder in the order in which S3 lists (the binary order of UTF-8,
 * across folders), with everything that is in the way. It holds the names of the folders on the way
 * to the current file only.
 *
 * A folder that cannot be read is an obstacle, not an error: nobody may take what is in it for
 * deleted. A root that cannot be read is an error.
 *
 * @throws the file system's error about the root, or the signal's reason
 */
export async function* walkLocal(
  options: WalkOptions,
): AsyncGenerator<FileEntry | ObstacleEntry, void> {
  const filter = options.filter ?? new PathFilter();
  yield* new Walk(options, filter).root();
}

/** A name in a folder. */
interface Child {
  readonly name: string;
  readonly path: string;
  readonly type: 'file' | 'folder' | 'linkedFile' | 'linkedFolder' | Obstacle;
}

/** How many files are looked at at the same time. */
const batch = 32;

/** An ignore file that is longer is no list of patterns. */
const longestIgnoreFile = 1024 * 1024;

class Walk {
  readonly #options: WalkOptions;
  readonly #filter: PathFilter;
  readonly #ignoreFile: string;

  constructor(options: WalkOptions, filter: PathFilter) {
    this.#options = options;
    this.#filter = filter;
    this.#ignoreFile = options.ignoreFile ?? '.ssecignore';
  }

  async *root(): AsyncGenerator<FileEntry | ObstacleEntry, void> {
    const { root } = this.#options;
    const before = await stat(root);
    const names = await readNames(root);
    await this.#readIgnoreFile('', names);
    yield* this.#folder('', names, [await realpath(root)]);
    const after = await stat(root);
    if (after.dev !== before.dev || after.ino !== before.ino) {
      // Unmounted, say: what was not found in the end may be there.
      throw new Error(`${root} was replaced while it was read.`);
    }
  }

  /** What is in a folder. @param above the real paths of the folders on the way to it */
  async *#folder(
    folder: string,
    names: readonly Dirent<Buffer>[],
    above: readonly string[],
  ): AsyncGenerator<FileEntry | ObstacleEntry, void> {
    const children = await this.#children(folder, names, above);
    for (let start = 0; start < children.length; start += batch) {
      this.#options.signal?.throwIfAborted();
      const group = children.slice(start, start + batch);
      const entries = await Promise.all(group.map((child) => this.#entry(child)));
      for (const [index, child] of group.entries()) {
        const entry = entries[index];
        if (entry !== undefined) yield entry;
        else if (child.type === 'folder') yield* this.#subfolder(child, above);
      }
    }
  }

  async *#subfolder(
    { path }: Child,
    above: readonly string[],
  ): AsyncGenerator<FileEntry | ObstacleEntry, void> {
    this.#options.signal?.throwIfAborted();
    let names: readonly Dirent<Buffer>[];
    let inside = above;
    try {
      names = await readNames(this.#local(path));
      await this.#readIgnoreFile(path, names);
      if (this.#options.followSymlinks === true) {
        inside = [...above, await realpath(this.#local(path))];
      }
    } catch {
      // Also if it is gone since its parent was read: perhaps something was unmounted.
      yield obstacleAt(path, 'unreadable');
      return;
    }
    yield* this.#folder(path, names, inside);
  }

  /** What a folder's names stand for, in the order of the paths below it. */
  async #children(
    folder: string,
    names: readonly Dirent<Buffer>[],
    above: readonly string[],
  ): Promise<Child[]> {
    const children: Child[] = [];
    for (const dirent of names) {
      const name = decodeName(dirent.name);
      const text = name ?? escapeName(dirent.name);
      const path = folder === '' ? text : `${folder}/${text}`;
      const type = name === undefined ? 'undecodable' : await this.#typeOf(dirent, path, above);
      if (type === undefined || this.#isLeftOut(path, type)) continue;
      children.push({ name: text, path, type });
      // The link itself stands at its path; what is in it comes where a folder's content does.
      if (type === 'linkedFolder' && !this.#filter.excludesFolder(path))
        children.push({ name: text, path, type: 'folder' });
    }
    children.sort((a, b) => compareUtf8(sortingName(a), sortingName(b)));
    // The made-up name of an undecodable one may be another's real name.
    return children.filter(
      (child, index) =>
        child.type !== 'undecodable' ||
        (children[index - 1]?.path !== child.path && children[index + 1]?.path !== child.path),
    );
  }

  async #typeOf(
    dirent: Dirent<Buffer>,
    path: string,
    above: readonly string[],
  ): Promise<Child['type'] | undefined> {
    if (dirent.isFile()) return 'file';
    if (dirent.isDirectory()) return 'folder';
    if (!dirent.isSymbolicLink()) return 'special';
    if (this.#options.followSymlinks !== true) return 'symlink';
    try {
      const target = await stat(this.#local(path));
      if (target.isFile()) return 'linkedFile';
      if (!target.isDirectory()) return 'special';
      // A link to where it stands in would be followed for ever.
      const real = await realpath(this.#local(path));
      return above.includes(real) ? 'symlink' : 'linkedFolder';
    } catch {
      return 'symlink';
    }
  }

  /** An obstacle is left out only if nothing that the other side may have there takes part. */
  #isLeftOut(path: string, type: Child['type']): boolean {
    switch (type) {
      case 'file':
      case 'linkedFile':
        return !this.#filter.includes(path);
      case 'folder':
        return this.#filter.excludesFolder(path);
      default:
        return this.#filter.excludesAll(path);
    }
  }

  /** The entry of a child; undefined for a folder and for what is gone since. */
  async #entry({ path, type }: Child): Promise<FileEntry | ObstacleEntry | undefined> {
    if (type === 'folder') return undefined;
    if (type !== 'file' && type !== 'linkedFile') return obstacleAt(path, type);
    let found: BigIntStats;
    try {
      const look = type === 'file' ? lstat : stat;
      found = await look(this.#local(path), { bigint: true });
    } catch (error) {
      return isMissing(error) ? undefined : obstacleAt(path, 'unreadable');
    }
    if (!found.isFile()) return obstacleAt(path, found.isSymbolicLink() ? 'symlink' : 'special');
    const entry: FileEntry = {
      type: 'file',
      path,
      size: Number(found.size),
      mtimeNs: found.mtimeNs,
    };
    return type === 'file' ? entry : { ...entry, viaLink: true };
  }

  async #readIgnoreFile(folder: string, names: readonly Dirent<Buffer>[]): Promise<void> {
    const name = Buffer.from(this.#ignoreFile);
    const own = names.find((dirent) => dirent.name.equals(name));
    if (own === undefined || own.isDirectory()) return;
    const local = join(this.#local(folder), this.#ignoreFile);
    const { size } = await stat(local);
    if (size > longestIgnoreFile) throw new RangeError(`${local} is too long for an ignore file.`);
    this.#filter.addIgnoreFile(folder, await readFile(local, 'utf8'));
  }

  #local(path: string): string {
    return join(this.#options.root, ...path.split('/'));
  }
}

function readNames(folder: string): Promise<Dirent<Buffer>[]> {
  return readdir(folder, { encoding: 'buffer', withFileTypes: true });
}

/** A folder sorts as what is in it: `a/` comes after `a-` and before `a0`. */
function sortingName({ name, type }: Child): string {
  return type === 'folder' ? `${name}/` : name;
}

function decodeName(bytes: Buffer): string | undefined {
  const name = bytes.toString('utf8');
  return name.includes('\ufffd') && !Buffer.from(name).equals(bytes) ? undefined : name;
}

/** Shows the bytes of a name that is not UTF-8, each name differently. */
function escapeName(bytes: Buffer): string {
  return Array.from(bytes, (byte) =>
    byte < 0x80 ? String.fromCharCode(byte) : `\\x${byte.toString(16)}`,
  ).join('');
}

function obstacleAt(path: string, obstacle: Obstacle): ObstacleEntry {
  return { type: 'obstacle', path, obstacle };
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
