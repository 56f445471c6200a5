import { isStoreError } from '../../core/storeError.ts';
import { findListed } from '../findListed.ts';
import { uploadFile } from '../uploadFile.ts';
import { defaultPartSize } from '../partPlan.ts';
import type { UploadedFile, UploadFileOptions } from '../uploadOptions.ts';
import { md5OfFile } from './fileMd5.ts';
import { overwritten } from './overwrittenObject.ts';
import type { TransferItem } from './planItem.ts';
import { conditionFor, customerKeyOf, fingerprintOf, markOfObject } from './remotePrefix.ts';
import { settledFile, type SettledFile } from './settledFile.ts';
import { markOf, type Mark } from './syncRecord.ts';
import { localSideOf, type ItemTask } from './syncTask.ts';

/** Uploads what the local side has, over what was seen at the far side and nothing else. */
export async function uploadItem(task: ItemTask, item: TransferItem): Promise<void> {
  const { far, state, context, signal } = task;
  const { path } = item;
  const followLink = item.near?.type === 'file' && item.near.viaLink === true;
  const local = await localSideOf(task).readable(path);
  const file = await settledFile(local, { followLink, signal });
  if (await hasKnownContent(task, item, local, file)) return;
  const address = far.addressOf(path);
  const described = task.describeUpload?.(address) ?? {};
  const old = await overwritten(task, far, item, described.gpg !== undefined);
  const options: UploadFileOptions = {
    ...described,
    gpg: described.gpg ?? old.gpg,
    customerKey: customerKeyOf(old.openedWith),
    condition: conditionFor(item.far),
    properties: {
      ...old.properties,
      ...described.properties,
      metadata: { ...old.properties?.metadata, ...described.properties?.metadata },
    },
    tags: described.tags ?? old.tags,
    limits: task.limits,
    // A small one is sent at once: there is nothing to go on from.
    journal: file.size > defaultPartSize ? task.journal : undefined,
    signal,
    onProgress: ({ bytes }) => {
      task.report(bytes);
    },
  };
  const uploaded = await upload(task, item, local, options);
  context.keys.remember(address, old.openedWith);
  await state.write({
    path,
    near: markOfUploaded(uploaded, file),
    far: markOfObject(uploaded),
    md5: uploaded.md5,
    fingerprint: fingerprintOf(old.openedWith),
    differs: undefined,
  });
}

/** Only touched since the last sync: then both sides are the same still. */
async function hasKnownContent(
  task: ItemTask,
  { path, knownMd5, wantedKey, far, record }: TransferItem,
  local: string,
  file: SettledFile,
): Promise<boolean> {
  if (knownMd5 === undefined || far === undefined || record === undefined) return false;
  if (wantedKey !== undefined && wantedKey !== record.fingerprint) return false;
  if ((await md5OfFile(local, file, task.signal)) !== knownMd5) return false;
  const near = { size: file.size, mtimeNs: file.settled ? file.mtimeNs : undefined };
  await task.state.write({ ...record, path, near, far: markOf(far) });
  return true;
}

async function upload(
  { far, signal }: ItemTask,
  item: TransferItem,
  local: string,
  options: UploadFileOptions,
): Promise<UploadedFile> {
  const address = far.addressOf(item.path);
  try {
    return await uploadFile(far.store, local, address, options);
  } catch (error) {
    // MinIO compares conditions by reading with the new key, and names the key where it is another.
    if (item.far?.type !== 'object' || !isStoreError(error, ...keyKinds)) throw error;
    const found = await findListed(far.store, address, signal);
    if (found?.etag !== item.far.etag || found.size !== item.far.size) throw error;
    return await uploadFile(far.store, local, address, { ...options, condition: { type: 'any' } });
  }
}

const keyKinds = ['customerKeyMismatch', 'customerKeyRequired', 'notEncrypted'] as const;

function markOfUploaded(
  { size: objectSize, fileSize: size = objectSize, mtimeNs }: UploadedFile,
  file: SettledFile,
): Mark {
  // It was written again between the look and the upload: who knows how often.
  const isThatFile = file.settled && mtimeNs === file.mtimeNs && size === file.size;
  return { size, mtimeNs: isThatFile ? mtimeNs : undefined };
}
