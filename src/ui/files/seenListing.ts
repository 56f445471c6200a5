import type { ListPage } from '../../core/objectStore.ts';

/** One level below a prefix as a listing with delimiter told it, complete to the last page. */
export class SeenListing {
  readonly prefix: string;
  /** When its first page was asked for, in ms since the epoch. */
  readonly at: number;
  readonly #objects: ReadonlySet<string>;
  readonly #prefixes: ReadonlySet<string>;

  constructor(prefix: string, at: number, pages: readonly ListPage[]) {
    this.prefix = prefix;
    this.at = at;
    this.#objects = new Set(pages.flatMap((page) => page.objects.map(({ key }) => key)));
    this.#prefixes = new Set(pages.flatMap((page) => page.prefixes));
  }

  /** Whether there may be an object; of one further down only its common prefix is known. */
  allowsObject(key: string): boolean {
    const end = key.indexOf('/', this.prefix.length);
    return end === -1 ? this.#objects.has(key) : this.#prefixes.has(key.slice(0, end + 1));
  }

  /** Whether there is anything below a prefix; undefined if it is too far down to know. */
  hasPrefix(prefix: string): boolean | undefined {
    if (prefix === this.prefix) return this.#objects.size + this.#prefixes.size > 0;
    const common = prefix.slice(0, prefix.indexOf('/', this.prefix.length) + 1);
    if (!this.#prefixes.has(common)) return false;
    return common === prefix ? true : undefined;
  }
}

/**
 * The prefixes whose listings tell of an object key or prefix: of `a/b` those are the empty one,
 * `a`, `a/` and `a/b`.
 */
export function prefixesAround(keyOrPrefix: string): ReadonlySet<string> {
  const prefixes = new Set(['', keyOrPrefix]);
  for (let at = keyOrPrefix.indexOf('/'); at !== -1; at = keyOrPrefix.indexOf('/', at + 1)) {
    prefixes.add(keyOrPrefix.slice(0, at)).add(keyOrPrefix.slice(0, at + 1));
  }
  return prefixes;
}
