import { visibleText } from './visibleText.ts';

/**
 * What went wrong, told apart by what a person can do about it.
 *
 * - `customerKeyRequired`: the object is encrypted with SSE-C and no customer key was sent.
 * - `customerKeyMismatch`: a customer key was sent and it is not the object's.
 * - `notEncrypted`: a customer key was sent and the object is not encrypted with SSE-C.
 * - `ssecBlocked`: the bucket does not accept SSE-C (AWS's default since April 2026).
 * - `storedInPlaintext`: the server took the customer key and stored the object unencrypted.
 * - `insecureEndpoint`: a customer key would have been sent over `http:`; nothing was sent.
 * - `keyNotBound`: the customer key is not bound to this host or bucket; nothing was sent.
 * - `conflict`: the object is not the one that the condition named (changed, created or deleted).
 * - `notFound`, `noSuchBucket`: there is no such object, version or bucket.
 * - `forbidden`: the credentials are valid but lack the right.
 * - `credentials`: the credentials are missing, unknown, wrong or expired.
 * - `nameResolution`, `tls`, `network`: the host was not found, not trusted, or not reached.
 * - `unsupportedName`: the server refuses this object key, or would store it under another one.
 * - `unsupported`: the server does not implement the operation.
 * - `throttled`: the server asked to slow down, also after retries.
 * - `corrupted`: what arrived is not what was sent (checksum, length or echo differ).
 * - `invalid`: the request makes no sense to the server; a bug, or input that should be changed.
 * - `server`: the server failed (5xx), also after retries.
 * - `aborted`: the caller cancelled.
 * - `unknown`: everything else.
 */
export type StoreErrorKind =
  | 'customerKeyRequired'
  | 'customerKeyMismatch'
  | 'notEncrypted'
  | 'ssecBlocked'
  | 'storedInPlaintext'
  | 'insecureEndpoint'
  | 'keyNotBound'
  | 'conflict'
  | 'notFound'
  | 'noSuchBucket'
  | 'forbidden'
  | 'credentials'
  | 'nameResolution'
  | 'tls'
  | 'network'
  | 'unsupportedName'
  | 'unsupported'
  | 'throttled'
  | 'corrupted'
  | 'invalid'
  | 'server'
  | 'aborted'
  | 'unknown';

/** What an error is about; all of it may be shown and logged. */
export interface StoreErrorDetails {
  readonly connection?: string | undefined;
  readonly host?: string | undefined;
  readonly bucket?: string | undefined;
  readonly key?: string | undefined;
  /** The fingerprint of the customer key that was sent, if one was. */
  readonly fingerprint?: string | undefined;
  /** The HTTP status, if there was an answer. */
  readonly status?: number | undefined;
  /** The S3 error code, for example `AccessDenied`, if the answer had one. */
  readonly code?: string | undefined;
  /** How often the request was sent, retries included. */
  readonly attempts?: number | undefined;
  /** True if the server's answer can also mean something else; the message says what. */
  readonly ambiguous?: boolean | undefined;
}

/**
 * The only error that an ObjectStore throws. The message is a sentence for people (in English) that
 * says what happened; it never contains a secret, and what is invisible in it (in an object key, or in
 * what a server said) is made visible.
 */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly kind: StoreErrorKind;
  readonly details: StoreErrorDetails;

  constructor(
    kind: StoreErrorKind,
    message: string,
    details: StoreErrorDetails = {},
    cause?: unknown,
  ) {
    super(visibleText(message), cause === undefined ? undefined : { cause });
    this.kind = kind;
    this.details = details;
  }
}

/**
 * Whether an error is a {@link StoreError} of one of the kinds (of any kind, if none is named). It
 * goes by the name: each bundle has a class of its own, and errors cross from one to the other.
 */
export function isStoreError(error: unknown, ...kinds: StoreErrorKind[]): error is StoreError {
  if (!(error instanceof Error) || error.name !== 'StoreError') return false;
  const { kind } = error as { readonly kind?: unknown };
  return kinds.length === 0 || kinds.some((each) => each === kind);
}
