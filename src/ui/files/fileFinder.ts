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
  /** Somebody else may make it at any time; VS Code's probes come in bursts. */
  absent: 1_000,
  prefix: 30_000,
  probes: 5_000,
  large: 10 * 60_000,
};

/** So many names looked for in vain are taken for probes. */
const probes = 3;

/**
 * Finds out what stands at a path: by what was seen lately, else by LIST, which needs no customer
 * key. An object wins over a prefix of the same name.
 */
export class FileFinder {
  readonly #getStore: (connection: string) => Promise<ObjectStore>;
  readonly #seen: SeenObjects;
  readonly #underway = new Map<string, Promise<Found | undefined>>();
  /** When something was looked for in vain, by the prefix that it would have stood in. */
  readonly #misses = new RecentMap<readonly number[]>(500);
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

  /** Whether there is anything below a prefix just now: always one LIST. */
  async isThere(address: PrefixAddress): Promise<boolean> {
    const store = await this.#getStore(address.connection);
    return (await this.#lookForPrefix(store, address)) !== undefined;
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
    if (this.#isProbed(parentName) && !isRecent(this.#large.get(parentName), maxAges.large)) {
      // One listing answers all that may come.
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
    if (found === undefined) {
      const before = this.#misses.get(parentName) ?? [];
      this.#misses.set(parentName, [...before, Date.now()].slice(-probes));
    }
    return found;
  }

  /** Whether name after name is looked for in vain at one place. */
  #isProbed(parentName: string): boolean {
    const misses = this.#misses.get(parentName) ?? [];
    return misses.length === probes && isRecent(misses[0], maxAges.probes);
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
