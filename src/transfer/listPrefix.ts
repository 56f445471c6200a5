import type { PrefixAddress } from '../core/address.ts';
import type { ListedObject, ObjectStore } from '../core/objectStore.ts';

export interface ListPrefixOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told after each page how many objects were found so far. */
  readonly onFound?: ((count: number) => void) | undefined;
}

/** Every object below a prefix, 1,000 a LIST, in UTF-8 binary order of the keys. */
export async function listPrefix(
  store: ObjectStore,
  { bucket, prefix }: PrefixAddress,
  { signal, onFound }: ListPrefixOptions = {},
): Promise<ListedObject[]> {
  const objects: ListedObject[] = [];
  let continuationToken: string | undefined;
  do {
    const page = await store.list({ bucket, prefix, continuationToken, signal });
    for (const object of page.objects) objects.push(object);
    continuationToken = page.continuationToken;
    onFound?.(objects.length);
  } while (continuationToken !== undefined);
  return objects;
}
