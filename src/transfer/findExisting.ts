import pMap from 'p-map';
import type { ListedObject, ObjectStore } from '../core/objectStore.ts';
import { compareUtf8 } from '../core/utf8Order.ts';
import { findListed } from './findListed.ts';

/** How many LISTs of single objects at a time. */
const concurrency = 8;

/**
 * Finds which of the object keys exist, by LISTs of what they have in common. If much else stands
 * there, the rest is looked for one by one: it never takes more than two requests a key.
 */
export async function findExisting(
  store: ObjectStore,
  { connection, bucket }: { readonly connection: string; readonly bucket: string },
  keys: readonly string[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, ListedObject>> {
  const found = new Map<string, ListedObject>();
  const wanted = [...new Set(keys)].sort(compareUtf8);
  const [first] = wanted;
  const last = wanted.at(-1);
  if (first === undefined || last === undefined) return found;
  const prefix = commonStart(first, last);
  let undecided = 0;
  let continuationToken: string | undefined;
  for (let pages = 0; wanted.length > 1 && pages < wanted.length; pages += 1) {
    const page = await store.list({ bucket, prefix, continuationToken, signal });
    continuationToken = page.continuationToken;
    for (const object of page.objects) {
      while (compareUtf8(wanted[undecided] ?? object.key, object.key) < 0) undecided += 1;
      if (wanted[undecided] === object.key) found.set(object.key, object);
    }
    const isPast = compareUtf8(page.objects.at(-1)?.key ?? '', last) >= 0;
    if (continuationToken === undefined || isPast) return found;
  }
  const look = async (key: string): Promise<void> => {
    const object = await findListed(store, { connection, bucket, key }, signal);
    if (object !== undefined) found.set(key, object);
  };
  await pMap(wanted.slice(undecided), look, { concurrency });
  return found;
}

/** What two texts, and all texts between them in order, start with. */
function commonStart(one: string, other: string): string {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  // Half of a surrogate pair cannot be sent.
  return one.slice(0, length).replace(/[\ud800-\udbff]$/, '');
}
