import { formatMtime, parseMtime } from './rcloneAttributes.ts';

/** What s3cmd keeps of a local file in the user metadata `s3cmd-attrs`. */
export interface S3cmdAttributes {
  /** Times in nanoseconds since 1970; s3cmd writes whole seconds. */
  readonly atimeNs?: bigint | undefined;
  readonly ctimeNs?: bigint | undefined;
  readonly mtimeNs?: bigint | undefined;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
  readonly uname?: string | undefined;
  readonly gname?: string | undefined;
  /** `st_mode`, type bits included: 33188 is a file with 0644. */
  readonly mode?: number | undefined;
  /** The MD5 of the content in base64 (s3cmd itself writes hex). */
  readonly md5?: string | undefined;
}

/**
 * The attributes as s3cmd writes them: `k:v` joined by `/`, keys sorted, names percent-encoded,
 * times in whole seconds. s3cmd crashes on an extra `:` or `/`; none gets into a value here.
 *
 * @see https://github.com/s3tools/s3cmd `_build_attr_header`
 */
export function formatS3cmdAttributes(attributes: S3cmdAttributes): string {
  const { md5 } = attributes;
  // In the order of the keys.
  const values = {
    atime: seconds(attributes.atimeNs),
    ctime: seconds(attributes.ctimeNs),
    gid: attributes.gid,
    gname: encodeName(attributes.gname),
    md5: md5 === undefined ? undefined : bytesOfBase64(md5).map(hexOfByte).join(''),
    mode: attributes.mode,
    mtime: seconds(attributes.mtimeNs),
    uid: attributes.uid,
    uname: encodeName(attributes.uname),
  };
  return Object.entries(values)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}:${value}`]))
    .join('/');
}

/** Reads `s3cmd-attrs`. What makes no sense is left out; it never throws. */
export function parseS3cmdAttributes(text: string): S3cmdAttributes {
  const values = new Map<string, string>();
  for (const part of text.split('/')) {
    const colon = part.indexOf(':');
    if (colon > 0) values.set(part.slice(0, colon).trim(), part.slice(colon + 1).trim());
  }
  const time = (name: string): bigint | undefined => parseMtime(values.get(name) ?? '');
  return {
    atimeNs: time('atime'),
    ctimeNs: time('ctime'),
    mtimeNs: time('mtime'),
    uid: parseNumber(values.get('uid')),
    gid: parseNumber(values.get('gid')),
    uname: decodeName(values.get('uname')),
    gname: decodeName(values.get('gname')),
    mode: parseNumber(values.get('mode')),
    md5: parseHexMd5(values.get('md5')),
  };
}

function seconds(timeNs: bigint | undefined): string | undefined {
  // As Python's int(): towards zero.
  return timeNs === undefined ? undefined : formatMtime((timeNs / 10n ** 9n) * 10n ** 9n);
}

function parseNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}

function encodeName(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  return encodeURIComponent(name.replace(/\p{Surrogate}/gu, '\ufffd'));
}

function decodeName(text: string | undefined): string | undefined {
  if (text === undefined || text === '') return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    // Not percent-encoded by whoever wrote it.
    return text;
  }
}

function parseHexMd5(text: string | undefined): string | undefined {
  if (text === undefined || !/^[0-9a-f]{32}$/i.test(text)) return undefined;
  const bytes = text.match(/../g) ?? [];
  return btoa(String.fromCharCode(...bytes.map((byte) => parseInt(byte, 16))));
}

function bytesOfBase64(base64: string): number[] {
  return Array.from(atob(base64), (character) => character.charCodeAt(0));
}

function hexOfByte(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
