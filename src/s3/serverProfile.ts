import type { SeenResponse } from './guardedHandler.ts';

/** The servers whose ways were measured. */
export type ServerKind = 'aws' | 'minio' | 'ceph' | 'garage' | 'other';

/** How a server takes conditional PUTs. */
export interface ConditionDialect {
  /** Whether If-Match wants the ETag's quotes. */
  readonly etag: 'quoted' | 'unquoted';
  /** Whether a lost race is always refused, so that nothing need be compared before. */
  readonly atomic: boolean;
}

/** What is known of a kind of server before anything was tried. */
interface Habits {
  readonly dialect?: ConditionDialect;
  /** Whether an object key with a leading slash is stored as it is. */
  readonly leadingSlash?: 'kept' | 'dropped';
}

const habits: Record<ServerKind, Habits> = {
  aws: { dialect: { etag: 'quoted', atomic: true }, leadingSlash: 'kept' },
  minio: { dialect: { etag: 'quoted', atomic: true }, leadingSlash: 'dropped' },
  ceph: { dialect: { etag: 'unquoted', atomic: true }, leadingSlash: 'kept' },
  garage: { dialect: { etag: 'quoted', atomic: false }, leadingSlash: 'dropped' },
  other: {},
};

/** Tells servers apart by what every answer of theirs carries. */
const marks: readonly [kind: ServerKind, header: string, value: RegExp][] = [
  ['aws', 'server', /^AmazonS3$/],
  ['minio', 'server', /^MinIO/i],
  ['garage', 'server', /^Garage/i],
  // RGW sends no Server header; its transaction ids come from Swift. A proxy before it may add one.
  ['ceph', 'x-amz-request-id', /^tx[0-9a-f]{10,}-[0-9a-f]+-/],
  ['ceph', 'x-rgw-object-type', /./],
  ['minio', 'x-minio-deployment-id', /./],
];

/** Learns what the server of a store is from its answers. */
export class ServerProfile {
  #kind: ServerKind | undefined;
  #server: string | undefined;
  /** Whether a read was seen to echo the MD5 of the customer key. */
  echoes = false;

  /** The Server header, as it came last. */
  get server(): string | undefined {
    return this.#server;
  }

  /** Undefined until there was an answer. */
  get kind(): ServerKind | undefined {
    return this.#kind;
  }

  get habits(): Habits {
    return this.#kind === undefined ? {} : habits[this.#kind];
  }

  learn({ headers }: SeenResponse): void {
    this.#server = headers['server'] ?? this.#server;
    const mark = marks.find(([, name, value]) => value.test(headers[name] ?? ''));
    if (mark !== undefined) this.#kind = mark[0];
    else this.#kind ??= 'other';
  }
}
