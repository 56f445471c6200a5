import type { Fingerprint } from '../../core/customerKey.ts';
import type { Direction } from './syncOptions.ts';
import type { SideEntry } from './syncEntry.ts';

/** How a side was recognised at the last sync. A file has an mtime, an object an ETag. */
export interface Mark {
  readonly size: number;
  /** A file's; undefined if it was too fresh to tell later changes by. */
  readonly mtimeNs?: bigint | undefined;
  /** An object's; undefined or empty if the server did not tell. */
  readonly etag?: string | undefined;
  /** An object's; a LIST does not tell it, so that changes are not recognised by it. */
  readonly versionId?: string | undefined;
  /** An object's, in milliseconds since 1970, if a LIST told it. */
  readonly lastModified?: number | undefined;
}

/** What both sides had at a path when it was last synced. */
export interface SyncRecord {
  readonly path: string;
  readonly near: Mark;
  readonly far: Mark;
  /** Of the content in base64, if it was computed. */
  readonly md5?: string | undefined;
  /**
   * The customer key of the far object; null if it is not encrypted with SSE-C; undefined if
   * nobody looked. MinIO rotates a customer key and keeps the ETag, so this is not told by the mark.
   */
  readonly fingerprint?: Fingerprint | null | undefined;
  /**
   * The sides were seen to differ and were left so: as a conflict that waits for a person, or
   * because a person said so for this direction. Undefined if they had the same content.
   */
  readonly differs?: 'unresolved' | Direction | undefined;
}

/**
 * How an entry stands to its mark:
 *
 * - `same`: it has not changed.
 * - `touched`: the size is the same, the rest is not (or is not known): only its content tells.
 * - `changed`: its size is another one.
 */
export type Change = 'same' | 'touched' | 'changed';

/** The mark that a later listing recognises an entry by. */
export function markOf(entry: SideEntry): Mark {
  if (entry.type === 'file') return { size: entry.size, mtimeNs: entry.mtimeNs };
  return {
    size: entry.size,
    etag: entry.etag,
    versionId: entry.versionId,
    lastModified: entry.lastModified,
  };
}

export function changeSince(mark: Mark, entry: SideEntry): Change {
  if (entry.size !== mark.size) return 'changed';
  if (entry.type === 'file') return entry.mtimeNs === mark.mtimeNs ? 'same' : 'touched';
  return entry.etag !== '' && entry.etag === mark.etag ? 'same' : 'touched';
}

/** Whether an entry cannot be told from its mark, although it may be the same. */
export function isUnsure(mark: Mark, entry: SideEntry): boolean {
  if (entry.size !== mark.size) return false;
  if (entry.type === 'file') return mark.mtimeNs === undefined;
  return entry.etag === '' || mark.etag === undefined || mark.etag === '';
}
