import type {
  $Command,
  S3ClientResolvedConfig,
  ServiceInputTypes,
  ServiceOutputTypes,
} from '@aws-sdk/client-s3';
import { connectionHost, type Connection } from '../core/connection.ts';
import type { StoreError } from '../core/storeError.ts';
import type { RequestRecord, StoreOptions } from '../core/storeOptions.ts';
import { Clients } from './clients.ts';
import { storeError, translate } from './errors.ts';
import { canFollow } from './hosts.ts';
import { readFailure } from './sdkFailure.ts';
import { ServerProfile } from './serverProfile.ts';
import type { Subject } from './subject.ts';

type S3Command<Input extends ServiceInputTypes, Output extends ServiceOutputTypes> = $Command<
  Input,
  Output,
  S3ClientResolvedConfig,
  ServiceInputTypes,
  ServiceOutputTypes
>;

/** How a body is sent. */
export interface SendOptions {
  /** The body can be read once; it is sent without the SDK's checksums. */
  readonly streaming?: boolean;
  /** It is sent without the SDK's checksums. */
  readonly unsummed?: boolean;
}

/** What an answer said beside its content. */
export interface Answer<Output> {
  readonly output: Output;
  /** How often it was sent; a repeated PUT may have met itself. */
  readonly attempts: number;
}

/**
 * Sends commands: follows a bucket to its region, records each request, translates what goes wrong.
 * Everything in this folder that talks to a server does it through here.
 */
export class Wire {
  readonly connection: Connection;
  readonly host: string;
  readonly server = new ServerProfile();
  readonly #clients: Clients;
  readonly #onRequest: ((record: RequestRecord) => void) | undefined;
  /** The regions of buckets that are not in the connection's. */
  readonly #regions = new Map<string, string>();
  readonly #seen = new Set<string>();

  constructor(options: StoreOptions) {
    this.connection = options.connection;
    this.host = connectionHost(options.connection);
    this.#clients = new Clients(options, (response) => {
      this.server.learn(response);
    });
    this.#onRequest = options.onRequest;
  }

  /** @throws StoreError only */
  async send<Input extends ServiceInputTypes, Output extends ServiceOutputTypes>(
    command: S3Command<Input, Output>,
    subject: Subject,
    options: SendOptions = {},
  ): Promise<Output> {
    return (await this.sendCounted(command, subject, options)).output;
  }

  /** Like {@link send}, and says how often the request was sent. */
  async sendCounted<Input extends ServiceInputTypes, Output extends ServiceOutputTypes>(
    command: S3Command<Input, Output>,
    subject: Subject,
    options: SendOptions = {},
  ): Promise<Answer<Output>> {
    // An empty object key would make it a request for the bucket.
    if (subject.key === '' && 'Key' in command.input) throw this.error('unsupportedName', subject);
    const repeatable = options.streaming !== true;
    const streaming = !repeatable || options.unsummed === true;
    const bucket = subject.bucket ?? '';
    const region = this.#regions.get(bucket) ?? this.connection.region;
    try {
      return await this.#sendOnce(command, subject, { region, streaming });
    } catch (error) {
      if (!(error instanceof Misdirected)) throw error;
      const useless = error.region === region || !canFollow(this.connection, error.region);
      // A stream can be read once; what goes before it (a HEAD, other parts) has found the region.
      if (useless || !repeatable) {
        throw error.translated;
      }
      this.#regions.set(bucket, error.region);
      return this.#sendOnce(command, subject, { region: error.region, streaming }).catch(
        (again: unknown) => {
          throw again instanceof Misdirected ? again.translated : again;
        },
      );
    }
  }

  /** Whether a request for a bucket has succeeded, so that it exists. */
  hasSeen(bucket: string): boolean {
    return this.#seen.has(bucket);
  }

  /** An error of a kind, about a subject. */
  error(
    kind: Parameters<typeof storeError>[0],
    subject: Subject,
    how?: Parameters<typeof storeError>[3],
  ): StoreError {
    return storeError(kind, this.connection, subject, how);
  }

  /** Translates an error that came while a body was read or written. */
  translate(error: unknown, subject: Subject): StoreError {
    return translate(error, this.connection, subject);
  }

  dispose(): void {
    this.#clients.dispose();
  }

  async #sendOnce<Input extends ServiceInputTypes, Output extends ServiceOutputTypes>(
    command: S3Command<Input, Output>,
    subject: Subject,
    choice: { readonly region: string; readonly streaming: boolean },
  ): Promise<Answer<Output>> {
    const started = performance.now();
    const { bucket, key, signal } = subject;
    const record = (rest: Pick<RequestRecord, 'status' | 'retries' | 'errorKind'>): void => {
      const milliseconds = Math.round(performance.now() - started);
      this.#onRequest?.({ operation: operationOf(command), bucket, key, milliseconds, ...rest });
    };
    try {
      const client = this.#clients.get(choice);
      const output = await client.send(command, { ...(signal && { abortSignal: signal }) });
      const { httpStatusCode: status, attempts = 1 } = output.$metadata;
      record({ status, retries: attempts - 1 });
      if (bucket !== undefined) this.#seen.add(bucket);
      return { output, attempts };
    } catch (error) {
      const { status, attempts, region } = readFailure(error);
      const translated = this.translate(error, subject);
      record({ status, retries: attempts - 1, errorKind: translated.kind });
      const misdirected = region !== undefined && (status === 301 || status === 400);
      throw misdirected ? new Misdirected(region, translated) : translated;
    }
  }
}

/** The operation's name from the command's schema: a minified bundle has no class names. */
function operationOf(command: object): string {
  const schema: unknown = 'schema' in command ? command.schema : undefined;
  return Array.isArray(schema) && typeof schema[2] === 'string' ? schema[2] : 'request';
}

/** The answer named the region that the bucket is really in, or that the signature should have. */
class Misdirected extends Error {
  readonly region: string;
  readonly translated: StoreError;

  constructor(region: string, translated: StoreError) {
    super(region);
    this.region = region;
    this.translated = translated;
  }
}
