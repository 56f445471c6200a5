import { createHash, randomBytes } from 'node:crypto';
import { inspect } from 'node:util';

/**
 * The MD5 of a customer key's 32 bytes in base64, as S3 sends and echoes it in
 * `x-amz-server-side-encryption-customer-key-MD5`. It names a customer key and is no secret.
 */
export type Fingerprint = string;

/** The length of every SSE-C customer key, in bytes (AES-256). */
export const customerKeyLength = 32;

/**
 * A customer key: 32 bytes that cannot be printed by accident. Every way of printing it gives its
 * fingerprint; only {@link reveal} gives the bytes.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerSideEncryptionCustomerKeys.html
 */
export class CustomerKey {
  readonly #bytes: Uint8Array;
  readonly fingerprint: Fingerprint;

  /**
   * @param bytes exactly 32 bytes; they are copied
   * @throws RangeError if there are more or fewer
   */
  constructor(bytes: Uint8Array) {
    if (bytes.length !== customerKeyLength) {
      throw new RangeError(
        `A customer key has ${customerKeyLength} bytes; these are ${bytes.length}.`,
      );
    }
    this.#bytes = Uint8Array.from(bytes);
    this.fingerprint = createHash('md5').update(this.#bytes).digest('base64');
  }

  static generate(): CustomerKey {
    return new CustomerKey(randomBytes(customerKeyLength));
  }

  /** The bytes themselves (a copy); for the one place that sends or stores them. */
  reveal(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }

  toString(): string {
    return `[customer key ${this.fingerprint}]`;
  }

  toJSON(): string {
    return this.toString();
  }

  [inspect.custom](): string {
    return this.toString();
  }
}
