import { compareUtf8 } from '../../../src/core/utf8Order.ts';
import type { NameRules } from '../../../src/transfer/sync/nameRules.ts';
import type {
  FileEntry,
  ObjectEntry,
  ObstacleEntry,
  Side,
} from '../../../src/transfer/sync/syncEntry.ts';
import type { SyncRecord } from '../../../src/transfer/sync/syncRecord.ts';

/** A content; different ids are different bytes, also of the same size. */
export interface Content {
  readonly id: string;
  readonly size: number;
}

interface ModelFile {
  content: Content;
  mtimeNs: bigint;
}

interface ModelObject {
  content: Content;
  etag: string;
  lastModified: number;
  fingerprint: string | null;
}

/** Something was done that would have lost or damaged something. */
export class Violation extends Error {
  override readonly name = 'Violation';
}

/**
 * A local folder (or a source prefix), a prefix and a state in memory, and the truth about what
 * people did to them: the model that plans are checked against. It is as harsh as the real ones: a
 * file system that takes two names for one would overwrite, and MinIO hides `a/b` behind `a`.
 */
export class SyncWorld {
  readonly near = new Map<string, ModelFile>();
  readonly far = new Map<string, ModelObject>();
  records = new Map<string, SyncRecord>();
  /** What both sides had at a path when they last agreed, whoever made them agree. */
  readonly agreed = new Map<string, Content>();
  /** Local folders that nobody can look into, and links. */
  readonly obstacles = new Set<string>();
  readonly #fold: (segment: string) => string;
  readonly #etagIsMd5: boolean;
  readonly #nearIsObjects: boolean;
  #clock = 0;

  constructor(options: {
    readonly names: NameRules;
    /** As Ceph does for single PUTs; else every write has a new ETag. */
    readonly etagIsMd5?: boolean;
    readonly nearIsObjects?: boolean;
  }) {
    this.#fold = options.names.fold ?? ((segment) => segment);
    this.#etagIsMd5 = options.etagIsMd5 ?? false;
    this.#nearIsObjects = options.nearIsObjects ?? false;
  }

  tick(): number {
    // Below a second too: a LIST tells milliseconds.
    this.#clock += 700;
    return this.#clock;
  }

  content(side: Side, path: string): Content | undefined {
    return this[side].get(path)?.content;
  }

  /** Whether a side can have something at a path beside what it has. */
  canHold(side: Side, path: string): boolean {
    if (side === 'far') return !hides(path, this.far.keys());
    if (this.#nearIsObjects) return !hides(path, this.near.keys());
    if (this.isBehindObstacle(path)) return false;
    const folded = this.#folded(path);
    for (const other of [...this.near.keys(), ...this.obstacles]) {
      if (other === path) continue;
      const theirs = this.#folded(other);
      if (theirs === folded) return false;
      if (theirs.startsWith(`${folded}/`) || folded.startsWith(`${theirs}/`)) return false;
      // Two spellings of a folder are one folder, and a listing would show one of them only.
      if (this.#otherSpelling(path, other)) return false;
    }
    return true;
  }

  isBehindObstacle(path: string): boolean {
    return [...this.obstacles].some((at) => path === at || path.startsWith(`${at}/`));
  }

  write(side: Side, path: string, content: Content, fingerprint: string | null = null): void {
    if (!this.canHold(side, path)) throw new Violation(`A ${side} write to ${path} hits another.`);
    if (side === 'far') {
      const lastModified = this.tick();
      const etag = this.#etagIsMd5 ? `md5-${content.id}` : `etag-${lastModified}`;
      this.far.set(path, { content, etag, lastModified, fingerprint });
    } else {
      this.near.set(path, { content, mtimeNs: BigInt(this.tick()) });
    }
    this.#agree(path);
  }

  touch(path: string): void {
    const file = this.near.get(path);
    if (file !== undefined) file.mtimeNs = BigInt(this.tick());
  }

  remove(side: Side, path: string): void {
    this[side].delete(path);
    this.#agree(path);
  }

  /** Encrypts an object anew; in place the ETag stands (MinIO). */
  rotate(path: string, fingerprint: string | null, inPlace: boolean): void {
    const object = this.far.get(path);
    if (object === undefined) return;
    object.fingerprint = fingerprint;
    object.lastModified = this.tick();
    if (!inPlace && !this.#etagIsMd5) object.etag = `etag-${object.lastModified}`;
  }

  /** The entry that a listing has for a path; undefined where it has none. */
  entry(side: 'far', path: string): ObjectEntry | undefined;
  entry(side: Side, path: string): FileEntry | ObjectEntry | undefined;
  entry(side: Side, path: string): FileEntry | ObjectEntry | undefined {
    if (side === 'far') {
      const object = this.far.get(path);
      if (object === undefined) return undefined;
      const { content, etag, lastModified } = object;
      return { type: 'object', path, size: content.size, etag, lastModified };
    }
    const file = this.near.get(path);
    if (file === undefined) return undefined;
    const { size } = file.content;
    if (!this.#nearIsObjects) return { type: 'file', path, size, mtimeNs: file.mtimeNs };
    return { type: 'object', path, size, etag: `near-${file.mtimeNs}` };
  }

  listNear(): (FileEntry | ObjectEntry | ObstacleEntry)[] {
    const seen = [...this.near.keys()].filter((path) => !this.isBehindObstacle(path));
    const entries = seen.flatMap((path) => this.entry('near', path) ?? []);
    const obstacles = [...this.obstacles].map((path): ObstacleEntry => ({
      type: 'obstacle',
      path,
      obstacle: 'unreadable',
    }));
    return inOrder([...entries, ...obstacles]);
  }

  listFar(): ObjectEntry[] {
    return inOrder([...this.far.keys()].flatMap((path) => this.entry('far', path) ?? []));
  }

  listRecords(): SyncRecord[] {
    return inOrder([...this.records.values()]);
  }

  /** Every content that is anywhere. */
  contents(): Set<string> {
    const all = [...this.near.values(), ...this.far.values()];
    return new Set(all.map(({ content }) => content.id));
  }

  /** What is on a side, for comparing. */
  snapshot(side: Side): Record<string, string> {
    return Object.fromEntries(
      inOrder([...this[side]].map(([path, { content }]) => ({ path, content }))).map(
        ({ path, content }) => [path, content.id],
      ),
    );
  }

  #agree(path: string): void {
    const near = this.content('near', path);
    const far = this.content('far', path);
    if (near === undefined && far === undefined) this.agreed.delete(path);
    else if (near?.id === far?.id && near !== undefined) this.agreed.set(path, near);
  }

  #folded(path: string): string {
    return path.split('/').map(this.#fold).join('/');
  }

  #otherSpelling(path: string, other: string): boolean {
    const ours = path.split('/').slice(0, -1);
    const theirs = other.split('/').slice(0, -1);
    for (const [depth, segment] of ours.entries()) {
      const their = theirs[depth];
      if (their === undefined || this.#fold(their) !== this.#fold(segment)) return false;
      if (their !== segment) return true;
    }
    return false;
  }
}

/** MinIO lists no `a/b` beside an object `a`: it would look deleted. */
function hides(path: string, others: Iterable<string>): boolean {
  return [...others].some((other) => path.startsWith(`${other}/`) || other.startsWith(`${path}/`));
}

function inOrder<T extends { readonly path: string }>(entries: readonly T[]): T[] {
  return [...entries].sort((a, b) => compareUtf8(a.path, b.path));
}
