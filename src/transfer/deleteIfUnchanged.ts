import { formatAddress } from '../core/address.ts';
import type { OpenedWith } from '../core/keyAccess.ts';
import type { ObjectInfo, ObjectStore } from '../core/objectStore.ts';
import { isStoreError, StoreError } from '../core/storeError.ts';

/**
 * Deletes an object if a HEAD right before finds it as it was: servers ignore conditions on
 * deletes. One that is gone already is fine.
 *
 * @param openedWith what opens it
 * @throws StoreError `conflict` if it was changed; it is not deleted then
 */
export async function deleteIfUnchanged(
  store: ObjectStore,
  { address, etag, lastModified }: ObjectInfo,
  openedWith: OpenedWith,
): Promise<void> {
  const customerKey = openedWith === 'none' ? undefined : openedWith;
  try {
    const now = await store.head(address, { customerKey });
    // A plain object's ETag stays when only its metadata is written anew.
    const isSame = now.etag === etag && now.lastModified.getTime() === lastModified.getTime();
    if (!isSame) throw changed(address);
  } catch (error) {
    if (isStoreError(error, 'notFound')) return;
    // Another customer key opens it now, or none: somebody wrote it anew.
    if (isStoreError(error, 'customerKeyMismatch', 'customerKeyRequired', 'notEncrypted')) {
      throw changed(address);
    }
    throw error;
  }
  await store.delete(address);
}

function changed(address: ObjectInfo['address']): StoreError {
  return new StoreError(
    'conflict',
    `${formatAddress(address)} was changed by somebody else meanwhile.`,
    address,
  );
}
