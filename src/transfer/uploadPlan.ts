import { stat } from 'node:fs/promises';
import { basename, join, relative, resolve, sep } from 'node:path';
import { formatAddress, type ObjectAddress, type PrefixAddress } from '../core/address.ts';
import type { ListedObject } from '../core/objectStore.ts';
import { StoreError } from '../core/storeError.ts';
import { findExisting } from './findExisting.ts';
import { throwIfAborted } from './pause.ts';
import { remoteNames } from './sync/nameRules.ts';
import type { Obstacle } from './sync/syncEntry.ts';
import { walkLocal } from './sync/walkLocal.ts';
import type { TransferContext } from './transferContext.ts';
import { readFailure, TransferError } from './transferError.ts';
import type { TreeFailure, TreeTask } from './treeRun.ts';

/** A file that is going to be uploaded. */
export interface PlannedUpload extends TreeTask {
  /** What stands at the address already. */
  readonly existing?: ListedObject | undefined;
}

/** What uploading files and folders is going to do; nothing of it is done yet. */
export interface UploadPlan {
  readonly target: PrefixAddress;
  readonly files: readonly PlannedUpload[];
  /** What cannot be uploaded, and why. */
  readonly problems: readonly TreeFailure[];
  /** Of all files. */
  readonly bytes: number;
}

export interface UploadPlanOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told now and then how many files were found so far. */
  readonly onFound?: ((count: number) => void) | undefined;
}

/**
 * Looks which files there are in the chosen ones, under which object keys they go, and what stands
 * there. A file goes under its name, a folder with all that is in it under the folder's name.
 * Symbolic links in folders are not followed.
 *
 * @param paths absolute local paths of files and folders
 */
export async function planUpload(
  { stores }: Pick<TransferContext, 'stores'>,
  paths: readonly string[],
  target: PrefixAddress,
  options: UploadPlanOptions = {},
): Promise<UploadPlan> {
  const { connection, bucket, prefix } = target;
  const gathering = new Gathering(target, options);
  for (const path of outermost(paths)) await gathering.add(path);
  const { files, problems } = gathering;
  const store = await stores.get(connection);
  const keys = files.map(({ address }) => address.key);
  const existing = await findExisting(store, { connection, bucket }, keys, options.signal);
  return {
    target: { connection, bucket, prefix },
    files: files.map((file) => ({ ...file, existing: existing.get(file.address.key) })),
    problems,
    bytes: files.reduce((sum, { size }) => sum + size, 0),
  };
}

/** The paths without repetition and without what lies in another one of them. */
function outermost(paths: readonly string[]): readonly string[] {
  const all = [...new Set(paths.map((path) => resolve(path)))];
  return all.filter((path) => !all.some((other) => other !== path && isInside(path, other)));
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && resolve(way) !== way;
}

class Gathering {
  readonly files: PlannedUpload[] = [];
  readonly problems: TreeFailure[] = [];
  readonly #target: PrefixAddress;
  readonly #options: UploadPlanOptions;
  readonly #keys = new Set<string>();

  constructor(target: PrefixAddress, options: UploadPlanOptions) {
    this.#target = target;
    this.#options = options;
  }

  async add(path: string): Promise<void> {
    throwIfAborted(this.#options.signal);
    const name = basename(path);
    try {
      // What was chosen itself may be a link.
      const stats = await stat(path);
      if (stats.isDirectory()) await this.#addFolder(path, name);
      else if (stats.isFile()) this.#addFile(path, name, stats.size);
      else throw new TransferError('noFile', path, `${path} is no regular file.`);
    } catch (error) {
      throwIfAborted(this.#options.signal);
      this.#addProblem(path, name, readFailure(path, error));
    }
  }

  async #addFolder(root: string, name: string): Promise<void> {
    const start = name === '' ? '' : `${name}/`;
    const { signal } = this.#options;
    // Every file is meant, also those that a sync would leave out.
    for await (const entry of walkLocal({ root, ignoreFile: '', signal })) {
      const path = join(root, ...entry.path.split('/'));
      if (entry.type === 'file') this.#addFile(path, start + entry.path, entry.size);
      else {
        const message = `${path} ${obstacleSentences[entry.obstacle]}`;
        const error = new TransferError('unreadable', path, message);
        this.#addProblem(path, start + entry.path, error);
      }
    }
  }

  #addFile(path: string, below: string, size: number): void {
    const { prefix } = this.#target;
    const problem = remoteNames(prefix).check(below);
    const address = this.#addressOf(below);
    if (problem !== undefined) {
      const message = `${path}: S3 cannot hold this name (${problem}).`;
      this.#addProblem(path, below, new StoreError('unsupportedName', message, address));
    } else if (this.#keys.has(address.key)) {
      const message = `${path} would be ${formatAddress(address)} as well; upload it on its own.`;
      this.#addProblem(path, below, new StoreError('conflict', message, address));
    } else {
      this.#keys.add(address.key);
      this.files.push({ path, address, size });
      if (this.files.length % 100 === 0) this.#options.onFound?.(this.files.length);
    }
  }

  #addProblem(path: string, below: string, error: unknown): void {
    const failure = error instanceof Error ? error : new Error(String(error));
    this.problems.push({ path, address: this.#addressOf(below), error: failure });
  }

  #addressOf(below: string): ObjectAddress {
    const { connection, bucket, prefix } = this.#target;
    return { connection, bucket, key: prefix + below };
  }
}

const obstacleSentences: Readonly<Record<Obstacle, string>> = {
  symlink: 'is a symbolic link, which is not followed. Choose its target itself.',
  linkedFolder: 'is a symbolic link, which is not followed. Choose its target itself.',
  special: 'is no regular file.',
  unreadable: 'cannot be read.',
  undecodable: 'has a name that is not UTF-8; no object key can stand for it.',
};
