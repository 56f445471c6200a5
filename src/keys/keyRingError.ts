/**
 * - `invalidName`: the name is empty, too long, `none`, or has the form of a fingerprint.
 * - `nameTaken`: another customer key of the scope has the name.
 * - `keyExists`: the scope has this customer key already.
 * - `unknownKey`: no key ring has such a customer key, or the secret storage lost it.
 * - `noWorkspace`: there is no workspace whose key ring could be used.
 */
export type KeyRingErrorKind =
  'invalidName' | 'nameTaken' | 'keyExists' | 'unknownKey' | 'noWorkspace';

/** What a key ring cannot do. The message is a sentence for people (in English). */
export class KeyRingError extends Error {
  override readonly name = 'KeyRingError';
  readonly kind: KeyRingErrorKind;
  /** The name or fingerprint in question. */
  readonly subject: string;

  constructor(kind: KeyRingErrorKind, message: string, subject: string) {
    super(message);
    this.kind = kind;
    this.subject = subject;
  }
}
