import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { PartDigest, PartSource } from '../core/multipartStore.ts';
import type { Bandwidth } from './bandwidth.ts';
import type { LocalFile } from './localFile.ts';
import type { PlannedPart } from './partPlan.ts';

/** How much is read and sent at once: smaller pieces cost more, larger ones more memory. */
const sliceSize = 1024 * 1024;
/** The same where the bandwidth is bounded, so that bytes flow evenly. */
const pacedSize = 64 * 1024;

export interface FilePartOptions {
  readonly bandwidth: Bandwidth;
  readonly signal?: AbortSignal | undefined;
  /** What the part is known to hash to. */
  readonly digest?: { readonly algorithm: PartDigest; readonly value: string } | undefined;
  /** Bytes of this attempt that were handed over. */
  readonly onSent?: ((bytes: number) => void) | undefined;
}

/** A part of a file as the store takes it: read anew for each attempt, in constant memory. */
export function filePart(file: LocalFile, part: PlannedPart, options: FilePartOptions): PartSource {
  const { bandwidth, signal, digest, onSent } = options;
  return {
    size: part.length,
    async *read() {
      let sent = 0;
      onSent?.(sent);
      for await (const slice of slicesOf(file, part)) {
        for (let at = 0; at < slice.length;) {
          const length = bandwidth.limit === undefined ? slice.length : pacedSize;
          const piece = slice.subarray(at, at + length);
          await bandwidth.take(piece.length, signal);
          yield piece;
          at += piece.length;
          sent += piece.length;
          onSent?.(sent);
        }
      }
    },
    async digest(algorithm) {
      if (digest?.algorithm === algorithm) return digest.value;
      return await digestOf(slicesOf(file, part), algorithm);
    },
  };
}

async function* slicesOf(
  file: LocalFile,
  { offset, length }: PlannedPart,
): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < length; at += sliceSize) {
    // A new one each time: it is not known when the one before is sent.
    const slice = Buffer.allocUnsafeSlow(Math.min(sliceSize, length - at));
    await file.readFully(slice, offset + at);
    yield slice;
  }
}

/** The checksum of bytes as S3 takes it, in base64. */
export async function digestOf(
  slices: AsyncIterable<Uint8Array>,
  algorithm: PartDigest,
): Promise<string> {
  if (algorithm === 'md5') {
    const hash = createHash('md5');
    for await (const slice of slices) hash.update(slice);
    return hash.digest('base64');
  }
  let sum = 0;
  for await (const slice of slices) sum = crc32(slice, sum);
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(sum);
  return bytes.toString('base64');
}
