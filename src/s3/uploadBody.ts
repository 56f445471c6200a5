import { Readable } from 'node:stream';
import type { ObjectBody } from '../core/objectStore.ts';
import { isStoreError, StoreError } from '../core/storeError.ts';

/** A body as the SDK takes it. */
export interface UploadBody {
  readonly body: Uint8Array | Readable;
  readonly size: number;
  readonly streaming: boolean;
  /** The caller's signal, joined with the one that a failing stream raises. */
  combine(signal: AbortSignal | undefined): AbortSignal | undefined;
  /** Waits for the request; the stream's own error is thrown rather than what it caused. */
  watch<T>(request: Promise<T>): Promise<T>;
}

/**
 * Prepares a body. Node pipes a stream into a request and forgets both its errors and its length:
 * one that fails or ends too early would leave the request hanging, so it ends the request.
 */
export function uploadBody(body: ObjectBody): UploadBody {
  if (body instanceof Uint8Array) {
    return {
      body,
      size: body.length,
      streaming: false,
      combine: (signal) => signal,
      watch: (request) => request,
    };
  }
  const broken = new AbortController();
  let failure: unknown;
  const readable = Readable.from(exactly(body.stream, body.size), { objectMode: false });
  readable.once('error', (error) => {
    failure = error;
    broken.abort();
  });
  return {
    body: readable,
    size: body.size,
    streaming: true,
    combine: (signal) =>
      signal === undefined ? broken.signal : AbortSignal.any([signal, broken.signal]),
    watch: async (request) => {
      try {
        return await request;
      } catch (error) {
        throw failure === undefined ? error : unreadable(failure);
      } finally {
        // Refused before all was sent: node would keep the connection waiting for the rest.
        if (!readable.readableEnded) broken.abort();
        readable.destroy();
      }
    },
  };
}

/** The caller's own stream failed; what it threw is the cause, if it isn't an error of a store. */
function unreadable(failure: unknown): StoreError {
  if (isStoreError(failure)) return failure;
  const said = failure instanceof Error ? failure.message : String(failure);
  const message = `Nothing was written, because the data to upload could not be read: ${said.replace(/\.$/, '')}.`;
  return new StoreError('invalid', message, {}, failure);
}

async function* exactly(
  stream: AsyncIterable<Uint8Array>,
  size: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  let sent = 0;
  for await (const chunk of stream) {
    sent += chunk.length;
    if (sent > size) throw new RangeError(`The body has more bytes than the ${size} announced.`);
    yield chunk;
  }
  if (sent < size) throw new RangeError(`The body ended after ${sent} of ${size} bytes.`);
}
