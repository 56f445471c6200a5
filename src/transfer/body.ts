import { StoreError } from '../core/storeError.ts';

/**
 * Collects a body into one buffer of the size that the headers told.
 * @throws StoreError `corrupted` if there are more or fewer bytes
 */
export async function collectBody(
  body: AsyncIterable<Uint8Array>,
  size: number,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  let filled = 0;
  for await (const chunk of body) {
    if (filled + chunk.length > size) throw wrongLength(filled + chunk.length, size);
    bytes.set(chunk, filled);
    filled += chunk.length;
  }
  if (filled !== size) throw wrongLength(filled, size);
  return bytes;
}

/** Ends a request whose body nobody wants; never throws. */
export async function discardBody(body: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    // Leaving the loop is what ends the request; a generator must have started for that.
    for await (const chunk of body) if (chunk.length >= 0) break;
  } catch {
    // It was ended before, or broke: either way it is over.
  }
}

function wrongLength(found: number, size: number): StoreError {
  return new StoreError(
    'corrupted',
    `${found < size ? `Only ${found}` : `More than ${size}`} of ${size} bytes arrived. Try again.`,
  );
}
