import { createHash } from 'node:crypto';

/** An ETag without its quotes (and without `W/`), as all of the extension has it. */
export function unquoted(etag: string | undefined): string {
  return (etag ?? '').replace(/^W\//, '').replace(/^"(.*)"$/s, '$1');
}

/** An ETag as If-Match has it. */
export function quoted(etag: string): string {
  return `"${etag}"`;
}

/**
 * The ETag that a completed upload gets where those of its parts are MD5s: for Ceph, which does not
 * tell it. Undefined if they are none.
 */
export function etagOfParts(etags: readonly string[]): string | undefined {
  if (etags.length === 0 || etags.some((etag) => !/^[0-9a-f]{32}$/.test(etag))) return undefined;
  const digest = createHash('md5')
    .update(Buffer.from(etags.join(''), 'hex'))
    .digest('hex');
  return `${digest}-${etags.length}`;
}
