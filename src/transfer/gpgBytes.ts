import { formatAddress, type ObjectAddress } from '../core/address.ts';
import { type GpgAccess, GpgError, type GpgPassphrase, isGpgError } from '../core/gpg.ts';
import type { Secret } from '../core/secret.ts';

/** What decrypted content may be in memory: VS Code's own limit for a file in an editor. */
const maxInMemory = 1024 ** 3;

/**
 * Tries one passphrase after the other; if none fits, the person is asked until one does or they
 * give up.
 *
 * @throws GpgError `noPassphrase` if they give up; what an attempt throws but `wrongPassphrase`
 */
export async function withFittingPassphrase<T>(
  gpg: GpgAccess,
  address: ObjectAddress,
  attempt: (passphrase: GpgPassphrase) => Promise<T>,
): Promise<{ readonly result: T; readonly passphrase: GpgPassphrase }> {
  const failed = new Set<GpgPassphrase>();
  const tried = async (
    passphrase: GpgPassphrase,
  ): Promise<{ result: T; passphrase: GpgPassphrase } | undefined> => {
    try {
      const result = await attempt(passphrase);
      gpg.remember(address, passphrase);
      return { result, passphrase };
    } catch (error) {
      if (isGpgError(error, 'wrongPassphrase')) {
        failed.add(passphrase);
        return undefined;
      }
      throw isGpgError(error) ? about(address, error) : error;
    }
  };
  for await (const candidate of gpg.candidates(address)) {
    const fitting = await tried(candidate);
    if (fitting !== undefined) return fitting;
  }
  for (;;) {
    const answer = await gpg.ask(address, failed);
    if (answer === undefined) break;
    const fitting = await tried(answer);
    if (fitting !== undefined) return fitting;
  }
  const why = failed.size > 0 ? 'no known passphrase fits' : 'no passphrase was given';
  throw new GpgError('noPassphrase', `${formatAddress(address)} was encrypted by GPG, and ${why}.`);
}

function about(address: ObjectAddress, { reason, message, cause }: GpgError): GpgError {
  return new GpgError(reason, `${formatAddress(address)} cannot be decrypted. ${message}`, cause);
}

/** Encrypts what is in memory. */
export async function encryptBytes(
  gpg: GpgAccess,
  bytes: Uint8Array,
  passphrase: Secret,
): Promise<Uint8Array> {
  const cipher = await gpg.cipher();
  return await collect(cipher.encrypt(once(bytes), passphrase), Infinity);
}

/** Decrypts what is in memory. @throws GpgError `tooLarge` beside those of the cipher */
export async function decryptBytes(
  gpg: GpgAccess,
  bytes: Uint8Array,
  passphrase: Secret,
): Promise<Uint8Array> {
  const cipher = await gpg.cipher();
  return await collect(cipher.decrypt(once(bytes), passphrase), maxInMemory);
}

/** @param head the beginning of what was encrypted @throws GpgError `wrongPassphrase` */
export async function opensWith(
  gpg: GpgAccess,
  head: Uint8Array,
  passphrase: Secret,
): Promise<void> {
  const cipher = await gpg.cipher();
  try {
    for await (const decrypted of cipher.decrypt(once(head), passphrase)) {
      if (decrypted.length > 0) return;
    }
  } catch (error) {
    // It fits: what is missing is the rest.
    if (!isGpgError(error, 'damaged')) throw error;
  }
}

// eslint-disable-next-line @typescript-eslint/require-await -- a stream by contract
async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield bytes;
}

async function collect(chunks: AsyncIterable<Uint8Array>, limit: number): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > limit) {
      throw new GpgError(
        'tooLarge',
        'Decrypted it has more than 1 GiB: that is more than VS Code can open. Download it instead.',
      );
    }
    all.push(chunk);
  }
  return Buffer.concat(all, length);
}
