import type { AccessKey, Connection } from './connection.ts';
import type { Fingerprint } from './customerKey.ts';
import type { StoreErrorKind } from './storeError.ts';

/** Whether a customer key may be sent to a host for a bucket. Asked at every request with a key. */
export type KeyGuard = (fingerprint: Fingerprint, host: string, bucket: string) => boolean;

/** One finished request, as the log shows it; it holds no secret. */
export interface RequestRecord {
  /** The S3 operation, for example `GetObject`. */
  readonly operation: string;
  readonly bucket?: string | undefined;
  readonly key?: string | undefined;
  /** The HTTP status of the last attempt; undefined if there was no answer. */
  readonly status?: number | undefined;
  /** From the first attempt to the answer's headers, in milliseconds. */
  readonly milliseconds: number;
  /** Attempts beyond the first. */
  readonly retries: number;
  readonly errorKind?: StoreErrorKind | undefined;
}

/** What an ObjectStore is made from. */
export interface StoreOptions {
  readonly connection: Connection;
  /** Needed if the connection's credentials have the source `accessKey`. */
  readonly accessKey?: AccessKey | undefined;
  readonly guard: KeyGuard;
  readonly onRequest?: ((record: RequestRecord) => void) | undefined;
}
