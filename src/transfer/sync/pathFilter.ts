import picomatch from 'picomatch';
import { IgnoreRules } from './ignoreRules.ts';

/** Globs as a saved pair has them. */
export interface FilterOptions {
  /** What takes part; everything if there is none. */
  readonly include?: readonly string[] | undefined;
  /** What does not, also where it is included. */
  readonly exclude?: readonly string[] | undefined;
  /** For local file systems that take `A` and `a` for one. */
  readonly ignoreCase?: boolean | undefined;
}

type Matcher = (path: string) => boolean;

/**
 * Says which paths take part in a sync: globs and the ignore files that were found so far. It holds
 * for both sides and the records alike, so that what is left out is never taken for deleted.
 *
 * A glob without a slash holds for names anywhere (`*.tmp`), one with a slash for paths from the
 * root (`/todo.txt`, `docs/*.md`), and one that matches a folder for all that is in it; with a
 * slash at its end it holds for folders only (`build/`).
 */
export class PathFilter {
  readonly #include: readonly Glob[];
  readonly #exclude: readonly Glob[];
  readonly #ignored: IgnoreRules;
  /** The folder that was asked for last; paths come folder by folder. */
  #last = { folder: '', excluded: false };

  constructor(options: FilterOptions = {}) {
    const ignoreCase = options.ignoreCase ?? false;
    this.#include = globs(options.include, ignoreCase);
    this.#exclude = globs(options.exclude, ignoreCase);
    this.#ignored = new IgnoreRules({ ignoreCase });
  }

  /**
   * Adds an ignore file, before anything in its folder is asked for and after those of the folders
   * above.
   */
  addIgnoreFile(folder: string, text: string): void {
    this.#ignored.add(folder, text);
    this.#last = { folder: '', excluded: false };
  }

  /** Whether a file or object takes part. */
  includes(path: string): boolean {
    if (this.#excludes(path, 'file')) return false;
    if (this.#include.length === 0) return true;
    return (
      this.#include.some((glob) => glob.matchesFile(path)) ||
      foldersOf(path).some((folder) => this.#include.some((glob) => glob.matchesFolder(folder)))
    );
  }

  /** Whether nothing in a folder takes part, so that nobody need look into it. */
  excludesFolder(folder: string): boolean {
    if (folder === '') return false;
    if (this.#last.folder === folder) return this.#last.excluded;
    const excluded = this.#excludes(folder, 'folder');
    this.#last = { folder, excluded };
    return excluded;
  }

  /** Whether nothing takes part at a path, be it a file or a folder. */
  excludesAll(path: string): boolean {
    return this.#excludes(path, 'file') && this.excludesFolder(path);
  }

  #excludes(path: string, kind: 'file' | 'folder'): boolean {
    if (this.excludesFolder(path.slice(0, Math.max(0, path.lastIndexOf('/'))))) return true;
    const matches = (glob: Glob): boolean =>
      kind === 'file' ? glob.matchesFile(path) : glob.matchesFolder(path);
    return this.#exclude.some(matches) || this.#ignored.ignores(path, kind);
  }
}

interface Glob {
  readonly matchesFile: Matcher;
  readonly matchesFolder: Matcher;
}

function globs(patterns: readonly string[] = [], ignoreCase: boolean): Glob[] {
  return patterns.flatMap((pattern): Glob[] => {
    const forFolders = pattern.endsWith('/');
    const text = pattern.replace(/^\.\//, '').replace(/\/+$/, '');
    if (text === '') return [];
    const glob = text.startsWith('/') ? text.slice(1) : text.includes('/') ? text : `**/${text}`;
    // Object keys are the same on every system: a backslash is never a separator.
    const matches = picomatch(glob, { ...globOptions, nocase: ignoreCase });
    const matcher: Matcher = (path) => matches(path);
    return [{ matchesFile: forFolders ? () => false : matcher, matchesFolder: matcher }];
  });
}

const globOptions = { dot: true, windows: false, nonegate: true, noextglob: true };

function foldersOf(path: string): string[] {
  const folders: string[] = [];
  for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
    folders.push(path.slice(0, slash));
  }
  return folders;
}
