import { createHash } from 'node:crypto';
import { formatAddress } from '../core/address.ts';
import type { GpgAccess } from '../core/gpg.ts';
import { readObjectAttributes } from '../core/objectAttributes.ts';
import type { BegunDownload } from './begunDownload.ts';
import { withFittingPassphrase } from './gpgBytes.ts';
import { PartialFile } from './partialFile.ts';
import { throwIfAborted } from './pause.ts';
import { TransferError } from './transferError.ts';

/** How much is read and written at once, in bytes. */
const sliceSize = 1024 * 1024;

/** A file of decrypted content that awaits its name, and the MD5 of it in base64. */
export interface DecryptedFile {
  readonly partial: PartialFile;
  readonly md5: string;
}

/**
 * Decrypts what was downloaded whole into another partial file beside it, in constant memory. The
 * person is asked for the passphrase, if none that is known fits.
 *
 * @throws GpgError; TransferError `contentMismatch` if s3cmd says that it was something else
 */
export async function decryptPartial(
  gpg: GpgAccess,
  { info, partial }: BegunDownload,
  options: { readonly verify?: boolean | undefined; readonly signal?: AbortSignal | undefined },
): Promise<DecryptedFile> {
  const cipher = await gpg.cipher();
  const { signal, verify } = options;
  const { result } = await withFittingPassphrase(gpg, info.address, async ({ secret }) => {
    const { target } = partial;
    const decrypted = await PartialFile.create(target, PartialFile.nameFor(target));
    try {
      await decrypted.ensureSpace(info.size);
      const md5 = await fill(decrypted, cipher.decrypt(bytesOf(partial, signal), secret));
      return { partial: decrypted, md5 };
    } catch (error) {
      await decrypted.discard();
      throw error;
    }
  });
  const { md5: expected } = readObjectAttributes(info.properties.metadata);
  if (verify === false || expected === undefined || expected === result.md5) return result;
  const path = await result.partial.setAside('md5-mismatch');
  throw new TransferError(
    'contentMismatch',
    path,
    `What was decrypted of ${formatAddress(info.address)} is not what its writer says: the MD5 is ${result.md5} instead of ${expected}. It was kept as ${path}.`,
  );
}

async function* bytesOf(
  { handle }: PartialFile,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void> {
  for (let at = 0; ;) {
    throwIfAborted(signal);
    const { bytesRead, buffer } = await handle.read({
      ...{ buffer: Buffer.allocUnsafeSlow(sliceSize), position: at },
    });
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
  }
}

/** Writes what comes, in large pieces. @returns its MD5 in base64 */
async function fill(file: PartialFile, bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('md5');
  let written = 0;
  let waiting: Uint8Array[] = [];
  let length = 0;
  const flush = async (): Promise<void> => {
    if (length > 0) await file.write(waiting, written);
    written += length;
    waiting = [];
    length = 0;
  };
  for await (const chunk of bytes) {
    hash.update(chunk);
    waiting.push(chunk);
    length += chunk.length;
    if (length >= sliceSize) await flush();
  }
  await flush();
  return hash.digest('base64');
}
