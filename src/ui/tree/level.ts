import type { ListedObject, ListPage } from '../../core/objectStore.ts';
import { compareUtf8 } from '../../core/utf8Order.ts';

/** What one key or prefix changed in a level. */
export type LevelChange = 'entries' | 'object' | 'nothing';

/**
 * One level below a prefix as the tree shows it: what the pages that were loaded up to now say, and
 * what this window did since.
 */
export class Level {
  readonly prefix: string;
  /** What the names start with; empty for all. The server does the filtering. */
  readonly filter: string;
  readonly #objects = new Map<string, ListedObject>();
  readonly #prefixes = new Set<string>();
  /** The greatest key or prefix of the pages. */
  #reached = '';
  #nextToken: string | undefined;
  #isBegun = false;
  /** Why the first or the next page could not be loaded. */
  failure: unknown = undefined;

  constructor(prefix: string, filter: string) {
    this.prefix = prefix;
    this.filter = filter;
  }

  addPage(page: ListPage): void {
    this.#isBegun = true;
    for (const object of page.objects) {
      this.#objects.set(object.key, object);
      this.#reach(object.key);
    }
    for (const prefix of page.prefixes) {
      this.#prefixes.add(prefix);
      this.#reach(prefix);
    }
    this.#nextToken = page.continuationToken;
  }

  /** The token of the next page; undefined if there is none, or nothing was loaded yet. */
  get nextToken(): string | undefined {
    return this.#nextToken;
  }

  /** Whether the first page was loaded. */
  get isBegun(): boolean {
    return this.#isBegun;
  }

  /** Common prefixes in UTF-8 binary order, as S3 lists them. */
  get prefixes(): readonly string[] {
    return [...this.#prefixes].sort(compareUtf8);
  }

  /** Objects in UTF-8 binary order; without the zero-byte marker of the prefix itself. */
  get objects(): readonly ListedObject[] {
    return [...this.#objects.values()]
      .filter(({ key, size }) => key !== this.prefix || size > 0)
      .sort((one, other) => compareUtf8(one.key, other.key));
  }

  /** Whether nothing stands below the prefix, not even its marker; undefined if not known. */
  get isVacant(): boolean | undefined {
    if (this.#objects.size + this.#prefixes.size > 0 || this.#nextToken !== undefined) return false;
    return this.#isBegun && this.filter === '' ? true : undefined;
  }

  /** Whether nothing but a prefix is known to stand here. */
  hasOnly(prefix: string): boolean {
    const isMore = this.#nextToken !== undefined || this.#objects.size > 0;
    return !isMore && this.#prefixes.size === 1 && this.#prefixes.has(prefix);
  }

  object(key: string): ListedObject | undefined {
    return this.#objects.get(key);
  }

  has(keyOrPrefix: string): boolean {
    return this.#objects.has(keyOrPrefix) || this.#prefixes.has(keyOrPrefix);
  }

  /**
   * An object is there, new or changed.
   *
   * @param object undefined if only its key is known; enough where a common prefix stands for it
   * @returns undefined if that is not enough: the level is to be loaded again
   */
  note(key: string, object: ListedObject | undefined): LevelChange | undefined {
    if (!this.#covers(key)) return 'nothing';
    const prefix = this.#commonPrefixOf(key);
    if (prefix !== undefined) {
      if (this.#prefixes.has(prefix)) return 'nothing';
      this.#prefixes.add(prefix);
      return 'entries';
    }
    if (object === undefined) return undefined;
    const isNew = !this.#objects.has(key);
    this.#objects.set(key, object);
    return isNew ? 'entries' : 'object';
  }

  /** An object, or everything below a common prefix, is gone. */
  remove(keyOrPrefix: string): LevelChange {
    const wasObject = this.#objects.delete(keyOrPrefix);
    const wasPrefix = this.#prefixes.delete(keyOrPrefix);
    return wasObject || wasPrefix ? 'entries' : 'nothing';
  }

  /** Whether an object stands in this level itself and not further down. */
  isDirect(key: string): boolean {
    return key.startsWith(this.#start) && this.#commonPrefixOf(key) === undefined;
  }

  get #start(): string {
    return this.prefix + this.filter;
  }

  /** Whether a key is where the loaded pages would have it. */
  #covers(key: string): boolean {
    if (!this.#isBegun || !key.startsWith(this.#start)) return false;
    return this.#nextToken === undefined || compareUtf8(key, this.#reached) <= 0;
  }

  #commonPrefixOf(key: string): string | undefined {
    const end = key.indexOf('/', this.#start.length);
    return end === -1 ? undefined : key.slice(0, end + 1);
  }

  #reach(keyOrPrefix: string): void {
    if (compareUtf8(keyOrPrefix, this.#reached) > 0) this.#reached = keyOrPrefix;
  }
}
