import { parentPrefix, type ObjectAddress, type PrefixAddress } from '../../core/address.ts';
import type { ListedObject } from '../../core/objectStore.ts';
import type { StoreSource } from '../../transfer/transferContext.ts';
import type { SeenObject } from '../files/seenObjects.ts';
import type { ObjectChange } from '../objectChanges.ts';
import { Level } from './level.ts';

/** What a change did to what is shown. */
export interface ShownChange {
  /** Levels whose entries are others now, or are to be listed again. */
  readonly levels: readonly PrefixAddress[];
  /** Objects that look different now. */
  readonly objects: readonly ObjectAddress[];
}

export interface LevelsOptions {
  readonly stores: StoreSource;
  /** Objects and prefixes a page. */
  readonly pageSize: () => number;
  /** What was seen of an object lately, so that a change needs no LIST. */
  readonly seen: (address: ObjectAddress) => SeenObject | 'absent' | undefined;
}

/** All levels that the tree has loaded, with their filters. */
export class Levels {
  readonly #options: LevelsOptions;
  readonly #levels = new Map<string, { readonly address: PrefixAddress; readonly level: Level }>();
  readonly #filters = new Map<string, string>();
  readonly #loading = new Map<Level, Promise<void>>();

  constructor(options: LevelsOptions) {
    this.#options = options;
  }

