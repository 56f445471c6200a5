import { compareSides } from './compareSides.ts';
import { copyItem } from './copyItem.ts';
import { downloadItem } from './downloadItem.ts';
import { setAside } from './keepBothItem.ts';
import type {
  AcceptanceItem,
  AdoptionItem,
  DeletionItem,
  RunnableItem,
  TransferItem,
} from './planItem.ts';
import { reencryptItem } from './reencryptItem.ts';
import { settledFile } from './settledFile.ts';
import { settleAdoption } from './settleAdoption.ts';
import { markOf, type Mark } from './syncRecord.ts';
import { localSideOf, type ItemTask } from './syncTask.ts';
import { uploadItem } from './uploadItem.ts';
import { TransferError } from '../transferError.ts';

/**
 * Does what an item says, if what it replaces is still what was seen, and records it.
 *
 * @returns `conflict` if the sides turned out to be different and nobody said what then
 * @throws StoreError, TransferError; nothing was overwritten then but what was to be
 */
export async function runItem(
  task: ItemTask,
  item: Exclude<RunnableItem, DeletionItem>,
): Promise<'done' | 'conflict'> {
  switch (item.action) {
    case 'upload':
    case 'download':
    case 'copy':
      await transfer(task, item);
      break;
    case 'reencrypt':
      await reencryptItem(task, item);
      break;
    case 'adopt':
      return await adopt(task, item);
    case 'accept':
      await accept(task, item);
      break;
    case 'forget':
      await task.state.remove(item.path);
      break;
    case 'keepBoth':
      await transfer(task, await setAside(task, item));
      break;
  }
  return 'done';
}

async function transfer(task: ItemTask, item: TransferItem): Promise<void> {
  if (item.to === 'near') await downloadItem(task, item);
  else if (task.near.type === 'local') await uploadItem(task, item);
  else await copyItem(task, item, task.near);
}

async function adopt(task: ItemTask, item: AdoptionItem): Promise<'done' | 'conflict'> {
  const { finding, near, far, md5, fingerprint } = await compareSides(task, item);
  const next = settleAdoption(item, finding, task.options);
  const { path } = item;
  switch (next.action) {
    case 'accept':
      await task.state.write({ path, near, far, md5, fingerprint });
      return 'done';
    case 'conflict':
      // The next plan need not compare again.
      await task.state.write({ path, near, far, fingerprint, differs: 'unresolved' });
      return 'conflict';
    default:
      await transfer(task, next);
      return 'done';
  }
}

/** Records that a difference is meant to stay. */
async function accept(task: ItemTask, item: AcceptanceItem): Promise<void> {
  const { path, near, far, record } = item;
  if (near === undefined || far === undefined) throw new TypeError(`${path} is on one side only.`);
  const differs = item.reason === 'same' ? undefined : task.options.direction;
  await task.state.write({
    ...{ path, near: await markNow(task, item), far: markOf(far), differs },
    fingerprint: record?.far.etag === markOf(far).etag ? record?.fingerprint : undefined,
  });
}

async function markNow(task: ItemTask, { path, near }: AcceptanceItem): Promise<Mark> {
  if (near === undefined) throw new TypeError(`${path} is not there.`);
  if (near.type !== 'file') return markOf(near);
  const local = localSideOf(task).pathOf(path);
  const followLink = near.viaLink === true;
  const file = await settledFile(local, { followLink, signal: task.signal });
  if (file.size === near.size && file.mtimeNs === near.mtimeNs) {
    return { size: file.size, mtimeNs: file.settled ? file.mtimeNs : undefined };
  }
  const message = `${local} was changed since the plan was made. It was left as it is.`;
  throw new TransferError('targetChanged', local, message);
}
