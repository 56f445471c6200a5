import { ReadableStream } from 'node:stream/web';
import * as openpgp from 'openpgp';
import { type GpgCipher, GpgError } from '../core/gpg.ts';
import type { Secret } from '../core/secret.ts';
import { PassphraseCheck } from './passphraseCheck.ts';

type Bytes = AsyncIterable<Uint8Array>;

/** The cipher by OpenPGP.js; this file is a bundle of its own, loaded on first use. */
export function createGpgCipher(): GpgCipher {
  return { encrypt, decrypt };
}

async function* encrypt(plaintext: Bytes, passphrase: Secret): AsyncGenerator<Uint8Array, void> {
  const source = new Source(plaintext);
  try {
    const message = await openpgp.createMessage({ binary: source.stream() });
    yield* await openpgp.encrypt({ message, passwords: [passphrase.reveal()], format: 'binary' });
  } catch (error) {
    throw source.failure ?? error;
  }
}

async function* decrypt(ciphertext: Bytes, passphrase: Secret): AsyncGenerator<Uint8Array, void> {
  const check = new PassphraseCheck();
  const source = new Source(check.watch(ciphertext));
  let fits: 'no' | 'perhaps' | 'yes' = 'no';
  try {
    const message = await openpgp.readMessage({ binaryMessage: source.stream() });
    const passwords = [passphrase.reveal()];
    const sessionKeys = (await openpgp.decryptSessionKeys({ message, passwords })).flatMap(
      ({ data, algorithm }) => (algorithm === null ? [] : [{ data, algorithm }]),
    );
    const fitting = sessionKeys.filter((sessionKey) => check.isFitting(sessionKey) !== false);
    if (fitting.length === 0) throw wrongPassphrase();
    fits = fitting.some((sessionKey) => check.isFitting(sessionKey)) ? 'yes' : 'perhaps';
    const decrypted = await openpgp.decrypt({
      ...{ message, sessionKeys: fitting, format: 'binary' },
      // Whoever gets it uses it only after its end, when this is decided.
      config: { ...openpgp.config, allowUnauthenticatedStream: true },
    });
    yield* decrypted.data;
  } catch (error) {
    throw source.failure ?? explain(error, fits);
  }
}

/** A source as OpenPGP.js takes it; remembers its own failure, which the library would wrap. */
class Source {
  readonly #bytes: Bytes;
  failure: unknown;

  constructor(bytes: Bytes) {
    this.#bytes = bytes;
  }

  stream(): ReadableStream<Uint8Array> {
    return ReadableStream.from(this.#noting());
  }

  async *#noting(): AsyncGenerator<Uint8Array, void> {
    try {
      yield* this.#bytes;
    } catch (error) {
      this.failure = error;
      throw error;
    }
  }
}

function explain(error: unknown, fits: 'no' | 'perhaps' | 'yes'): unknown {
  if (error instanceof GpgError) return error;
  const text = error instanceof Error ? error.message : String(error);
  if (/not authenticated|integrity/i.test(text)) {
    return new GpgError(
      'unsupported',
      'It was encrypted by GPG without protection of its integrity, as very old versions did. Decrypt it with gpg itself.',
      error,
    );
  }
  if (fits === 'yes') {
    return new GpgError('damaged', 'It was damaged after GPG had encrypted it.', error);
  }
  if (
    fits === 'perhaps' ||
    (/session key|password/i.test(text) && !/No symmetrically/i.test(text))
  ) {
    return wrongPassphrase(error);
  }
  return new GpgError(
    'unsupported',
    'This is nothing that GPG encrypted with a passphrase.',
    error,
  );
}

function wrongPassphrase(cause?: unknown): GpgError {
  return new GpgError('wrongPassphrase', 'The GPG passphrase does not fit.', cause);
}
