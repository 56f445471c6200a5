/** An ETag without its quotes (and without `W/`), as all of the extension has it. */
export function unquoted(etag: string | undefined): string {
  return (etag ?? '').replace(/^W\//, '').replace(/^"(.*)"$/s, '$1');
}

/** An ETag as If-Match has it. */
export function quoted(etag: string): string {
  return `"${etag}"`;
}
