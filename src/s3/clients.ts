import { S3Client } from '@aws-sdk/client-s3';
import type { AwsCredentialIdentityProvider } from '@aws-sdk/types';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Connection } from '../core/connection.ts';
import type { StoreOptions } from '../core/storeOptions.ts';
import { createAgents } from './agents.ts';
import { ByteSigner } from './byteSigner.ts';
import { credentialsOf } from './credentials.ts';
import { GuardedHandler, type SeenResponse } from './guardedHandler.ts';
import { endpointOf } from './hosts.ts';

/** Milliseconds until a connection must stand, and without any byte until a request is given up. */
const connectionTimeout = 10_000;
const socketTimeout = 60_000;

/** Which of the SDK's clients a request needs. */
export interface ClientChoice {
  readonly region: string;
  /** Streams are sent as they are: servers like Ceph refuse the SDK's chunked checksum trailer. */
  readonly streaming: boolean;
}

/**
 * The SDK's clients of one connection: one for each region that its buckets turned out to be in,
 * because the SDK's own way to follow a bucket swaps the region under concurrent requests.
 */
export class Clients {
  readonly #connection: Connection;
  readonly #credentials: AwsCredentialIdentityProvider;
  readonly #handler: GuardedHandler;
  readonly #clients = new Map<string, S3Client>();

  constructor(options: StoreOptions, onResponse: (response: SeenResponse) => void) {
    const { connection } = options;
    this.#connection = connection;
    this.#credentials = credentialsOf(connection, options.accessKey);
    const http = new NodeHttpHandler({
      ...createAgents(connection),
      connectionTimeout,
      socketTimeout,
    });
    this.#handler = new GuardedHandler(http, connection, options.guard, onResponse);
  }

  get({ region, streaming }: ClientChoice): S3Client {
    const name = `${region} ${String(streaming)}`;
    const known = this.#clients.get(name);
    if (known !== undefined) return known;
    const client = this.#create({ region, streaming });
    this.#clients.set(name, client);
    return client;
  }

  #create({ region, streaming }: ClientChoice): S3Client {
    const { addressing, checksums } = this.#connection;
    const whenRequired = streaming || checksums === 'whenRequired';
    return new S3Client({
      region,
      endpoint: endpointOf(this.#connection, region),
      forcePathStyle: addressing === 'path',
      credentials: this.#credentials,
      requestHandler: this.#handler,
      signerConstructor: ByteSigner,
      retryMode: 'standard',
      maxAttempts: 3,
      requestChecksumCalculation: whenRequired ? 'WHEN_REQUIRED' : 'WHEN_SUPPORTED',
      responseChecksumValidation: whenRequired ? 'WHEN_REQUIRED' : 'WHEN_SUPPORTED',
      // What follows would be read from the shared config files, which need not concern a connection.
      useDualstackEndpoint: false,
      useFipsEndpoint: false,
      useArnRegion: false,
      followRegionRedirects: false,
      disableS3ExpressSessionAuth: true,
      defaultsMode: 'standard',
      userAgentAppId: 'ssec-explorer',
      expectContinueHeader: false,
      // The SDK writes some warnings to the console where it finds no logger.
      logger: silent,
    });
  }

  dispose(): void {
    for (const client of this.#clients.values()) client.destroy();
    this.#handler.destroy();
  }
}

const nothing = (): void => undefined;
const silent = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };
