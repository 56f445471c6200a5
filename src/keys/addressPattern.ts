import type { ObjectAddress } from '../core/address.ts';

/** A pattern of addresses, compiled. */
export interface AddressPattern {
  /** Only objects of this connection; undefined means all connections. */
  readonly connection: string | undefined;
  /** How many characters stand before the first wildcard. */
  readonly literalLength: number;
  readonly hasWildcard: boolean;
  matches(address: ObjectAddress): boolean;
}

/**
 * Sorts patterns, the more specific one first. That is the one with more characters before its
 * first wildcard; then one without any wildcard; then one that names a connection.
 */
export function compareSpecificity(one: AddressPattern, other: AddressPattern): number {
  return (
    other.literalLength - one.literalLength ||
    Number(one.hasWildcard) - Number(other.hasWildcard) ||
    Number(other.connection !== undefined) - Number(one.connection !== undefined)
  );
}

/** A pattern that cannot be read; the message says why, as a sentence. */
export class AddressPatternError extends Error {
  override readonly name = 'AddressPatternError';
}

/**
 * Compiles a pattern of addresses: `s3://bucket/prefix/**` for every connection, or
 * `ssec://connection/bucket/prefix/**` for one.
 *
 * - `*` any characters but `/`, also none; `?` one character but `/`
 * - `**` any characters, `/` too; `a/**` is everything whose object key starts with `a/`;
 *   `a/**\/b` is also `a/b`
 * - `[abc]`, `[a-z]`, `[!a]` one character but `/`; `{a,b}` one of several
 * - `\` takes the special meaning from the next character; everything else stands for itself
 * - a bucket alone, or a `/` at the end, means everything in it
 *
 * Object keys are no paths: in `a//b`, `.`, `..`, `.hidden`, line breaks and parentheses nothing is
 * special, and nothing is normalised. That is why this is not one of the libraries for file globs:
 * picomatch skips `..` segments, matches `b/a|b` as an alternative and `(x)` without parentheses.
 *
 * @throws AddressPatternError
 */
export function compileAddressPattern(pattern: string): AddressPattern {
  const match = /^(?:s3:\/\/|ssec:\/\/([a-z0-9-]+)\/)([^/]+)(\/.*)?$/su.exec(pattern);
  if (match?.[2] === undefined) {
    throw new AddressPatternError(
      'A pattern starts with s3://bucket/ or with ssec://connection/bucket/.',
    );
  }
  const path = match[3] ?? '/';
  const glob = `${match[2]}${path}${path.endsWith('/') && !path.endsWith('\\/') ? '**' : ''}`;
  const connection = match[1];
  const compiler = new GlobCompiler(glob);
  const expression = toRegExp(compiler.compile());
  return {
    connection,
    literalLength: compiler.literalLength,
    hasWildcard: compiler.hasWildcard,
    matches: (address) =>
      (connection === undefined || connection === address.connection) &&
      expression.test(`${address.bucket}/${address.key}`),
  };
}

function toRegExp(source: string): RegExp {
  try {
    return new RegExp(`^${source}$`, 'su');
  } catch {
    throw new AddressPatternError('A range in the pattern, such as [a-z], is not in order.');
  }
}

/** Characters that mean something in a regular expression, also inside of `[…]`. */
function escape(character: string): string {
  return /^[\^$\\.*+?()[\]{}|/]$/.test(character) ? `\\${character}` : character;
}

class GlobCompiler {
  readonly #glob: readonly string[];
  #at = 0;
  /** How many characters stood before the first wildcard, without the backslashes. */
  literalLength = 0;
  hasWildcard = false;

  constructor(glob: string) {
    this.#glob = Array.from(glob);
  }

  /** The regular expression's source; up to the end, or up to `,` or `}` inside of braces. */
  compile(insideBraces = false): string {
    let source = '';
    while (this.#at < this.#glob.length) {
      const character = this.#glob[this.#at] ?? '';
      if (insideBraces && (character === ',' || character === '}')) return source;
      source += this.#compileOne(character);
    }
    return source;
  }

  #compileOne(character: string): string {
    if (character === '*') return this.#stars();
    if (character === '?') return this.#wildcard('[^/]', 1);
    if (character === '[') return this.#characterClass();
    if (character === '{' && this.#hasAlternatives()) return this.#alternatives();
    if (character !== '\\') return this.#literal(character, 1);
    const next = this.#glob[this.#at + 1];
    if (next === undefined) {
      throw new AddressPatternError('The pattern ends with a backslash; write \\\\ for one.');
    }
    return this.#literal(next, 2);
  }

  #literal(character: string, length: number): string {
    this.#at += length;
    if (!this.hasWildcard) this.literalLength++;
    return escape(character);
  }

  #wildcard(source: string, length: number): string {
    this.hasWildcard = true;
    this.#at += length;
    return source;
  }

  #stars(): string {
    const start = this.#at;
    let end = start;
    while (this.#glob[end] === '*') end++;
    if (end - start === 1) return this.#wildcard('[^/]*', 1);
    const isWholeSegment = start === 0 || this.#glob[start - 1] === '/';
    return isWholeSegment && this.#glob[end] === '/'
      ? this.#wildcard('(?:.*/)?', end - start + 1)
      : this.#wildcard('.*', end - start);
  }

  #characterClass(): string {
    const end = this.#glob.indexOf(']', this.#at + 2);
    if (end === -1)
      throw new AddressPatternError('A [ in the pattern has no ]; write \\[ for one.');
    const negated = /^[!^]$/.test(this.#glob[this.#at + 1] ?? '');
    const content = this.#glob.slice(this.#at + (negated ? 2 : 1), end);
    const source = `(?!/)[${negated ? '^' : ''}${content.map(escape).join('')}]`;
    return this.#wildcard(source, end + 1 - this.#at);
  }

  /** As in a shell, `{id}` without a comma stands for itself. */
  #hasAlternatives(): boolean {
    let depth = 0;
    let hasComma = false;
    for (let at = this.#at; at < this.#glob.length; at++) {
      const character = this.#glob[at];
      if (character === '\\') at++;
      else if (character === '{') depth++;
      else if (character === ',' && depth === 1) hasComma = true;
      else if (character === '}' && --depth === 0) return hasComma;
    }
    return false;
  }

  #alternatives(): string {
    const sources: string[] = [];
    this.#wildcard('', 0);
    do {
      this.#at++;
      sources.push(this.compile(true));
    } while (this.#glob[this.#at] === ',');
    this.#at++;
    return `(?:${sources.join('|')})`;
  }
}
