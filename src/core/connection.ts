import type { Secret } from './secret.ts';

/** Where a connection's credentials come from; never the credentials themselves. */
export type CredentialsSource =
  /** An access key kept in the secret storage. */
  | { readonly source: 'accessKey' }
  /** A profile of the shared AWS config and credentials files (SSO profiles included). */
  | { readonly source: 'profile'; readonly profile: string }
  /** AWS_ACCESS_KEY_ID and its companions. */
  | { readonly source: 'environment' };

/**
 * A connection as the setting `ssec.connections` has it: endpoint, region, addressing style and
 * where the credentials come from. It holds no secret.
 */
export interface Connection {
  /** The slug that names it in URIs: `[a-z0-9-]+`, because URI authorities are lower-cased. */
  readonly name: string;
  /** An `https:` (or `http:`, for browsing only) URL without a path; undefined means AWS. */
  readonly endpoint?: string | undefined;
  readonly region: string;
  /** How a bucket is addressed: in the path or in the host name. */
  readonly addressing: 'path' | 'virtualHost';
  /** A PEM file with the certificates to trust in addition to the system's. */
  readonly caFile?: string | undefined;
  /** The buckets to show; undefined asks the server (needs the right to list buckets). */
  readonly buckets?: readonly string[] | undefined;
  readonly credentials: CredentialsSource;
  /** `whenRequired` for servers that refuse the SDK's default checksums. */
  readonly checksums?: 'whenSupported' | 'whenRequired' | undefined;
}

/** An access key pair as the secret storage has it. */
export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: Secret;
  readonly sessionToken?: Secret | undefined;
}

/**
 * The host that a customer key is bound to when it is used with this connection: `host` or
 * `host:port` of the endpoint, lower-cased; for AWS one name for all regions of a partition
 * (`s3.amazonaws.com`, `s3.amazonaws.com.cn`), because a bucket's region is followed.
 */
export function connectionHost(connection: Pick<Connection, 'endpoint' | 'region'>): string {
  if (connection.endpoint !== undefined) return new URL(connection.endpoint).host;
  return connection.region.startsWith('cn-') ? 's3.amazonaws.com.cn' : 's3.amazonaws.com';
}

/** Whether customer keys may travel to this connection at all: only over TLS. */
export function isSecure(connection: Pick<Connection, 'endpoint'>): boolean {
  return connection.endpoint === undefined || new URL(connection.endpoint).protocol === 'https:';
}
