import type { PrefixAddress } from '../../core/address.ts';
import type { ListPage, ObjectStore } from '../../core/objectStore.ts';
import type { ObjectEntry } from './syncEntry.ts';

/**
 * Lists the objects below a prefix as entries with paths relative to it, in the order of UTF-8. One
 * LIST for a page of up to 1,000, and the next page is asked for while this one is used.
 *
 * @param from the prefix is empty or ends with `/`, so that nothing beside it is listed
 * @throws StoreError
 */
export async function* listRemote(
  store: Pick<ObjectStore, 'list'>,
  { bucket, prefix }: Pick<PrefixAddress, 'bucket' | 'prefix'>,
  signal?: AbortSignal,
): AsyncGenerator<ObjectEntry, void> {
  if (prefix !== '' && !prefix.endsWith('/')) {
    throw new RangeError(`The prefix ${JSON.stringify(prefix)} does not end with a slash.`);
  }
  const list = (continuationToken?: string): Promise<ListPage> =>
    store.list({ bucket, prefix, continuationToken, signal });
  let pending: Promise<ListPage> | undefined = list();
  while (pending !== undefined) {
    const page: ListPage = await pending;
    pending = page.continuationToken === undefined ? undefined : list(page.continuationToken);
    // It fails when it is waited for, if that is ever.
    pending?.catch(() => undefined);
    for (const { key, size, etag, lastModified } of page.objects) {
      const path = key.slice(prefix.length);
      // The prefix's own folder marker is no object in it.
      if (path === '') continue;
      yield { type: 'object', path, size, etag, lastModified: lastModified.getTime() };
    }
  }
}
