import { type ObjectAddress, parentPrefix, type PrefixAddress } from '../../core/address.ts';
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
  /** Answers that are on their way, by path. */
  readonly #underway = new Underway<Found | undefined>();
  readonly #listings = new Underway<void>();
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
    return await this.#underway.join(nameOf(location), async () => {
      // Also a path that needs no request needs its connection.
      const store = await this.#getStore(location.connection);
      const { connection, bucket, key, prefix } = location;
      if (bucket === undefined || prefix === undefined) return { type: 'prefix' };
      const known = this.#known(location, isRead, maxAges.absent);
      if (known !== 'unknown') return known;
      return key === undefined
        ? await this.#lookForPrefix(store, { connection, bucket, prefix })
        : await this.#lookForBoth(store, { connection, bucket, key });
    });
  }

  /**
   * Whether it was found just now, or is being found, that there is nothing. VS Code asks for the
   * stat and for the content at once: the one spares the other. Only for a probe it asks by itself.
   */
  async isMissing(location: Location): Promise<boolean> {
    const known = this.#known(location, true, maxAges.absent);
    if (known !== 'unknown') return known === undefined;
    const isAsked = this.#underway.get(nameOf(location)) !== undefined;
    if (!isAsked && !isHidden(location.key ?? '')) return false;
    try {
      return (await this.find(location, true)) === undefined;
    } catch {
      // What it is that fails is for the read to say.
      return false;
    }
  }

  /** Whether there is anything below a prefix just now: always one LIST. */
  async isThere(address: PrefixAddress): Promise<boolean> {
    const store = await this.#getStore(address.connection);
    return (await this.#lookForPrefix(store, address)) !== undefined;
  }

  /** What was seen lately. @param absentAge how old it may be that nothing was seen, in ms */
  #known(location: Location, isRead: boolean, absentAge: number): Found | undefined | 'unknown' {
    const { connection, bucket = '', key, prefix = '' } = location;
    if (key !== undefined) {
      const address = { connection, bucket, key };
      const object = this.#seen.object(address, isRead ? maxAges.read : maxAges.listed);
      if (typeof object === 'object') return { type: 'object', object };
      if (this.#seen.object(address, absentAge) !== 'absent') return 'unknown';
    }
    if (prefix === '') {
      // A bucket is there also when it is empty.
      const isThere = this.#seen.hasListing({ connection, bucket, prefix }, maxAges.prefix);
      return isThere ? { type: 'prefix' } : 'unknown';
    }
    if (this.#seen.prefix({ connection, bucket, prefix }, maxAges.prefix) === true) {
      return { type: 'prefix' };
    }
    const isAbsent = this.#seen.prefix({ connection, bucket, prefix }, absentAge) === false;
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
    const prefix = `${key}/`;
    const parent = parentPrefix(key);
    const parentName = nameOf({ connection, bucket, prefix: parent });
    if (this.#isProbed(parent, parentName)) {
      const since = Date.now();
      await this.#listings.join(parentName, () => this.#listAll(store, bucket, parent, parentName));
      const absentAge = Date.now() - since + maxAges.absent;
      const found = this.#known({ ...address, prefix }, true, absentAge);
      if (found !== 'unknown') return found;
    }
    const page = await listSome(store, { bucket, prefix: key, delimiter: '/', maxKeys: 100 });
    const object = page.objects.find((each) => each.key === key);
    if (object !== undefined) return { type: 'object', object };
    if (page.prefixes.includes(prefix)) return { type: 'prefix' };
    const found =
      page.continuationToken === undefined
        ? undefined
        : await this.#lookForPrefix(store, { connection, bucket, prefix });
    if (found === undefined) {
      const before = this.#misses.get(parentName) ?? [];
      this.#misses.set(parentName, [...before, Date.now()].slice(-probes));
    }
    return found;
  }

  /** One listing answers all that is asked about one level, if it fits on a page. */
  async #listAll(store: ObjectStore, bucket: string, prefix: string, name: string): Promise<void> {
    const page = await store.list({ bucket, prefix, delimiter: '/' });
    if (page.continuationToken !== undefined) this.#large.set(name, Date.now());
  }

  /** Whether name after name is looked for in vain at one place, or that is to be expected. */
  #isProbed(prefix: string, name: string): boolean {
    if (isRecent(this.#large.get(name), maxAges.large)) return false;
    const misses = this.#misses.get(name) ?? [];
    return isHidden(prefix) || (misses.length === probes && isRecent(misses[0], maxAges.probes));
  }
}

/** Whether it is or stands in something like `.vscode/` or `.git/`, where VS Code probes for names. */
function isHidden(keyOrPrefix: string): boolean {
  return /(^|\/)\.[^/.]/.test(keyOrPrefix);
}

/** Lets those who ask the same at the same time share one answer. */
class Underway<Answer> {
  readonly #answers = new Map<string, Promise<Answer>>();

  get(name: string): Promise<Answer> | undefined {
    return this.#answers.get(name);
  }

  join(name: string, ask: () => Promise<Answer>): Promise<Answer> {
    const before = this.#answers.get(name);
    if (before !== undefined) return before;
    const answer = ask().finally(() => this.#answers.delete(name));
    this.#answers.set(name, answer);
    return answer;
  }
}

function nameOf({ connection, bucket, key, prefix }: Location): string {
  return JSON.stringify([connection, bucket, key, prefix]);
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
