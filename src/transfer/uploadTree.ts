import type { ObjectAddress } from '../core/address.ts';
import type { ObjectStore, WriteCondition } from '../core/objectStore.ts';
import { isStoreError } from '../core/storeError.ts';
import { encryptionFor } from './encryptionFor.ts';
import { fileMd5 } from './fileMd5.ts';
import { findListed } from './findListed.ts';
import { LocalFile } from './localFile.ts';
import { askingUntilGivenUp } from './givingUp.ts';
import type { Patience } from './retry.ts';
import { throwIfAborted } from './pause.ts';
import type { TransferContext } from './transferContext.ts';
import type { TransferJournal } from './transferJournal.ts';
import { createLimits, type TransferLimits } from './transferLimits.ts';
import { runTree, type TreeProgress, type TreeReport, type TreeTask } from './treeRun.ts';
import { describeFile, isAsDescribed } from './uploadDescription.ts';
import { uploadFile } from './uploadFile.ts';
import type { UploadFileOptions } from './uploadOptions.ts';

/** A file to be uploaded, with everything decided. */
export interface UploadTask extends TreeTask {
  /** The state that is expected at the address. */
  readonly condition: WriteCondition;
  /** There was a customer key for it when it was planned: without one it is not uploaded. */
  readonly isEncrypted: boolean;
}

export interface UploadTreeOptions {
  readonly limits?: TransferLimits | undefined;
  /** What a later call goes on from, if this one is interrupted in a large file. */
  readonly journal?: TransferJournal | undefined;
  readonly partSize?: number | undefined;
  readonly patience?: Patience | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: TreeProgress) => void) | undefined;
  readonly onDone?: ((task: UploadTask) => Promise<void> | void) | undefined;
}

/**
 * Uploads files, several at a time, each encrypted as new objects at its address are, and never less
 * than what it replaces. Failures are
 * collected. Calling it again with the same tasks is harmless: what is there already as it should
 * be counts as uploaded.
 *
 * @param tasks all for one connection
 */
export async function uploadTree(
  context: TransferContext,
  tasks: readonly UploadTask[],
  options: UploadTreeOptions = {},
): Promise<TreeReport> {
  const { limits = createLimits(), signal, onProgress, onDone } = options;
  const asking = askingUntilGivenUp(context);
  const { stores, keys, describeUpload } = asking;
  const work = async (task: UploadTask, across: (bytes: number) => void): Promise<void> => {
    const { address } = task;
    throwIfAborted(signal);
    const store = await stores.get(address.connection);
    const described = describeUpload?.(address);
    const { customerKey, gpg } = await encryptionFor(asking, store, task, described?.gpg, signal);
    await uploadOne(store, task, {
      ...described,
      ...{ customerKey, gpg, condition: task.condition, limits, signal },
      ...{ journal: options.journal, partSize: options.partSize, patience: options.patience },
      onProgress: ({ bytes }) => {
        across(bytes);
      },
    });
    keys.remember(address, customerKey ?? 'none');
  };
  const concurrency = limits.slots.count;
  return await runTree(tasks, work, { signal, onProgress, onDone, concurrency });
}

async function uploadOne(
  store: ObjectStore,
  { path, address }: UploadTask,
  options: UploadFileOptions,
): Promise<void> {
  try {
    await uploadFile(store, path, address, options);
  } catch (error) {
    if (await isKeyOfOther(store, address, options, error)) {
      await uploadFile(store, path, address, { ...options, condition: { type: 'any' } });
      return;
    }
    if (!isStoreError(error, 'conflict')) throw error;
    // It may have got there before the answer, or this program, was lost.
    if (!(await isThere(store, path, address, options).catch(() => false))) throw error;
  }
}

/**
 * MinIO compares conditions by reading with the new key: where the object has another one, it says
 * so instead. Then, if the object is the expected one, it may be replaced.
 */
async function isKeyOfOther(
  store: ObjectStore,
  address: ObjectAddress,
  { condition, signal }: UploadFileOptions,
  error: unknown,
): Promise<boolean> {
  const kinds = ['customerKeyMismatch', 'customerKeyRequired', 'notEncrypted'] as const;
  if (condition?.type !== 'matches' || !isStoreError(error, ...kinds)) return false;
  return (await findListed(store, address, signal))?.etag === condition.etag;
}

/** Whether the object is what would be uploaded: its size, MD5, mtime and metadata. */
async function isThere(
  store: ObjectStore,
  path: string,
  address: ObjectAddress,
  options: UploadFileOptions,
): Promise<boolean> {
  const { customerKey, signal } = options;
  const info = await store.head(address, { customerKey, signal });
  // Some servers take a key for a plain object.
  if (customerKey !== undefined && info.encryption.type !== 'customerKey') return false;
  const file = await LocalFile.open(path);
  try {
    const { size } = file.identity;
    if (info.size !== size) return false;
    const properties = await describeFile(file, address.key, options, await fileMd5(file, signal));
    return isAsDescribed(info, size, properties);
  } finally {
    await file.close();
  }
}
