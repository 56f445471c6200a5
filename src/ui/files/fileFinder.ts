import type { ObjectAddress, PrefixAddress } from '../../core/address.ts';
import type { Location } from '../../core/objectUri.ts';
import type { ListPage, ListRequest, ObjectStore } from '../../core/objectStore.ts';
import { RecentMap } from './recentMap.ts';
import type { SeenObject, SeenObjects } from './seenObjects.ts';

/** What stands at a path. */
export type Found =
  { readonly type: 'object'; readonly object: SeenObject } | { readonly type: 'prefix' };

/** How old what was seen may be, in ms. */
const maxAges = {
  /** For an object that nobody here has read: a stale answer is found out by the read itself. */
  listed: 5 * 60_000,
  /** For an object that an editor may show. */
  read: 5_000,
  absent: 5_000,
  prefix: 30_000,
  largeParent: 10 * 60_000,
};

/**
 * Finds out what stands at a path: by what was seen lately, else by LIST, which needs no customer
 * key. An object wins over a prefix of the same name.
 */
export class FileFinder {
  readonly #getStore: (connection: string) => Promise<ObjectStore>;
  readonly #seen: SeenObjects;
  readonly #underway = new Map<string, Promise<Found | undefined>>();
  /** Prefixes in which something was looked for in vain, and when. */
  readonly #misses = new RecentMap<number>(500);
  /** Prefixes that do not fit on a page, and when that was seen. */
  readonly #large = new RecentMap<number>(500);

  constructor(getStore: (connection: string) => Promise<ObjectStore>, seen: SeenObjects) {
    this.#getStore = getStore;
    this.#seen = seen;
  }

  /**
   * @param isRead whether this window has read the object, so that an editor may show it
   * @returns undefined if there is nothing
   * @throws StoreError
   */
  async find(location: Location, isRead: boolean): Promise<Found | undefined> {
    const { connection, bucket, key, prefix } = location;
    // Also a path that needs no request needs its connection.
    const store = await this.#getStore(connection);
    if (bucket === undefined || prefix === undefined) return { type: 'prefix' };
    const known = this.#known(location, isRead);
    if (known !== 'unknown') return known;
    const name = JSON.stringify([connection, bucket, key, prefix]);
    let looking = this.#underway.get(name);
    if (looking === undefined) {
      looking =
        key === undefined
          ? this.#lookForPrefix(store, { connection, bucket, prefix })
          : this.#lookForBoth(store, { connection, bucket, key });
      this.#underway.set(name, looking);
      const done = (): void => {
        this.#underway.delete(name);
      };
      looking.then(done, done);
    }
    return await looking;
  }

  #known(location: Location, isRead: boolean): Found | undefined | 'unknown' {
    const { connection, bucket = '', key, prefix = '' } = location;
    if (key !== undefined) {
      const address = { connection, bucket, key };
      const object = this.#seen.object(address, isRead ? maxAges.read : maxAges.listed);
      if (typeof object === 'object') return { type: 'object', object };
      if (this.#seen.object(address, maxAges.absent) !== 'absent') return 'unknown';
    }
    if (prefix === '') {
      // A bucket is there also when it is empty.
      const isThere = this.#seen.hasListing({ connection, bucket, prefix }, maxAges.prefix);
      return isThere ? { type: 'prefix' } : 'unknown';
    }
    if (this.#seen.prefix({ connection, bucket, prefix }, maxAges.prefix) === true) {
      return { type: 'prefix' };
    }
    const isAbsent = this.#seen.prefix({ connection, bucket, prefix }, maxAges.absent) === false;
    return isAbsent ? undefined : 'unknown';
  }

  async #lookForPrefix(
    store: ObjectStore,
    { bucket, prefix }: PrefixAddress,
  ): Promise<Found | undefined> {
    const page = await listSome(store, { bucket, prefix, delimiter: '/', maxKeys: 1 });
    const isThere = prefix === '' || page.objects.length + page.prefixes.length > 0;
    return isThere ? { type: 'prefix' } : undefined;
  }

  async #lookForBoth(store: ObjectStore, address: ObjectAddress): Promise<Found | undefined> {
    const { connection, bucket, key } = address;
    const parent = key.slice(0, key.lastIndexOf('/') + 1);
    const parentName = `${connection}/${bucket}/${parent}`;
    if (isRecent(this.#misses.get(parentName), maxAges.absent) && !this.#isLarge(parentName)) {
      // Somebody probes for one name after the other: one listing answers all of them.
      const page = await store.list({ bucket, prefix: parent, delimiter: '/' });
      if (page.continuationToken !== undefined) this.#large.set(parentName, Date.now());
      const found = this.#known({ ...address, prefix: `${key}/` }, true);
      if (found !== 'unknown') return found;
    }
    const page = await listSome(store, { bucket, prefix: key, delimiter: '/', maxKeys: 100 });
    const object = page.objects.find((each) => each.key === key);
    if (object !== undefined) return { type: 'object', object };
    if (page.prefixes.includes(`${key}/`)) return { type: 'prefix' };
    const found =
      page.continuationToken === undefined
        ? undefined
        : await this.#lookForPrefix(store, { connection, bucket, prefix: `${key}/` });
    if (found === undefined) this.#misses.set(parentName, Date.now());
    return found;
  }

  #isLarge(parentName: string): boolean {
    return isRecent(this.#large.get(parentName), maxAges.largeParent);
  }
}

/** The first page that is not empty, or the last one. */
async function listSome(store: ObjectStore, request: ListRequest): Promise<ListPage> {
  let page = await store.list(request);
  while (page.objects.length + page.prefixes.length === 0 && page.continuationToken !== undefined) {
    page = await store.list({ ...request, continuationToken: page.continuationToken });
  }
  return page;
}

function isRecent(at: number | undefined, maxAge: number): boolean {
  return at !== undefined && at >= Date.now() - maxAge;
}
