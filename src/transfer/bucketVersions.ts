import type { ObjectAddress } from '../core/address.ts';
import type { ObjectStore } from '../core/objectStore.ts';

/**
 * Whether deleting an object leaves its versions below a delete marker; by one request. Where the
 * server does not tell, it is taken to keep none.
 */
export async function keepsVersions(
  store: ObjectStore,
  { bucket, key }: ObjectAddress,
): Promise<boolean> {
  try {
    for await (const version of store.listVersions(bucket, key)) {
      if (version.key === key && version.isLatest) return version.versionId !== 'null';
    }
  } catch {
    // No right to ask, or no versions on this server.
  }
  return false;
}
