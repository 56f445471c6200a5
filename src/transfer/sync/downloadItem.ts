import type { CustomerKey } from '../../core/customerKey.ts';
import { quietGpg } from '../../core/gpg.ts';
import type { OpenedWith } from '../../core/keyAccess.ts';
import { readObjectAttributes } from '../../core/objectAttributes.ts';
import { downloadFile } from '../downloadFile.ts';
import type { DownloadedFile } from '../downloadOptions.ts';
import { withFittingKey } from '../fittingKey.ts';
import { whatOpened } from '../openObject.ts';
import { defaultPartSize } from '../partPlan.ts';
import type { TransferItem } from './planItem.ts';
import { customerKeyOf, fingerprintOf, markOfObject } from './remotePrefix.ts';
import { settledFile } from './settledFile.ts';
import type { Mark } from './syncRecord.ts';
import { localSideOf, type ItemTask } from './syncTask.ts';

/** From this size on (in bytes) a HEAD is worth while, if it may spare the download. */
const worthHead = 256 * 1024;

/** Files of this size and more are on the disk, not only in its cache, when they get their name. */
const worthSync = 1024 * 1024;

/** Downloads what the far side has, over what was seen at the local side and nothing else. */
export async function downloadItem(task: ItemTask, item: TransferItem): Promise<void> {
  const { path } = item;
  if (await hasKnownContent(task, item)) return;
  const { file, openedWith } = await download(task, item);
  const { info, md5 } = file;
  await task.state.write({
    path,
    near: await markOfDownloaded(task, path, file),
    far: markOfObject(info),
    md5,
    fingerprint: fingerprintOf(openedWith),
    differs: undefined,
  });
}

/** Only written anew since the last sync, with the same content. */
async function hasKnownContent(
  { context, far, near, state, mayAsk, signal }: ItemTask,
  item: TransferItem,
): Promise<boolean> {
  const { path, knownMd5, record } = item;
  if (knownMd5 === undefined || record === undefined || item.far === undefined) return false;
  if (item.far.size < worthHead || near.type !== 'local') return false;
  const { info, openedWith } = await far.inspect(context.keys, path, item.far, { mayAsk, signal });
  const { md5, gpgEncrypted } = readObjectAttributes(info.properties.metadata);
  if (gpgEncrypted || md5 !== knownMd5) return false;
  await near.expected(path, item.near);
  const fingerprint = fingerprintOf(openedWith);
  await state.write({ ...record, far: markOfObject(info), fingerprint });
  return true;
}

async function download(
  task: ItemTask,
  { path, near: replaced, far: seen }: TransferItem,
): Promise<{ readonly file: DownloadedFile; readonly openedWith: OpenedWith }> {
  const { context, far, limits, mayAsk, signal } = task;
  const folder = localSideOf(task);
  const address = far.addressOf(path);
  const local = await folder.writable(path);
  const condition = await folder.expected(path, replaced);
  const size = seen?.size ?? 0;
  const options = {
    gpg: mayAsk ? context.gpg : quietGpg(context.gpg),
    ...{ condition, size, limits, signal, fallbackMtime: 'lastModified' as const },
    ...{ sync: size >= worthSync, restoreMode: task.restoreMode },
    journal: size > defaultPartSize ? task.journal : undefined,
    onProgress: ({ bytes }: { readonly bytes: number }) => {
      task.report(bytes);
    },
  };
  const receive = (customerKey?: CustomerKey): Promise<DownloadedFile> =>
    downloadFile(far.store, address, local, { ...options, customerKey });
  if (size > defaultPartSize && seen !== undefined) {
    // Another key than its own would start an interrupted download over.
    const { openedWith } = await far.inspect(context.keys, path, seen, { mayAsk, signal });
    return { file: await receive(customerKeyOf(openedWith)), openedWith };
  }
  const fitting = await withFittingKey(far.store, context.keys, address, receive, mayAsk);
  const { tried, result: file } = fitting;
  const openedWith = await whatOpened(far.store, { tried, result: file.info });
  context.keys.remember(address, openedWith);
  return { file, openedWith };
}

/** The mark of a file as the download left it; what was changed since shows by it. */
async function markOfDownloaded(
  task: ItemTask,
  path: string,
  { file }: DownloadedFile,
): Promise<Mark> {
  const { size } = file;
  const mtimeNs = BigInt(file.mtimeNs);
  const local = localSideOf(task).pathOf(path);
  const now = await settledFile(local, { signal: task.signal }).catch(() => undefined);
  const isUntouched = now?.size === size && now.mtimeNs === mtimeNs;
  return { size, mtimeNs: isUntouched && !now.settled ? undefined : mtimeNs };
}
