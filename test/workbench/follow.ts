import { closeSync, openSync, readSync } from 'node:fs';
import type { Writable } from 'node:stream';

/** Copies what is appended to a file to a stream, until the returned function is called. */
export function follow(file: string, to: Writable): () => void {
  const descriptor = openSync(file, 'r');
  const buffer = Buffer.alloc(65_536);
  const copy = (): void => {
    for (;;) {
      const length = readSync(descriptor, buffer);
      if (length === 0) return;
      to.write(Buffer.from(buffer.subarray(0, length)));
    }
  };
  const timer = setInterval(copy, 100);
  return () => {
    clearInterval(timer);
    copy();
    closeSync(descriptor);
  };
}
