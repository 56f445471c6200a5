import type { ObjectAddress, PrefixAddress } from '../../core/address.ts';
import type { ListPage, ListRequest } from '../../core/objectStore.ts';
import { RecentMap } from './recentMap.ts';
import { prefixesAround, SeenListing } from './seenListing.ts';

/** What a listing, a GET or a PUT told of an object. */
export interface SeenObject {
  readonly size: number;
  readonly etag: string;
  readonly lastModified: Date;
}

/** A fact and when the request for it was sent, in ms since the epoch. */
interface Fact {
  readonly value: SeenObject | 'absent';
  readonly at: number;
}

/** The pages of a listing up to now. */
interface UnfinishedListing {
  readonly pages: readonly ListPage[];
  readonly at: number;
  readonly nextToken: string;
}

interface BucketAddress {
  readonly connection: string;
  readonly bucket: string;
}

/** Larger listings are not kept: their objects are, as far as there is room. */
const maxPagesOfListing = 10;

/**
 * What this window has seen of objects and prefixes lately, so that VS Code's many questions
 * (stat before a read, before and after a save, probes for `.git` and the like) need no request.
 * The newest fact counts; whoever asks says how old it may be.
 */
export class SeenObjects {
  readonly #objects = new RecentMap<Fact>(20_000);
  readonly #listings = new RecentMap<SeenListing>(200);
  readonly #unfinished = new RecentMap<UnfinishedListing>(20);
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** @param maxAge in ms */
  object(address: ObjectAddress, maxAge: number): SeenObject | 'absent' | undefined {
    const since = this.#now() - maxAge;
    const own = this.#objects.get(nameOf(address, address.key));
    const denial = this.#listingsAround(address, address.key).find(
      (listing) => listing.at >= since && !listing.allowsObject(address.key),
    );
    if (denial !== undefined && denial.at > (own?.at ?? -1)) return 'absent';
    return own !== undefined && own.at >= since ? own.value : undefined;
  }

  /** Whether there is anything below a prefix; undefined if that is not known. */
  prefix(address: PrefixAddress, maxAge: number): boolean | undefined {
    const since = this.#now() - maxAge;
    return this.#listingsAround(address, address.prefix)
      .filter(({ at }) => at >= since)
      .map((listing) => listing.hasPrefix(address.prefix))
      .find((answer) => answer !== undefined);
  }

  /** Whether all entries below a prefix are known, so that questions for others are answered. */
  hasListing(address: PrefixAddress, maxAge: number): boolean {
    const listing = this.#listings.get(nameOf(address, address.prefix));
    return listing !== undefined && listing.at >= this.#now() - maxAge;
  }

  /** @param at when the request was sent (a write: when it was answered) */
  noteObject(address: ObjectAddress, object: SeenObject, at = this.#now()): void {
    if (!this.#note(address, object, at)) return;
    // A listing from before that lacks it, or the prefix that it is in, is out of date.
    this.#forgetListings(address, at, (listing) => !listing.allowsObject(address.key));
  }

  /** @param at when the request was sent */
  noteAbsent(address: ObjectAddress, at = this.#now()): void {
    const before = this.#objects.get(nameOf(address, address.key))?.value;
    const isNews = this.#note(address, 'absent', at) && typeof before === 'object';
    // Its prefixes may have gone with it.
    if (isNews) this.#forgetListings(address, at, () => true);
  }

  /** Was deleted by this window, seen before or not. */
  noteDeleted(address: ObjectAddress): void {
    const now = this.#now();
    this.#note(address, 'absent', now);
    this.#forgetListings(address, now, () => true);
  }

  forgetObject(address: ObjectAddress): void {
    this.#objects.delete(nameOf(address, address.key));
  }

  /** @param at when the request for the page was sent */
  notePage(connection: string, request: ListRequest, page: ListPage, at = this.#now()): void {
    const { bucket, prefix, continuationToken, delimiter } = request;
    for (const { key, size, etag, lastModified } of page.objects) {
      this.noteObject({ connection, bucket, key }, { size, etag, lastModified }, at);
    }
    const isFirst = continuationToken === undefined;
    const isEmpty = page.objects.length + page.prefixes.length === 0;
    const isLast = page.continuationToken === undefined;
    if (isFirst && prefix !== '' && page.objects[0]?.key !== prefix && (isLast || !isEmpty)) {
      // Among the keys that start with it, it would have come first.
      this.noteAbsent({ connection, bucket, key: prefix }, at);
    }
    if (delimiter === undefined) return;
    const name = nameOf({ connection, bucket }, prefix);
    const before = this.#unfinished.get(name);
    this.#unfinished.delete(name);
    if (!isFirst && before?.nextToken !== continuationToken) return;
    const pages = isFirst ? [page] : [...(before?.pages ?? []), page];
    const since = isFirst ? at : (before?.at ?? at);
    if (isLast) {
      this.#listings.set(name, new SeenListing(prefix, since, pages));
    } else if (pages.length < maxPagesOfListing) {
      const nextToken = page.continuationToken;
      this.#unfinished.set(name, { pages, at: since, nextToken });
    }
  }

  /** Forgets everything below a prefix, and what was known of the prefix itself. */
  forgetPrefix(address: PrefixAddress): void {
    const name = nameOf(address, address.prefix);
    this.#objects.deletePrefixed(name);
    this.#listings.deletePrefixed(name);
    for (const { prefix } of this.#listingsAround(address, address.prefix)) {
      this.#listings.delete(nameOf(address, prefix));
    }
  }

  clear(): void {
    this.#objects.clear();
    this.#listings.clear();
    this.#unfinished.clear();
  }

  /** @returns false if something newer is known */
  #note(address: ObjectAddress, value: Fact['value'], at: number): boolean {
    const name = nameOf(address, address.key);
    if ((this.#objects.get(name)?.at ?? -1) > at) return false;
    this.#objects.set(name, { value, at });
    return true;
  }

  #forgetListings(
    address: ObjectAddress,
    at: number,
    isWrong: (listing: SeenListing) => boolean,
  ): void {
    for (const listing of this.#listingsAround(address, address.key)) {
      if (listing.at > at || !isWrong(listing)) continue;
      this.#listings.delete(nameOf(address, listing.prefix));
    }
  }

  /** The listings that tell of an object key or prefix, newest first. */
  #listingsAround(address: BucketAddress, keyOrPrefix: string): readonly SeenListing[] {
    return [...prefixesAround(keyOrPrefix)]
      .flatMap((prefix) => this.#listings.get(nameOf(address, prefix)) ?? [])
      .sort((one, other) => other.at - one.at);
  }
}

/** Unambiguous: neither a connection's slug nor a bucket's name has a slash. */
function nameOf({ connection, bucket }: BucketAddress, keyOrPrefix: string): string {
  return `${connection}/${bucket}/${keyOrPrefix}`;
}
