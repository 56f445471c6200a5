import { createHash } from 'node:crypto';
import type { LocalFile } from './localFile.ts';
import { throwIfAborted } from './pause.ts';

/** How much is hashed at a time, so that others get their turn in between. */
const hashedAtOnce = 1024 * 1024;

/** The MD5 of a whole file in base64. @throws TransferError `fileChanged`, StoreError `aborted` */
export async function fileMd5(file: LocalFile, signal: AbortSignal | undefined): Promise<string> {
  const { size } = file.identity;
  const hash = createHash('md5');
  const buffer = Buffer.allocUnsafe(Math.min(hashedAtOnce, size));
  for (let at = 0; at < size; at += buffer.length) {
    throwIfAborted(signal);
    const piece = buffer.subarray(0, size - at);
    await file.readFully(piece, at);
    hash.update(piece);
  }
  return hash.digest('base64');
}
