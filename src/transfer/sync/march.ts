import { compareUtf8 } from '../../core/utf8Order.ts';

/** Something that a listing says about a path. */
interface Listed {
  readonly path: string;
}

/** Listings to walk in step, by name. */
type Listings = Readonly<Record<string, AsyncIterable<Listed>>>;

type ElementOf<T> = T extends AsyncIterable<infer Element> ? Element : never;

/** A path, and what each listing says about it: undefined where it says nothing. */
export type Pairing<L extends Listings> = { readonly path: string } & {
  readonly [Name in keyof L]: ElementOf<L[Name]> | undefined;
};

/** A listing that is not in ascending order, or has a path twice: it cannot be marched. */
export class ListingOrderError extends Error {
  override readonly name = 'ListingOrderError';

  constructor(listing: string, previous: string, path: string) {
    super(
      `The listing ${listing} has ${JSON.stringify(path)} after ${JSON.stringify(previous)}, ` +
        'which is not in the order of UTF-8. Nothing can be concluded from it.',
    );
  }
}

/**
 * Walks sorted listings in step and yields each path once, in order. Every listing must ascend
 * strictly in the binary order of UTF-8, as S3 lists. No more than one element of each listing is
 * held, and all of them are asked for their next element at the same time.
 *
 * A path is yielded only after every listing has come to it or beyond: whatever a listing finds out
 * on its way there (an ignore file, say) is known by then.
 *
 * @throws ListingOrderError, and whatever a listing throws; the others are ended then
 */
export async function* march<L extends Listings>(listings: L): AsyncGenerator<Pairing<L>> {
  const cursors = Object.entries(listings).map(([name, listing]) => new Cursor(name, listing));
  try {
    for (;;) {
      let path: string | undefined;
      for (const cursor of cursors) {
        await cursor.arrive();
        const own = cursor.current?.path;
        if (own !== undefined && (path === undefined || compareUtf8(own, path) < 0)) path = own;
      }
      if (path === undefined) return;
      const pairing: Record<string, unknown> = { path };
      for (const cursor of cursors) pairing[cursor.name] = cursor.take(path);
      // The names are those of L and each element is of its listing.
      yield pairing as Pairing<L>;
    }
  } finally {
    await Promise.all(cursors.map((cursor) => cursor.end()));
  }
}

/** A listing, and where the march is in it. */
class Cursor {
  readonly name: string;
  readonly #iterator: AsyncIterator<Listed>;
  #pending: Promise<IteratorResult<Listed, unknown>> | undefined;
  #previous: string | undefined;
  #done = false;
  current: Listed | undefined;

  constructor(name: string, listing: AsyncIterable<Listed>) {
    this.name = name;
    this.#iterator = listing[Symbol.asyncIterator]();
    this.#advance();
  }

  /** Waits for the next element, if it was asked for. */
  async arrive(): Promise<void> {
    if (this.#pending === undefined) return;
    const result = await this.#pending;
    this.#pending = undefined;
    if (result.done === true) {
      this.#done = true;
      this.current = undefined;
      return;
    }
    const { path } = result.value;
    if (this.#previous !== undefined && compareUtf8(path, this.#previous) <= 0) {
      throw new ListingOrderError(this.name, this.#previous, path);
    }
    this.#previous = path;
    this.current = result.value;
  }

  /** The current element if it is at this path; the next one is asked for then. */
  take(path: string): Listed | undefined {
    const { current } = this;
    if (current?.path !== path) return undefined;
    this.#advance();
    return current;
  }

  async end(): Promise<void> {
    if (this.#done) return;
    try {
      await this.#iterator.return?.();
    } catch {
      // What made the march end is what counts.
    }
  }

  #advance(): void {
    this.#pending = this.#iterator.next();
    // It is awaited later, perhaps never if another listing fails first.
    this.#pending.catch(() => undefined);
  }
}
