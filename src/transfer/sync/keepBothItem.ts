import { constants } from 'node:fs';
import { copyFile, lstat, utimes } from 'node:fs/promises';
import { isStoreError } from '../../core/storeError.ts';
import { copyObject } from '../copyObject.ts';
import { findListed } from '../findListed.ts';
import { withRetries } from '../retry.ts';
import { codeOf, TransferError, writeFailure } from '../transferError.ts';
import { downloadItem } from './downloadItem.ts';
import { transferItem } from './itemBuilders.ts';
import type { KeepBothItem, TransferItem } from './planItem.ts';
import type { ObjectEntry } from './syncEntry.ts';
import { sourceOf } from './syncOptions.ts';
import { localSideOf, type ItemTask } from './syncTask.ts';

/**
 * Sets the content of one side aside under another name, on both sides where both are written. Each
 * step may be repeated.
 *
 * @returns what is left to do: the transfer of the other side's content to the name itself
 */
export async function setAside(task: ItemTask, item: KeepBothItem): Promise<TransferItem> {
  if (item.aside === 'near') {
    await copyLocal(task, item);
  } else {
    const copy = await copyFar(task, item);
    const isBothWays = sourceOf(task.options.direction) === undefined;
    if (copy !== undefined && isBothWays) await bringHome(task, copy);
  }
  const { path, near, far, record } = item;
  return transferItem({ path, near, far, record }, item.aside, 'resolved', task.options);
}

/** @returns the copy; undefined if it was there: then it is in the plan as well, or in the next one */
async function copyFar(
  task: ItemTask,
  { path, copyPath, far }: KeepBothItem,
): Promise<ObjectEntry | undefined> {
  const { context, mayAsk, signal } = task;
  const target = task.far.addressOf(copyPath);
  try {
    const options = { mayAsk, signal, limits: task.limits, onProgress: task.report };
    const { info } = await withRetries(
      () => copyObject(context, task.far.addressOf(path), target, options),
      { signal },
    );
    const { size, etag } = info;
    return { type: 'object', path: copyPath, size, etag };
  } catch (error) {
    if (!isStoreError(error, 'conflict')) throw error;
    // Its name says what it is a copy of: it was made by an attempt before this one.
    const found = await findListed(task.far.store, target, signal);
    if (found === undefined || found.size !== far?.size) throw error;
    return undefined;
  }
}

/** Brings what was set aside to the local side as well; one that is there is the next plan's. */
async function bringHome(task: ItemTask, far: ObjectEntry): Promise<void> {
  const { path } = far;
  const local = await localSideOf(task).readable(path);
  if ((await lstat(local).catch(() => undefined)) !== undefined) return;
  await downloadItem(task, { path, far, action: 'download', to: 'near', reason: 'resolved' });
}

async function copyLocal(task: ItemTask, { path, copyPath, near }: KeepBothItem): Promise<void> {
  const folder = localSideOf(task);
  const from = await folder.readable(path);
  const to = await folder.writable(copyPath);
  await folder.expected(path, near);
  const { atime, mtime } = await lstat(from);
  try {
    await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    await utimes(to, atime, mtime);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw writeFailure(to, error);
    // An attempt before this one made it, unless it was cut short: then nothing is overwritten.
    const found = await lstat(to);
    if (found.isFile() && found.size === near?.size) return;
    const message = `${to} exists already. Rename it, and resolve the conflict again.`;
    throw new TransferError('targetChanged', to, message, error);
  }
}
