import { lstat } from 'node:fs/promises';
import pMap from 'p-map';
import {
  baseName,
  formatAddress,
  type ObjectAddress,
  type PrefixAddress,
} from '../core/address.ts';
import { StoreError } from '../core/storeError.ts';
import { compareUtf8 } from '../core/utf8Order.ts';
import { findExisting } from './findExisting.ts';
import { listPrefix } from './listPrefix.ts';
import { identityOf, type FileIdentity } from './localFile.ts';
import { localPath } from './sync/localPath.ts';
import { NameCensus } from './sync/nameCensus.ts';
import { localNames, type LocalSystem, type NameProblem } from './sync/nameRules.ts';
import type { TransferContext } from './transferContext.ts';
import { codeOf, readFailure, TransferError } from './transferError.ts';
import type { TreeFailure, TreeTask } from './treeRun.ts';

/** What is downloaded: an object, or everything below a prefix. */
export type DownloadSource =
  | { readonly type: 'object'; readonly address: ObjectAddress }
  | { readonly type: 'prefix'; readonly address: PrefixAddress };

/** An object that is going to be downloaded, or the marker of an empty folder. */
export interface PlannedDownload extends TreeTask {
  /** Below the target folder, with `/`. */
  readonly below: string;
  readonly isFolder: boolean;
  /** The file that is there already. */
  readonly existing?: FileIdentity | undefined;
}

/** What a download is going to do; nothing of it is done yet. */
export interface DownloadPlan {
  /** The folder that everything goes into. */
  readonly folder: string;
  readonly files: readonly PlannedDownload[];
  /** What cannot be downloaded, and why. */
  readonly problems: readonly TreeFailure[];
  /** Of all files. */
  readonly bytes: number;
}

export interface DownloadPlanOptions {
  /** Whose names the local file system can hold. */
  readonly system: LocalSystem;
  readonly signal?: AbortSignal | undefined;
  readonly onFound?: ((count: number) => void) | undefined;
}

/** How many files are looked at at the same time. */
const looksAtATime = 32;

/**
 * Looks what there is to download and where it would go: an object under the last segment of its
 * key, a prefix with all that is below it under its own name. One LIST for 1,000 objects; none is
 * asked for by itself. An object whose key the local file system cannot hold is a problem: it is
 * never written under another name, and nothing is ever written outside of the folder.
 *
 * @param folder an absolute local path
 * @throws StoreError; `notFound` if there is nothing below a prefix, or no such object
 */
export async function planDownload(
  { stores }: Pick<TransferContext, 'stores'>,
  sources: readonly DownloadSource[],
  folder: string,
  options: DownloadPlanOptions,
): Promise<DownloadPlan> {
  const { system } = options;
  const names = localNames(system, Buffer.byteLength(folder));
  const problems: TreeFailure[] = [];
  const possible: Found[] = [];
  const seen = new Set<string>();
  const census = new NameCensus(names);
  const all = await listAll({ stores }, sources, options);
  for (const found of all.sort((one, other) => compareUtf8(placeOf(one), placeOf(other)))) {
    const { below, isFolder } = found;
    const problem = names.check(below);
    if (problem !== undefined) problems.push(failureOf(found, folder, nameSentences[problem]));
    else if (seen.has(below) && !isFolder) {
      problems.push(failureOf(found, folder, 'another chosen object has the same name.'));
    } else {
      seen.add(below);
      possible.push(found);
      census.add(placeOf(found), false);
    }
  }
  const clashes = census.finish();
  const look = async (found: Found): Promise<PlannedDownload | undefined> => {
    const clash = clashes.find(placeOf(found));
    if (clash !== undefined) {
      const sentence = `it cannot stand beside ${JSON.stringify(clash.other)} here.`;
      problems.push(failureOf(found, folder, sentence));
      return undefined;
    }
    const path = localPath(folder, found.below, system);
    try {
      return { ...found, path, existing: found.isFolder ? undefined : await fileAt(path) };
    } catch (error) {
      problems.push({ address: found.address, path, error: errorFrom(error) });
      return undefined;
    }
  };
  const looked = await pMap(possible, look, { concurrency: looksAtATime });
  const files = looked.filter((file) => file !== undefined);
  return { folder, files, problems, bytes: files.reduce((sum, { size }) => sum + size, 0) };
}

