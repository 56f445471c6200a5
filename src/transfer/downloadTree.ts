import type { CustomerKey } from '../core/customerKey.ts';
import { quietGpg } from '../core/gpg.ts';
import type { KeyAccess } from '../core/keyAccess.ts';
import { readObjectAttributes } from '../core/objectAttributes.ts';
import type { ObjectStore } from '../core/objectStore.ts';
import { downloadFile } from './downloadFile.ts';
import { DownloadJournal } from './downloadJournal.ts';
import type { DownloadedFile, DownloadFileOptions } from './downloadOptions.ts';
import { fileMd5 } from './fileMd5.ts';
import { type Fitting, withFittingKey } from './fittingKey.ts';
import { askingUntilGivenUp } from './givingUp.ts';
import { LocalFile } from './localFile.ts';
import { inspectObject } from './openObject.ts';
import type { TargetCondition } from './partialFile.ts';
import { defaultPartSize } from './partPlan.ts';
import { throwIfAborted } from './pause.ts';
import { RealFolders } from './realFolders.ts';
import { withRecentKey } from './recentKey.ts';
import type { Patience } from './retry.ts';
import type { TransferContext } from './transferContext.ts';
import { TransferError } from './transferError.ts';
import type { TransferJournal } from './transferJournal.ts';
import { createLimits, type TransferLimits } from './transferLimits.ts';
import { runTree, type TreeProgress, type TreeReport, type TreeTask } from './treeRun.ts';

/** An object to be downloaded, with everything decided. */
export interface DownloadTask extends TreeTask {
  /** Where it goes below the folder, with `/`; checked by the plan to be names and nothing else. */
  readonly below: string;
  /** The marker of an empty folder. */
  readonly isFolder: boolean;
  readonly condition: TargetCondition;
}

export interface DownloadTreeOptions {
  readonly limits?: TransferLimits | undefined;
  /** What a later call goes on from, if this one is interrupted in a large object. */
  readonly journal?: TransferJournal | undefined;
  /** Whether a person may be asked for customer keys; default true. */
  readonly mayAsk?: boolean | undefined;
  /** Whether files get the mode that s3cmd noted; default false. */
  readonly restoreMode?: boolean | undefined;
  readonly partSize?: number | undefined;
  readonly patience?: Patience | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: TreeProgress) => void) | undefined;
  readonly onDone?: ((task: DownloadTask) => Promise<void> | void) | undefined;
}

/**
 * Downloads objects into a folder, several at a time, each with the customer key that fits: one GET
 * for a small one. Failures are collected. Calling it again with the same tasks is harmless: a file
 * that is there already as its object's writer left it counts as downloaded.
 *
 * @param folder an absolute local path; nothing is written outside of it
 */
export async function downloadTree(
  context: TransferContext,
  folder: string,
  tasks: readonly DownloadTask[],
  options: DownloadTreeOptions = {},
): Promise<TreeReport> {
  const { limits = createLimits(), signal, onProgress, onDone } = options;
  const { stores, keys } = askingUntilGivenUp(context);
  const { gpg } = context;
  const recent = withRecentKey(keys);
  const folders = new RealFolders(folder);
  const work = async (task: DownloadTask, across: (bytes: number) => void): Promise<void> => {
    const segments = task.below.split('/');
    throwIfAborted(signal);
    await folders.ensure(task.isFolder ? segments : segments.slice(0, -1));
    if (task.isFolder) return;
    const store = await stores.get(task.address.connection);
    await downloadOne(store, recent, task, options, {
      ...{ gpg: options.mayAsk === false ? quietGpg(gpg) : gpg, restoreMode: options.restoreMode },
      ...{ size: task.size, condition: task.condition, limits, signal },
      ...{ journal: options.journal, partSize: options.partSize, patience: options.patience },
      // For a small new file it is not worth waiting for the disk.
      sync: task.condition.type !== 'absent' || task.size > (options.partSize ?? defaultPartSize),
      onProgress: ({ bytes }) => {
        across(bytes);
      },
    });
  };
  const concurrency = limits.slots.count;
  return await runTree(tasks, work, { signal, onProgress, onDone, concurrency });
}

async function downloadOne(
  store: ObjectStore,
  keys: KeyAccess,
  task: DownloadTask,
  { mayAsk }: DownloadTreeOptions,
  how: DownloadFileOptions,
): Promise<void> {
  const { address, path } = task;
  const get: Download = (customerKey) =>
    downloadFile(store, address, path, { ...how, customerKey });
  try {
    const { tried, result } = (await isNoted(task, how))
      ? await resume(store, keys, task, get, mayAsk, how.signal)
      : await withFittingKey(store, keys, address, get, mayAsk);
    // Some servers take a key for a plain object: then what fitted is not known.
    const isTold = tried === 'none' || result.info.encryption.type === 'customerKey';
    if (isTold) keys.remember(address, tried);
  } catch (error) {
    const isTaken = error instanceof TransferError && error.reason === 'targetChanged';
    if (!isTaken) throw error;
    // It may have got its name right before this program was lost.
    const isHere = await isDownloaded(store, keys, task, how.signal).catch(() => false);
    if (!isHere) throw error;
  }
}

type Download = (customerKey: CustomerKey | undefined) => Promise<DownloadedFile>;

async function isNoted(
  { address, path, size }: DownloadTask,
  { journal, partSize = defaultPartSize }: DownloadFileOptions,
): Promise<boolean> {
  if (journal === undefined || size <= partSize) return false;
  return (await new DownloadJournal(journal, address, path).read()) !== undefined;
}

/** Finds the key by HEAD first: with a wrong one, what is here already would be thrown away. */
async function resume(
  store: ObjectStore,
  keys: KeyAccess,
  { address }: DownloadTask,
  get: Download,
  mayAsk: boolean | undefined,
  signal: AbortSignal | undefined,
): Promise<Fitting<DownloadedFile>> {
  const { tried } = await withFittingKey(
    store,
    keys,
    address,
    (customerKey) => store.head(address, { customerKey, signal }),
    mayAsk,
  );
  return { tried, result: await get(tried === 'none' ? undefined : tried) };
}

/** Whether the file is what the object's writer says that it is: its size and its MD5. */
async function isDownloaded(
  store: ObjectStore,
  keys: KeyAccess,
  { address, path }: DownloadTask,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const { info } = await inspectObject(store, keys, address, { mayAsk: false, signal });
  const { md5, gpgEncrypted } = readObjectAttributes(info.properties.metadata);
  if (md5 === undefined || gpgEncrypted) return false;
  const file = await LocalFile.open(path);
  try {
    return file.identity.size === info.size && (await fileMd5(file, signal)) === md5;
  } finally {
    await file.close();
  }
}
