import type { OpenedWith } from '../../core/keyAccess.ts';
import type { ObjectInfo, ObjectProperties, ObjectTags } from '../../core/objectStore.ts';
import { isStoreError } from '../../core/storeError.ts';
import { quietGpg } from '../../core/gpg.ts';
import { sealingOf, withPassphrase } from '../gpgObject.ts';
import type { GpgSealing } from '../gpgSealing.ts';
import type { OpenedObject } from '../openObject.ts';
import { withRetries } from '../retry.ts';
import { TagsUnreadable } from '../saveObject.ts';
import type { TransferItem } from './planItem.ts';
import type { RemotePrefix } from './remotePrefix.ts';
import type { SyncTask } from './syncTask.ts';

/** What of an object that is overwritten stays. */
export interface Overwritten {
  /** What the new one is to be encrypted with. */
  readonly openedWith: OpenedWith;
  /** Where no rule says it: as GPG encrypted the old one. */
  readonly gpg?: GpgSealing | undefined;
  readonly properties?: ObjectProperties | undefined;
  readonly tags?: ObjectTags | undefined;
}

/** User metadata that tells of the old content. */
const ofContent = new Set(['mtime', 'md5chksum', 's3cmd-attrs', 's3tools-gpgenc']);

/**
 * Finds out what a new content takes over from the object that it replaces: a PUT restates
 * nothing by itself, and what was encrypted is never stored without its key. One HEAD, and one
 * GetObjectTagging if it has tags or the server does not say.
 *
 * @param isSealed whether a rule says how GPG encrypts the new one
 */
export async function overwritten(
  task: SyncTask,
  side: RemotePrefix,
  item: TransferItem,
  isSealed: boolean,
): Promise<Overwritten> {
  const { context, mayAsk, signal } = task;
  const { path, far, wantedKey } = item;
  const address = side.addressOf(path);
  if (far === undefined) {
    return { openedWith: await context.keys.forNewObject(address, side.store.host) };
  }
  let opened: OpenedObject;
  try {
    opened = await side.inspect(context.keys, path, far, { mayAsk, signal });
  } catch (error) {
    // Without its key nobody can say what it had; the rule says how to encrypt the new one.
    if (wantedKey === undefined || !isStoreError(error, ...keyKinds)) throw error;
    return { openedWith: await context.keys.forNewObject(address, side.store.host) };
  }
  const gpg = mayAsk ? context.gpg : quietGpg(context.gpg);
  const { metadata = {}, ...rest } = opened.info.properties;
  const kept = Object.entries(metadata).filter(([name]) => !ofContent.has(name));
  return {
    openedWith:
      wantedKey === undefined
        ? opened.openedWith
        : await context.keys.forNewObject(address, side.store.host),
    gpg: isSealed
      ? undefined
      : sealingOf(await withPassphrase({ gpg }, side.store, opened, signal), gpg),
    properties: { ...rest, metadata: Object.fromEntries(kept) },
    tags: await tagsOf(side, opened.info, signal),
  };
}

const keyKinds = ['customerKeyRequired', 'customerKeyMismatch'] as const;

async function tagsOf(
  { store }: RemotePrefix,
  { address, tagCount }: ObjectInfo,
  signal: AbortSignal,
): Promise<ObjectTags | undefined> {
  if (tagCount === 0) return undefined;
  try {
    return await withRetries(() => store.getTags(address, { signal }), { signal });
  } catch (error) {
    if (!isStoreError(error, 'forbidden')) throw error;
    // Servers name the count where there are tags.
    if (tagCount !== undefined) throw new TagsUnreadable(address, error);
    return undefined;
  }
}
