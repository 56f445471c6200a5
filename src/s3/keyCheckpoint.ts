import { createHash } from 'node:crypto';
import { connectionHost, type Connection } from '../core/connection.ts';
import type { Fingerprint } from '../core/customerKey.ts';
import { StoreError } from '../core/storeError.ts';
import type { KeyGuard } from '../core/storeOptions.ts';
import { destinationOf } from './hosts.ts';

/** An HTTP request just before it is sent, as far as it matters here. */
export interface OutgoingRequest {
  readonly method: string;
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number | undefined;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

const customerKeyHeader = 'x-amz-server-side-encryption-customer-key';
const sourceKeyHeader = 'x-amz-copy-source-server-side-encryption-customer-key';

/**
 * The one place that every request passes right before it is sent: one that carries a customer key
 * must go over https, to the connection's own host, and the key must be bound to host and bucket.
 *
 * @throws StoreError `insecureEndpoint` or `keyNotBound`; then nothing is sent
 */
export function checkCustomerKeys(
  connection: Connection,
  guard: KeyGuard,
  request: OutgoingRequest,
): void {
  const headers = lowerCased(request.headers);
  const { own, bucket } = destinationOf(connection, request);
  const carried: [key: string | undefined, bucket: string][] = [
    [headers.get(customerKeyHeader), bucket],
    [headers.get(sourceKeyHeader), sourceBucket(headers.get('x-amz-copy-source') ?? '')],
  ];
  for (const [key, keyBucket] of carried) {
    if (key === undefined) continue;
    const fingerprint = createHash('md5').update(Buffer.from(key, 'base64')).digest('base64');
    if (request.protocol !== 'https:') throw insecure(connection, fingerprint, keyBucket);
    if (!own) throw foreignHost(connection, fingerprint, request.hostname);
    if (!guard(fingerprint, connectionHost(connection), keyBucket)) {
      throw notBound(connection, fingerprint, keyBucket);
    }
  }
}

/**
 * Nothing in this extension deletes a bucket or a setting of one; on Ceph RGW even the DELETE of a
 * setting (`?encryption`, `?metrics`, …) deletes the bucket. So no such request ever leaves.
 *
 * @throws StoreError `invalid`
 */
export function checkDelete(connection: Connection, request: OutgoingRequest): void {
  const { bucket, isObject } = destinationOf(connection, request);
  if (request.method !== 'DELETE' || isObject) return;
  const message = `Nothing was sent: the request would have deleted the bucket ${bucket} or a setting of it.`;
  const host = connectionHost(connection);
  throw new StoreError('invalid', message, { connection: connection.name, host, bucket });
}

/** `/bucket/object%20key?versionId=…` or the same without the first slash. */
function sourceBucket(copySource: string): string {
  return decodeURIComponent(/^\/?([^/?]*)/.exec(copySource)?.[1] ?? '');
}

function lowerCased(headers: Readonly<Record<string, string>>): Map<string, string> {
  return new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** The error for a customer key that would travel without TLS. */
function insecure(connection: Connection, fingerprint: Fingerprint, bucket: string): StoreError {
  const host = connectionHost(connection);
  const message = `Nothing was sent: the connection "${connection.name}" uses http, and a customer key is never sent without TLS. Change its endpoint to https://${host}.`;
  return new StoreError('insecureEndpoint', message, about(connection, fingerprint, bucket));
}

function foreignHost(connection: Connection, fingerprint: Fingerprint, host: string): StoreError {
  const message = `Nothing was sent: the request would have carried the customer key ${fingerprint} to ${host}, which is not the host of the connection "${connection.name}".`;
  return new StoreError('keyNotBound', message, { ...about(connection, fingerprint), host });
}

function notBound(connection: Connection, fingerprint: Fingerprint, bucket: string): StoreError {
  const message = `Nothing was sent: the customer key ${fingerprint} is not bound to ${connectionHost(connection)} and the bucket ${bucket}. Bind it first if it belongs there.`;
  return new StoreError('keyNotBound', message, about(connection, fingerprint, bucket));
}

function about(
  connection: Connection,
  fingerprint: Fingerprint,
  bucket?: string,
): { connection: string; host: string; bucket: string | undefined; fingerprint: string } {
  return { connection: connection.name, host: connectionHost(connection), bucket, fingerprint };
}
