import type { ObjectAddress } from '../core/address.ts';
import type { ListedObject, ObjectStore } from '../core/objectStore.ts';

/**
 * Finds an object by one LIST, which needs no customer key: among the keys that start with its
 * key it comes first. @returns undefined if there is none
 */
export async function findListed(
  store: ObjectStore,
  { bucket, key }: ObjectAddress,
  signal?: AbortSignal,
): Promise<ListedObject | undefined> {
  let continuationToken: string | undefined;
  do {
    const page = await store.list({ bucket, prefix: key, maxKeys: 1, continuationToken, signal });
    const [first] = page.objects;
    if (first !== undefined) return first.key === key ? first : undefined;
    continuationToken = page.continuationToken;
  } while (continuationToken !== undefined);
  return undefined;
}
