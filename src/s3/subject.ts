import type { ReadOptions } from '../core/objectStore.ts';

/** What a request is about, for its log line and its errors. */
export interface Subject {
  readonly bucket?: string | undefined;
  /** The object key, or the prefix of a listing. */
  readonly key?: string | undefined;
  readonly versionId?: string | undefined;
  /** The fingerprint of the customer key that is sent, if one is. */
  readonly fingerprint?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The subject of a request for one object. */
export function subjectOf(
  address: { readonly bucket: string; readonly key: string },
  options: ReadOptions = {},
): Subject {
  return {
    bucket: address.bucket,
    key: address.key,
    versionId: options.versionId,
    fingerprint: options.customerKey?.fingerprint,
    signal: options.signal,
  };
}
