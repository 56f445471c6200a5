/** Where an object is: an object key in a bucket, reached through a connection. */
export interface ObjectAddress {
  /** The connection's slug, `[a-z0-9-]+`. */
  readonly connection: string;
  readonly bucket: string;
  /** The object key exactly as S3 has it: up to 1,024 bytes of UTF-8, never normalised. */
  readonly key: string;
}

/** Where several objects are: everything in a bucket whose object key starts with the prefix. */
export interface PrefixAddress {
  readonly connection: string;
  readonly bucket: string;
  /** Empty for the whole bucket; else it usually ends with the delimiter `/`. */
  readonly prefix: string;
}

/** The address as people and key rules write it: `s3://bucket/object key`. */
export function formatAddress(address: { bucket: string; key: string }): string {
  return `s3://${address.bucket}/${address.key}`;
}

/** The last segment of an object key or prefix: `b.txt` of `a/b.txt`, `b/` of `a/b/`. */
export function baseName(keyOrPrefix: string): string {
  const end = keyOrPrefix.endsWith('/') ? keyOrPrefix.length - 1 : keyOrPrefix.length;
  // lastIndexOf takes a negative start for 0 and would find the slash of the prefix `/` itself.
  const slash = end === 0 ? -1 : keyOrPrefix.lastIndexOf('/', end - 1);
  return keyOrPrefix.slice(slash + 1);
}

/** The prefix that an object key or prefix stands in: `a/` of `a/b.txt` and of `a/b/`. */
export function parentPrefix(keyOrPrefix: string): string {
  return keyOrPrefix.slice(0, keyOrPrefix.length - baseName(keyOrPrefix).length);
}
