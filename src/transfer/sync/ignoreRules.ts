import ignore, { type Ignore } from 'ignore';

/** How many answers the matcher may remember before it is made anew; it forgets none by itself. */
const rememberedAnswers = 10_000;

/**
 * The patterns of all ignore files of a tree, with the meaning of `.gitignore`: the last one that
 * matches decides, a deeper file's after a shallower one's, and what is in an ignored folder is
 * ignored whatever comes after.
 *
 * @see https://git-scm.com/docs/gitignore
 */
export class IgnoreRules {
  readonly #patterns: string[] = [];
  readonly #ignoreCase: boolean;
  #matcher: Ignore;
  #answers = 0;

  constructor(options: { readonly ignoreCase?: boolean | undefined } = {}) {
    this.#ignoreCase = options.ignoreCase ?? false;
    this.#matcher = this.#newMatcher();
  }

  /**
   * Adds an ignore file. Those of outer folders must come before those of inner ones.
   *
   * @param folder the path of the folder that it stands in; empty for the root
   */
  add(folder: string, text: string): void {
    for (const line of text.replace(/^\ufeff/, '').split(/\r?\n/)) {
      const pattern = patternFrom(folder, line);
      if (pattern === undefined) continue;
      this.#patterns.push(pattern);
      this.#matcher.add({ pattern });
    }
  }

  /** Whether a file (or, if so, a folder with all that is in it) is ignored. */
  ignores(path: string, kind: 'file' | 'folder'): boolean {
    if (this.#patterns.length === 0) return false;
    if (++this.#answers > rememberedAnswers) {
      this.#matcher = this.#newMatcher();
      this.#answers = 0;
    }
    return this.#matcher.ignores(kind === 'folder' ? `${path}/` : path);
  }

  #newMatcher(): Ignore {
    // Object keys may be what `ignore` takes for no relative path.
    const matcher = ignore({ ignorecase: this.#ignoreCase, allowRelativePaths: true });
    return matcher.add(this.#patterns.map((pattern) => ({ pattern })));
  }
}

/** A line of a folder's ignore file as a pattern of the root's; undefined if it is none. */
function patternFrom(folder: string, line: string): string | undefined {
  // Spaces at the end do not count, unless the first is escaped.
  const text = line.replace(/((?:^|[^\\])(?:\\\\)*) +$/, '$1');
  if (text === '' || text.startsWith('#')) return undefined;
  const negation = text.startsWith('!') ? '!' : '';
  let body = text.slice(negation.length);
  if (body === '' || body === '/') return undefined;
  if (folder === '') return text;
  const isAnchored = body.slice(0, -1).includes('/');
  if (body.startsWith('/')) body = body.slice(1);
  // Only at the start of a line need these be escaped.
  if (/^\\[!#]/.test(body)) body = body.slice(1);
  const root = folder.replace(/[\\*?[\]]/g, '\\$&');
  return `${negation}/${root}/${isAnchored ? '' : '**/'}${body}`;
}