  /** A level with its first page: one LIST, or none if it is loaded. Its failure stands in it. */
  async load(address: PrefixAddress): Promise<Level> {
    const name = nameOf(address);
    let level = this.#levels.get(name)?.level;
    if (level === undefined) {
      level = new Level(address.prefix, this.#filters.get(name) ?? '');
      this.#levels.set(name, { address, level });
    }
    if (!level.isBegun && level.failure === undefined) await this.#loadPage(address, level);
    return level;
  }

  /** Loads the next page, or the one that failed. */
  async loadMore(address: PrefixAddress): Promise<void> {
    const level = this.#levels.get(nameOf(address))?.level;
    if (level === undefined) return;
    if (!level.isBegun || level.nextToken !== undefined) await this.#loadPage(address, level);
  }

  loaded(address: PrefixAddress): Level | undefined {
    return this.#levels.get(nameOf(address))?.level;
  }

  filterOf(address: PrefixAddress): string {
    return this.#filters.get(nameOf(address)) ?? '';
  }

  /** Shows only what starts with a text; the level is listed anew. */
  setFilter(address: PrefixAddress, filter: string): void {
    if (filter === '') this.#filters.delete(nameOf(address));
    else this.#filters.set(nameOf(address), filter);
    this.#levels.delete(nameOf(address));
  }

  /** Forgets the level of a prefix and all below. */
  drop({ connection, bucket, prefix }: PrefixAddress): void {
    for (const [name, { address }] of this.#levels) {
      const isBelow =
        address.connection === connection &&
        address.bucket === bucket &&
        address.prefix.startsWith(prefix);
      if (isBelow) this.#levels.delete(name);
    }
  }

  dropConnection(connection: string): void {
    for (const [name, { address }] of this.#levels) {
      if (address.connection === connection) this.#levels.delete(name);
    }
  }

  /** Forgets the levels that could not be loaded, or not to the end. */
  dropFailures(): void {
    for (const [name, { level }] of this.#levels) {
      if (level.failure !== undefined) this.#levels.delete(name);
    }
  }

  /** Follows a change of this window, without a request where what is known suffices. */
  apply(change: ObjectChange): ShownChange {
    switch (change.type) {
      case 'created':
      case 'changed':
        return this.#noteObject(change.address);
      case 'deleted':
        return this.#noteDeleted(change.address);
      case 'keyKnown':
      case 'keyMissing':
        return { levels: [], objects: [change.address] };
      case 'prefixChanged': {
        const { address } = change;
        this.drop(address);
        return { levels: [address, ...this.#reloadAround(address)], objects: [] };
      }
    }
  }

  #noteObject(address: ObjectAddress): ShownChange {
    const seen = this.#options.seen(address);
    if (seen === 'absent') return this.#noteDeleted(address);
    const object: ListedObject | undefined = seen && { key: address.key, ...seen };
    const levels: PrefixAddress[] = [];
    const objects: ObjectAddress[] = [];
    for (const found of this.#around(address)) {
      const change = found.level.note(address.key, object);
      if (change === undefined) this.#levels.delete(nameOf(found.address));
      if (change === undefined || change === 'entries') levels.push(found.address);
      if (change === 'object') objects.push(address);
    }
    return { levels, objects };
  }

  #noteDeleted(address: ObjectAddress): ShownChange {
    const { connection, bucket, key } = address;
    const direct = this.#around(address).find(({ level }) => level.isDirect(key));
    if (direct === undefined) {
      return {
        levels: this.#reload({ connection, bucket, prefix: parentPrefix(key) }),
        objects: [],
      };
    }
    const change = direct.level.remove(key);
    const levels = change === 'entries' ? [direct.address] : [];
    return { levels: [...levels, ...this.#vacated(direct)], objects: [] };
  }

  /** A prefix that nothing stands below any more is gone from the level that it stands in. */
  #vacated({ address, level }: { address: PrefixAddress; level: Level }): PrefixAddress[] {
    if (address.prefix === '') return [];
    const { isVacant } = level;
    if (isVacant === false) return [];
    const parent = above(address);
    const shown = this.loaded(parent);
    if (isVacant === undefined || shown === undefined) return this.#reload(parent);
    shown.remove(address.prefix);
    return [parent, ...this.#vacated({ address: parent, level: shown })];
  }

  /** Lists again what a prefix stands in; further up too, where nothing else keeps that alive. */
  #reloadAround(address: PrefixAddress): PrefixAddress[] {
    const levels: PrefixAddress[] = [];
    for (let inner = address; ; inner = above(inner)) {
      const outer = above(inner);
      const isAlone = this.loaded(outer)?.hasOnly(inner.prefix) === true;
      levels.push(...this.#reload(outer));
      if (!isAlone || outer.prefix === '') return levels;
    }
  }

  /** Lists the nearest level that is loaded again: it may lack or show a prefix wrongly. */
  #reload(address: PrefixAddress): PrefixAddress[] {
    let nearest = address;
    while (this.loaded(nearest) === undefined && nearest.prefix !== '') nearest = above(nearest);
    this.#levels.delete(nameOf(nearest));
    return [nearest];
  }

  /** The loaded levels that an object stands in or below. */
  #around({ connection, bucket, key }: ObjectAddress): { address: PrefixAddress; level: Level }[] {
    return [...this.#levels.values()].filter(
      ({ address }) =>
        address.connection === connection &&
        address.bucket === bucket &&
        key.startsWith(address.prefix),
    );
  }

  async #loadPage(address: PrefixAddress, level: Level): Promise<void> {
    let loading = this.#loading.get(level);
    if (loading === undefined) {
      loading = this.#request(address, level).finally(() => this.#loading.delete(level));
      this.#loading.set(level, loading);
    }
    await loading;
  }

  async #request(address: PrefixAddress, level: Level): Promise<void> {
    const { bucket, connection } = address;
    const prefix = address.prefix + level.filter;
    const maxKeys = this.#options.pageSize();
    level.failure = undefined;
    try {
      const store = await this.#options.stores.get(connection);
      for (;;) {
        const continuationToken = level.nextToken;
        const request = { bucket, prefix, delimiter: '/', maxKeys, continuationToken } as const;
        const page = await store.list(request);
        level.addPage(page);
        // A page may be empty though more follow; "Load More" is to load something.
        const isEmpty = page.objects.length + page.prefixes.length === 0;
        if (!isEmpty || page.continuationToken === undefined) return;
      }
    } catch (error) {
      level.failure = error;
    }
  }
}

/** The prefix that a prefix stands in; `''` stands in itself. */
function above(address: PrefixAddress): PrefixAddress {
  return { ...address, prefix: parentPrefix(address.prefix) };
}

function nameOf({ connection, bucket, prefix }: PrefixAddress): string {
  return `${connection}/${bucket}/${prefix}`;
}
