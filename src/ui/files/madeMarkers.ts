import type { ObjectAddress, PrefixAddress } from '../../core/address.ts';
import { findListed } from '../../transfer/findListed.ts';
import type { StoreSource } from '../../transfer/transferContext.ts';

/** How soon VS Code goes on after it has made a directory for what it is about to put there, in ms. */
const soon = 1000;

interface Made {
  readonly address: ObjectAddress;
  readonly etag: string;
  at: number;
}

/**
 * Folder markers that VS Code had made only because it makes the directories around a file before
 * it writes or moves it there: once that is done they are of no use, and other clients would see
 * them.
 */
export class MadeMarkers {
  readonly #stores: StoreSource;
  readonly #now: () => number;
  #made: Made[] = [];

  constructor(stores: StoreSource, now: () => number = () => performance.now()) {
    this.#stores = stores;
    this.#now = now;
  }

  /** A marker was made just now. */
  note(address: ObjectAddress, etag: string): void {
    const at = this.#now();
    const recent = this.#recent();
    // One directory after the other, from the outermost on.
    for (const made of recent) if (isAround(made, address)) made.at = at;
    this.#made = [...recent, { address, etag, at }];
  }

  /** Takes the markers around what is about to be put there; to be called right before. */
  take({ connection, bucket, ...target }: ObjectAddress | PrefixAddress): readonly Made[] {
    const key = 'key' in target ? target.key : target.prefix;
    const recent = this.#recent();
    const around = recent.filter((made) => isAround(made, { connection, bucket, key }));
    this.#made = recent.filter((made) => !around.includes(made));
    return around;
  }

  /** Removes them, as far as they still are what was made. @returns what is gone */
  async remove(markers: readonly Made[]): Promise<readonly ObjectAddress[]> {
    const gone: ObjectAddress[] = [];
    for (const { address, etag } of markers) {
      try {
        const store = await this.#stores.get(address.connection);
        const found = await findListed(store, address);
        if (found?.etag !== etag || found.size > 0) continue;
        await store.delete(address);
        gone.push(address);
      } catch {
        // It stays, and does no harm.
      }
    }
    return gone;
  }

  #recent(): Made[] {
    const now = this.#now();
    return this.#made.filter(({ at }) => now - at < soon);
  }
}

function isAround({ address }: Made, { connection, bucket, key }: ObjectAddress): boolean {
  return (
    address.connection === connection &&
    address.bucket === bucket &&
    key !== address.key &&
    key.startsWith(address.key)
  );
}
