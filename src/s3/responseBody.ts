import type { Readable } from 'node:stream';

/**
 * The body of a GetObject, which in node always is a Readable. Its errors are for whoever iterates
 * it; one that comes before (a checksum that does not fit, a cut connection) must not be the
 * process' uncaught exception.
 */
export function responseBody(output: { readonly Body?: unknown }): Readable {
  const body = output.Body as Readable;
  body.on('error', () => undefined);
  return body;
}
