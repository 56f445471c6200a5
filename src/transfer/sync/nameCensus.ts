import type { NameRules } from './nameRules.ts';

/** Why a side cannot hold a name together with others. */
export interface NameClash {
  readonly reason: 'sameName' | 'fileBesideFolder';
  /** The path that is in the way; a folder's ends with `/`. */
  readonly other: string;
}

/** What a census found out. */
export interface NameClashes {
  /** Why a path cannot come to be on the side: it, or a folder above it, clashes. */
  find(path: string): NameClash | undefined;
  /** Files that are there and whose name something else would have taken, and what. */
  readonly rivals: ReadonlyMap<string, string>;
}

/** A name in a folder. */
interface Child {
  readonly name: string;
  readonly kind: 'file' | 'folder';
  /** It is there already; else it is only to be. */
  present: boolean;
}

interface Folder {
  /** Empty for the root, else with a slash at its end. */
  readonly path: string;
  readonly self: Child | undefined;
  /** What the side takes for one name, by that name. */
  readonly children: Map<string, Child[]>;
}

/**
 * Counts the names that a side has and is to get, and finds those that it cannot hold together:
 * names that differ only in what the file system does not see, and a file where a folder is.
 *
 * What is there wins. Of new ones, a folder wins over a file of its name, and of several spellings
 * none does. It holds the names of the folders on the way to the current path only; where the side
 * sees every difference, only those that a longer name can still clash with.
 */
export class NameCensus {
  readonly #rules: NameRules;
  readonly #open: Folder[] = [{ path: '', self: undefined, children: new Map() }];
  readonly #clashes = new Map<string, NameClash>();
  readonly #rivals = new Map<string, string>();

  constructor(rules: NameRules) {
    this.#rules = rules;
  }

  /** Adds a path that is `present` or only to be. Paths come in the order of UTF-8. */
  add(path: string, present: boolean): void {
    if (this.#rules.fileBesideFolder && this.#rules.fold === undefined) return;
    const segments = path.split('/');
    const name = segments.pop() ?? '';
    let depth = 0;
    while (depth < segments.length && this.#open[depth + 1]?.self?.name === segments[depth]) {
      depth++;
    }
    while (this.#open.length > depth + 1) this.#close();
    for (const segment of segments.slice(depth)) {
      const above = this.#current();
      const self = this.#note(above, segment, 'folder');
      this.#open.push({ path: `${above.path}${segment}/`, self, children: new Map() });
    }
    const file = this.#note(this.#current(), name, 'file');
    if (!present) return;
    file.present = true;
    for (const { self } of this.#open) if (self !== undefined) self.present = true;
  }

  /** Ends the census. */
  finish(): NameClashes {
    while (this.#open.length > 1) this.#close();
    const root = this.#current();
    for (const group of root.children.values()) this.#settle(root, group);
    root.children.clear();
    return { find: (path) => this.#find(path), rivals: this.#rivals };
  }

  #current(): Folder {
    const folder = this.#open.at(-1);
    if (folder === undefined) throw new Error('The root is never closed.');
    return folder;
  }

  #close(): void {
    const folder = this.#current();
    for (const group of folder.children.values()) this.#settle(folder, group);
    this.#open.pop();
  }

  #note(folder: Folder, name: string, kind: Child['kind']): Child {
    const { fold } = this.#rules;
    if (fold === undefined) {
      // In order, only a name that this one begins with can still be met as a folder.
      for (const [known, group] of folder.children) {
        if (name.startsWith(known)) continue;
        this.#settle(folder, group);
        folder.children.delete(known);
      }
    }
    const folded = fold === undefined ? name : fold(name);
    const group = folder.children.get(folded) ?? [];
    if (group.length === 0) folder.children.set(folded, group);
    const known = group.find((child) => child.name === name && child.kind === kind);
    if (known !== undefined) return known;
    const child: Child = { name, kind, present: false };
    group.push(child);
    return child;
  }

  #settle(folder: Folder, group: readonly Child[]): void {
    if (group.length < 2 || (this.#rules.fileBesideFolder && haveOneName(group))) return;
    const pathOf = ({ name, kind }: Child): string =>
      `${folder.path}${name}${kind === 'folder' ? '/' : ''}`;
    const winners = winnersOf(group);
    for (const loser of group) {
      if (winners.includes(loser)) continue;
      const other = winners[0] ?? group.find((child) => child !== loser) ?? loser;
      const reason = other.name === loser.name ? 'fileBesideFolder' : 'sameName';
      this.#clashes.set(pathOf(loser), { reason, other: pathOf(other) });
      for (const winner of winners) {
        if (winner.kind === 'file') this.#rivals.set(pathOf(winner), pathOf(loser));
      }
    }
  }

  #find(path: string): NameClash | undefined {
    for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      const clash = this.#clashes.get(path.slice(0, slash + 1));
      if (clash !== undefined) return clash;
    }
    return this.#clashes.get(path);
  }
}

function winnersOf(group: readonly Child[]): readonly Child[] {
  const present = group.filter((child) => child.present);
  if (present.length > 0) return present;
  return haveOneName(group) ? group.filter(({ kind }) => kind === 'folder') : [];
}

function haveOneName(group: readonly Child[]): boolean {
  return group.every(({ name }) => name === group[0]?.name);
}
