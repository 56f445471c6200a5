import { createHash } from 'node:crypto';
import { FileHash } from '../fileHash.ts';
import { LocalFile } from '../localFile.ts';
import { throwIfAborted } from '../pause.ts';
import { TransferError } from '../transferError.ts';
import type { SettledFile } from './settledFile.ts';

/** Larger files are hashed in a thread of their own. */
const hashedHere = 4 * 1024 * 1024;

/**
 * The MD5 (base64) of a file that was looked at before.
 *
 * @throws TransferError `fileChanged` if it is not what was looked at, or changed meanwhile
 */
export async function md5OfFile(
  path: string,
  seen: SettledFile,
  signal: AbortSignal,
): Promise<string> {
  throwIfAborted(signal);
  const file = await LocalFile.open(path);
  try {
    const { size, mtimeNs } = file.stats;
    if (Number(size) !== seen.size || mtimeNs !== seen.mtimeNs) throw changed(path);
    const md5 = await hash(file, signal);
    await file.ensureUnchanged().catch(() => {
      throw changed(path);
    });
    return md5;
  } finally {
    await file.close();
  }
}

async function hash(file: LocalFile, signal: AbortSignal): Promise<string> {
  const { size } = file.identity;
  if (size <= hashedHere) {
    const bytes = Buffer.allocUnsafeSlow(size);
    await file.readFully(bytes, 0);
    return createHash('md5').update(bytes).digest('base64');
  }
  const fileHash = new FileHash(file.handle.fd, { algorithm: 'md5' });
  const stop = (): void => void fileHash.stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return (await fileHash.finish(size))[0] ?? '';
  } catch (error) {
    throwIfAborted(signal);
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    await fileHash.stop();
  }
}

function changed(path: string): TransferError {
  const message = `${path} changed while it was compared. Nothing was done with it.`;
  return new TransferError('fileChanged', path, message);
}