/** Where it is in the tree of names; a folder is what stands in it. */
function placeOf({ below, isFolder }: Found): string {
  return isFolder ? `${below}/.` : below;
}

interface Found {
  readonly address: ObjectAddress;
  readonly below: string;
  readonly size: number;
  readonly isFolder: boolean;
}

async function listAll(
  { stores }: Pick<TransferContext, 'stores'>,
  sources: readonly DownloadSource[],
  { signal, onFound }: DownloadPlanOptions,
): Promise<Found[]> {
  // By address: a prefix and an object in it may both be chosen.
  const found = new Map<string, Found>();
  const add = (address: ObjectAddress, below: string, size: number): void => {
    const { connection, bucket, key } = address;
    // The marker of an empty folder, as consoles write it.
    const isFolder = size === 0 && below.endsWith('/');
    const path = isFolder ? below.slice(0, -1) : below;
    const id = JSON.stringify([connection, bucket, key]);
    if (!found.has(id)) found.set(id, { address, below: path, size, isFolder });
  };
  for (const { type, address } of sources) {
    if (type === 'object') continue;
    const { connection, bucket, prefix } = address;
    const start = prefix === '' ? `${bucket}/` : baseName(prefix);
    const before = found.size;
    const listed = await listPrefix(await stores.get(connection), address, {
      signal,
      onFound: (count) => onFound?.(before + count),
    });
    if (listed.length === 0) throw nothingAt({ connection, bucket, key: prefix });
    for (const { key, size } of listed) {
      add({ connection, bucket, key }, start + key.slice(prefix.length), size);
    }
  }
  for (const group of byBucket(sources)) {
    const [{ connection, bucket }] = group;
    const keys = group.map(({ key }) => key);
    const listed = await findExisting(await stores.get(connection), group[0], keys, signal);
    for (const key of keys) {
      const object = listed.get(key);
      if (object === undefined) throw nothingAt({ connection, bucket, key });
      add({ connection, bucket, key }, baseName(key), object.size);
    }
  }
  return [...found.values()];
}

/** The chosen objects, those of one bucket together. */
function byBucket(
  sources: readonly DownloadSource[],
): readonly (readonly [ObjectAddress, ...ObjectAddress[]])[] {
  const groups = new Map<string, [ObjectAddress, ...ObjectAddress[]]>();
  for (const { type, address } of sources) {
    if (type === 'prefix') continue;
    const id = JSON.stringify([address.connection, address.bucket]);
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [address]);
    else group.push(address);
  }
  return [...groups.values()];
}

/** The file at a path; undefined if there is nothing. @throws TransferError if it is no file */
async function fileAt(path: string): Promise<FileIdentity | undefined> {
  try {
    const stats = await lstat(path, { bigint: true });
    if (stats.isFile()) return identityOf(stats);
    const what = stats.isDirectory() ? 'a folder' : 'no regular file';
    const message = `${path} is ${what}. It was left as it is.`;
    throw new TransferError('targetChanged', path, message);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    if (codeOf(error) !== 'ENOTDIR') throw readFailure(path, error);
    const message = `${path} cannot be made: a part of its path is a file.`;
    throw new TransferError('targetChanged', path, message, error);
  }
}

function nothingAt(address: ObjectAddress): StoreError {
  const where = formatAddress(address);
  const isPrefix = address.key === '' || address.key.endsWith('/');
  const message = isPrefix ? `There is nothing below ${where}.` : `There is no object ${where}.`;
  return new StoreError('notFound', message, address);
}

function failureOf({ address, below }: Found, folder: string, sentence: string): TreeFailure {
  const message = `${formatAddress(address)} was left out: ${sentence}`;
  return { address, path: folder, error: new TransferError('unwritable', below, message) };
}

function errorFrom(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

const nameSentences: Readonly<Record<NameProblem, string>> = {
  emptyName: 'a part of its key is empty, so that no file can have its name.',
  dotName: 'a part of its key is "." or "..", so that no file can have its name.',
  forbiddenCharacter: 'its key has a character that no file name can have here.',
  reservedName: 'its key has a part that is reserved on this system.',
  trailingDotOrSpace: 'a part of its key ends with a dot or a space, which this system cuts off.',
  tooLong: 'its key is too long for a path here.',
  malformed: 'its key is not valid UTF-8.',
};
