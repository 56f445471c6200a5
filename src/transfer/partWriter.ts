import type { Hash } from 'node:crypto';
import { StoreError } from '../core/storeError.ts';
import type { PartialFile } from './partialFile.ts';
import type { PlannedPart } from './partPlan.ts';

/** TLS gives 16 KiB at a time; written one by one they would double a download's time. */
const writtenAtOnce = 1024 * 1024;

/** Writes one part into a partial file, in large pieces; what was written survives a failure. */
export class PartWriter {
  readonly part: PlannedPart;
  readonly #file: PartialFile;
  readonly #hash: Hash | undefined;
  readonly #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #written = 0;

  /** @param hash gets all bytes in order */
  constructor(file: PartialFile, part: PlannedPart, hash?: Hash) {
    this.#file = file;
    this.part = part;
    this.#hash = hash;
  }

  /** Bytes that arrived. */
  get received(): number {
    return this.#written + this.#pendingBytes;
  }

  isWhole(): boolean {
    return this.#written === this.part.length;
  }

  /** First and last byte that are missing, of the whole object. */
  get missing(): { readonly first: number; readonly last: number } {
    const { offset, length } = this.part;
    return { first: offset + this.#written, last: offset + length - 1 };
  }

  /** @throws StoreError `corrupted` if it is more than was asked for */
  async take(chunk: Uint8Array): Promise<void> {
    if (this.received + chunk.length > this.part.length) {
      throw new StoreError('corrupted', 'The server sent more bytes than were asked for.');
    }
    this.#hash?.update(chunk);
    this.#pending.push(chunk);
    this.#pendingBytes += chunk.length;
    if (this.#pendingBytes >= writtenAtOnce) await this.flush();
  }

  /** Writes what is left. */
  async flush(): Promise<void> {
    if (this.#pendingBytes === 0) return;
    const chunks = this.#pending.splice(0);
    await this.#file.write(chunks, this.part.offset + this.#written);
    this.#written += this.#pendingBytes;
    this.#pendingBytes = 0;
  }
}
