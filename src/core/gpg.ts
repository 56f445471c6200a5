import type { ObjectAddress } from './address.ts';
import type { Secret } from './secret.ts';

/**
 * Why GPG encryption or decryption failed.
 *
 * - `noPassphrase`: none is known that is wanted, and the person gave none.
 * - `wrongPassphrase`: it does not fit.
 * - `damaged`: the passphrase fits, and the content is not what was encrypted.
 * - `unsupported`: no passphrase opens it (a public key does), or nothing guards its integrity.
 * - `tooLarge`: decrypted it is larger than memory should hold.
 */
export type GpgErrorReason =
  'noPassphrase' | 'wrongPassphrase' | 'damaged' | 'unsupported' | 'tooLarge';

/** A failure of GPG encryption; the message is for people and holds no secret. */
export class GpgError extends Error {
  override readonly name = 'GpgError';
  readonly reason: GpgErrorReason;

  constructor(reason: GpgErrorReason, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.reason = reason;
  }
}

/** By the name: each bundle has a class of its own. */
export function isGpgError(error: unknown, ...reasons: GpgErrorReason[]): error is GpgError {
  if (!(error instanceof Error) || error.name !== 'GpgError') return false;
  const { reason } = error as { readonly reason?: unknown };
  return reasons.length === 0 || reasons.some((each) => each === reason);
}

/** A passphrase, and the name that rules have for it, if any. */
export interface GpgPassphrase {
  readonly name?: string | undefined;
  readonly secret: Secret;
}

/**
 * Encryption with a passphrase in the format of OpenPGP, as `gpg --symmetric` writes and reads it;
 * in memory that does not grow with the size. What the given stream throws is thrown on.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9580
 */
export interface GpgCipher {
  encrypt(
    plaintext: AsyncIterable<Uint8Array>,
    passphrase: Secret,
  ): AsyncIterable<Uint8Array, void, undefined>;

  /**
   * What it yields must not be used before it has ended: only then is it known to be intact.
   * @throws GpgError `wrongPassphrase`, `damaged`, `unsupported`
   */
  decrypt(
    ciphertext: AsyncIterable<Uint8Array>,
    passphrase: Secret,
  ): AsyncIterable<Uint8Array, void, undefined>;
}

/** The same passphrases, without asking for more. */
export function quietGpg(gpg: GpgAccess | undefined): GpgAccess | undefined {
  if (gpg === undefined) return undefined;
  return {
    cipher: () => gpg.cipher(),
    candidates: (address) => gpg.candidates(address),
    ask: () => Promise.resolve(undefined),
    named: (name) => gpg.named(name),
    remember: (address, passphrase) => {
      gpg.remember(address, passphrase);
    },
  };
}

/** The passphrases of this person, and the cipher, which is loaded on first use. */
export interface GpgAccess {
  cipher(): Promise<GpgCipher>;

  /** What may open an object, most likely first, each once. */
  candidates(address: ObjectAddress): AsyncIterable<GpgPassphrase>;

  /**
   * Asks the person for one; undefined means give up.
   * @param tried what does not fit: what was typed meanwhile for another object and is not among it
   *   is given without a question
   */
  ask(
    address: ObjectAddress,
    tried: ReadonlySet<GpgPassphrase>,
  ): Promise<GpgPassphrase | undefined>;

  /**
   * The passphrase of a name, for encrypting; the person is asked if it is not known.
   * @throws GpgError `noPassphrase` if they give none
   */
  named(name: string): Promise<GpgPassphrase>;

  /** It opened the object: it is kept until the window closes, and as long as the person says. */
  remember(address: ObjectAddress, passphrase: GpgPassphrase): void;
}
