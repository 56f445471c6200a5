import { baseName, type ObjectAddress, type PrefixAddress } from './address.ts';
import { isConnectionName } from './connectionName.ts';

/** The scheme of every URI of this extension. */
export const scheme = 'ssec';

/** The parts of a URI that say where something is; query and fragment are never used. */
export interface UriParts {
  /** The connection's slug. It is read without regard to case, because VS Code is not of one mind. */
  readonly authority: string;
  readonly path: string;
}

/**
 * What a URI can stand for. Only the server knows whether there is an object, a prefix or both, so
 * most paths have a `key` and a `prefix`:
 *
 * - `/`: only the connection
 * - `/bucket`: the bucket and the prefix `''`
 * - `/bucket/a/b`: the object key `a/b` and the prefix `a/b/`
 * - `/bucket/a%2F` or `/bucket/a/`: only the prefix `a/`
 */
export interface Location {
  readonly connection: string;
  readonly bucket?: string;
  readonly key?: string;
  readonly prefix?: string;
}

/** A path that no address is encoded as. */
export class MalformedUriError extends Error {
  override readonly name = 'MalformedUriError';
}

/** Marks, at the end of a segment, the prefix where an object has the name without it. */
const prefixMark = '%2F';

/** A segment as S3 has it → a segment that survives every normalisation of paths. */
function encodeSegment(segment: string): string {
  if (segment === '') return '%';
  if (segment === '.') return '%2E';
  if (segment === '..') return '%2E%2E';
  return segment.replaceAll('%', '%25');
}

/** The inverse of {@link encodeSegment}; refuses whatever that does not give. */
function decodeSegment(encoded: string): string {
  if (encoded === '%') return '';
  if (encoded === '%2E') return '.';
  if (encoded === '%2E%2E') return '..';
  if (encoded === '') throw new MalformedUriError('The path has an empty segment.');
  if (encoded === '.' || encoded === '..' || /%(?!25)/.test(encoded)) {
    throw new MalformedUriError(
      `In a path, “${encoded}” stands for no object key: write “${encodeSegment(encoded)}”.`,
    );
  }
  return encoded.replaceAll('%25', '%');
}

/** As segments, but `C:` at the start of a path is taken for a drive (VS Code lower-cases it). */
function encodeBucket(bucket: string): string {
  if (bucket === '' || bucket.includes('/')) {
    throw new RangeError(`${JSON.stringify(bucket)} is no bucket name.`);
  }
  return encodeSegment(bucket).replace(/^([A-Z]):/, '$1%3A');
}

function decodeBucket(encoded: string): string {
  return decodeSegment(encoded.replace(/^([A-Z])%3A/, '$1:'));
}

/** A prefix without its last delimiter, whose segments are those of a directory. */
function withoutDelimiter(prefix: string): string {
  if (!prefix.endsWith('/')) {
    throw new RangeError(`The prefix ${JSON.stringify(prefix)} does not end with a slash.`);
  }
  return prefix.slice(0, -1);
}

/**
 * The canonical URI of an object, or of a prefix as a directory. Different object keys have
 * different URIs, and no path has an empty, `.` or `..` segment or a slash at its end.
 *
 * @param besideObject for a prefix `a/` beside an object `a`: marks the URI as the prefix's
 * @throws RangeError for what is no address: an empty object key or bucket, a prefix that does not
 *   end with `/` (unless it is empty), a lone surrogate (UTF-8, and so S3, cannot have one)
 */
export function toUriParts(
  address: ObjectAddress | PrefixAddress,
  besideObject = false,
): UriParts & { readonly scheme: typeof scheme } {
  const bucketPath = `/${encodeBucket(address.bucket)}`;
  const text = 'key' in address ? address.key : address.prefix;
  if (/\p{Surrogate}/u.test(address.bucket + text)) {
    throw new RangeError('An object key cannot have half of a surrogate pair.');
  }
  if ('key' in address && text === '') throw new RangeError('An object key cannot be empty.');
  const parts = { scheme, authority: address.connection } as const;
  if (text === '') return { ...parts, path: bucketPath };
  const segments = ('key' in address ? text : withoutDelimiter(text)).split('/');
  const mark = besideObject && 'prefix' in address ? prefixMark : '';
  return { ...parts, path: `${bucketPath}/${segments.map(encodeSegment).join('/')}${mark}` };
}

/** The URI of a connection: the root that its buckets stand in. */
export function connectionUriParts(connection: string): UriParts & { scheme: typeof scheme } {
  return { scheme, authority: connection, path: '/' };
}

/**
 * What the parts of a URI stand for. Besides the canonical form it takes aliases for directories:
 * `/bucket/a%2F/b` for `/bucket/a/b`, and one slash at the end.
 *
 * @throws MalformedUriError for a path that stands for nothing
 */
export function fromUriParts(parts: UriParts): Location {
  const connection = parts.authority.toLowerCase();
  if (!isConnectionName(connection)) {
    throw new MalformedUriError(`${JSON.stringify(parts.authority)} is no connection name.`);
  }
  if (parts.path === '' || parts.path === '/') return { connection };
  if (!parts.path.startsWith('/')) throw new MalformedUriError('The path starts with no slash.');
  const asDirectory = parts.path.endsWith('/') || parts.path.endsWith(prefixMark);
  const path = parts.path.slice(1, parts.path.endsWith('/') ? -1 : undefined);
  const [bucketSegment = '', ...segments] = path.split('/');
  const bucket = decodeBucket(bucketSegment);
  if (segments.length === 0) return { connection, bucket, prefix: '' };
  const key = segments.map((each) => decodeSegment(withoutMark(each))).join('/');
  const prefix = `${key}/`;
  return asDirectory || key === ''
    ? { connection, bucket, prefix }
    : { connection, bucket, key, prefix };
}

function withoutMark(segment: string): string {
  return segment.endsWith(prefixMark) ? segment.slice(0, -prefixMark.length) : segment;
}

/**
 * The object that a URI can stand for; undefined for a connection, a bucket and what is marked as
 * a prefix. @throws MalformedUriError
 */
export function objectAddressOf(parts: UriParts): ObjectAddress | undefined {
  const { connection, bucket, key } = fromUriParts(parts);
  return bucket === undefined || key === undefined ? undefined : { connection, bucket, key };
}

/** The prefix that a URI can stand for; undefined for a connection. @throws MalformedUriError */
export function prefixAddressOf(parts: UriParts): PrefixAddress | undefined {
  const { connection, bucket, prefix } = fromUriParts(parts);
  return bucket === undefined || prefix === undefined ? undefined : { connection, bucket, prefix };
}

/**
 * The name of an object or prefix in the directory that it stands in: the last segment of its path.
 *
 * @param besideObject for a prefix `a/` beside an object `a`: `a%2F`
 */
export function entryName(
  entry: { readonly key: string } | { readonly prefix: string },
  besideObject = false,
): string {
  if ('key' in entry) return encodeSegment(entry.key.slice(entry.key.lastIndexOf('/') + 1));
  const name = encodeSegment(withoutDelimiter(baseName(entry.prefix)));
  return besideObject ? name + prefixMark : name;
}

/**
 * Reads an address as people and other tools write it: `s3://bucket/object key`, taken literally
 * (nothing in it is an escape). `s3://bucket` has the empty key.
 *
 * @returns undefined if the text is no such address
 */
export function parseS3Address(text: string): { bucket: string; key: string } | undefined {
  const match = /^s3:\/\/([^/]+)(?:\/(.*))?$/su.exec(text);
  return match?.[1] === undefined ? undefined : { bucket: match[1], key: match[2] ?? '' };
}
