import type { Direction } from './syncOptions.ts';
import type { Mark, SyncRecord } from './syncRecord.ts';

/** The version of the format; it changes when an older extension could misread a newer file. */
export const stateVersion = 1;

/**
 * A state file is JSON lines: this header, one line for each record in the order of the paths, and
 * an end that shows that nothing is missing. A journal is a header and lines without order or end.
 */
export interface StateHeader {
  readonly format: 'ssec-sync-state';
  readonly version: number;
  /** What was synced; the state of another pair says nothing. */
  readonly pair: string;
}

/** A line of a journal: a record, or that there is none any more. */
export type JournalEntry =
  | { readonly type: 'write'; readonly record: SyncRecord }
  | { readonly type: 'remove'; readonly path: string };

export function formatHeader(pair: string): string {
  const header: StateHeader = { format: 'ssec-sync-state', version: stateVersion, pair };
  return `${JSON.stringify(header)}\n`;
}

/** @returns undefined if the line is no header */
export function parseHeader(line: string): StateHeader | undefined {
  const header = parseObject(line);
  if (header?.['format'] !== 'ssec-sync-state') return undefined;
  const { version, pair } = header;
  if (typeof version !== 'number' || typeof pair !== 'string') return undefined;
  return { format: 'ssec-sync-state', version, pair };
}

/** The last line of a state file. @param sha256 of everything before it, in hex */
export function formatEnd(sha256: string): string {
  return `${JSON.stringify({ end: true, sha256 })}\n`;
}

export function formatEntry(entry: JournalEntry): string {
  if (entry.type === 'remove') return `${JSON.stringify({ path: entry.path, removed: true })}\n`;
  const { path, near, far, md5, fingerprint, differs } = entry.record;
  const line = { path, near: formatMark(near), far: formatMark(far), md5, fingerprint, differs };
  return `${JSON.stringify(line)}\n`;
}

/** @returns undefined if the line is no entry */
export function parseEntry(line: string): JournalEntry | undefined {
  const value = parseObject(line);
  if (value === undefined) return undefined;
  const { path, md5, fingerprint, differs } = value;
  if (typeof path !== 'string') return undefined;
  if (value['removed'] === true) return { type: 'remove', path };
  const near = parseMark(value['near']);
  const far = parseMark(value['far']);
  if (near === undefined || far === undefined) return undefined;
  if (md5 !== undefined && typeof md5 !== 'string') return undefined;
  if (fingerprint !== undefined && fingerprint !== null && typeof fingerprint !== 'string') {
    return undefined;
  }
  if (differs !== undefined && !isDifference(differs)) return undefined;
  return { type: 'write', record: { path, near, far, md5, fingerprint, differs } };
}

function formatMark({ size, mtimeNs, etag, versionId, lastModified }: Mark): object {
  return { size, mtimeNs: mtimeNs?.toString(), etag, versionId, lastModified };
}

function parseMark(value: unknown): Mark | undefined {
  if (!isObject(value)) return undefined;
  const { size, mtimeNs, etag, versionId, lastModified } = value;
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) return undefined;
  if (mtimeNs !== undefined && (typeof mtimeNs !== 'string' || !/^-?\d{1,25}$/.test(mtimeNs))) {
    return undefined;
  }
  if (etag !== undefined && typeof etag !== 'string') return undefined;
  if (versionId !== undefined && typeof versionId !== 'string') return undefined;
  if (lastModified !== undefined && typeof lastModified !== 'number') return undefined;
  const time = mtimeNs === undefined ? undefined : BigInt(mtimeNs);
  return { size, mtimeNs: time, etag, versionId, lastModified };
}

const differences = {
  unresolved: true,
  localToRemote: true,
  remoteToLocal: true,
  bothWays: true,
  remoteToRemote: true,
} satisfies Record<'unresolved' | Direction, true>;

function isDifference(value: unknown): value is keyof typeof differences {
  return typeof value === 'string' && Object.hasOwn(differences, value);
}

function parseObject(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
