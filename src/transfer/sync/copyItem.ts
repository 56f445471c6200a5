import type { OpenedWith } from '../../core/keyAccess.ts';
import { readObjectAttributes } from '../../core/objectAttributes.ts';
import { copyObject } from '../copyObject.ts';
import { withRetries } from '../retry.ts';
import type { TransferItem } from './planItem.ts';
import { conditionFor, fingerprintOf, markOfObject, type RemotePrefix } from './remotePrefix.ts';
import { markOf } from './syncRecord.ts';
import type { ItemTask } from './syncTask.ts';

/** Copies what the near prefix has, over what was seen at the far one and nothing else. */
export async function copyItem(
  task: ItemTask,
  item: TransferItem,
  near: RemotePrefix,
): Promise<void> {
  const { context, far, state, mayAsk, signal } = task;
  const { path } = item;
  if (await hasKnownContent(task, item, near)) return;
  const options = {
    ...{ condition: conditionFor(item.far), targetKey: await targetKeyOf(task, item) },
    // The plan's confirmation was asked.
    ...{ mayDecrypt: item.wantedKey === null, mayAsk, signal, limits: task.limits },
    onProgress: task.report,
  };
  // One that arrived although its answer was lost is a conflict then, and the next plan adopts it.
  const copied = await withRetries(
    () => copyObject(context, near.addressOf(path), far.addressOf(path), options),
    { signal },
  );
  const { md5, gpgEncrypted } = readObjectAttributes(copied.source.properties.metadata);
  await state.write({
    path,
    near: markOfObject(copied.source),
    far: markOfObject(copied.info),
    md5: gpgEncrypted ? undefined : md5,
    fingerprint: fingerprintOf(copied.targetOpenedWith),
    differs: undefined,
  });
}

/** Only written anew since the last sync, with the same content. */
async function hasKnownContent(
  { context, state, mayAsk, signal }: ItemTask,
  { path, knownMd5, wantedKey, record, ...item }: TransferItem,
  near: RemotePrefix,
): Promise<boolean> {
  if (knownMd5 === undefined || record === undefined) return false;
  if (item.near === undefined || item.far === undefined) return false;
  if (wantedKey !== undefined && wantedKey !== record.fingerprint) return false;
  const { info } = await near.inspect(context.keys, path, item.near, { mayAsk, signal });
  const { md5, gpgEncrypted } = readObjectAttributes(info.properties.metadata);
  if (gpgEncrypted || md5 !== knownMd5) return false;
  await state.write({ ...record, near: markOfObject(info), far: markOf(item.far) });
  return true;
}

/**
 * What the target is encrypted with: by rule; else what it replaces; else as a new object is, and as
 * the source is (undefined) rather than not at all.
 */
async function targetKeyOf(
  { context, far, mayAsk, signal }: ItemTask,
  { path, wantedKey, ...item }: TransferItem,
): Promise<OpenedWith | undefined> {
  if (wantedKey === null) return 'none';
  if (wantedKey === undefined && item.far !== undefined) {
    const { openedWith } = await far.inspect(context.keys, path, item.far, { mayAsk, signal });
    return openedWith === 'none' ? undefined : openedWith;
  }
  const openedWith = await context.keys.forNewObject(far.addressOf(path), far.store.host);
  return openedWith === 'none' ? undefined : openedWith;
}
