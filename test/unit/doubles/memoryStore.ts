import { createHash } from 'node:crypto';
import type { ObjectAddress } from '../../../src/core/address.ts';
import type { CustomerKey } from '../../../src/core/customerKey.ts';
import type {
  CopyOptions,
  CopyResult,
  GetOptions,
  GetResult,
  ListedVersion,
  ListPage,
  ListRequest,
  ObjectBody,
  ObjectInfo,
  ObjectProperties,
  ObjectStore,
  ObjectTags,
  PutOptions,
  PutResult,
  ReadOptions,
  ServerTraits,
  WriteCondition,
} from '../../../src/core/objectStore.ts';
import { StoreError, type StoreErrorKind } from '../../../src/core/storeError.ts';
import { MemoryMultipart } from './memoryMultipart.ts';

interface Stored {
  readonly bytes: Uint8Array;
  readonly etag: string;
  readonly lastModified: Date;
  readonly fingerprint: string | undefined;
  readonly properties: ObjectProperties;
  readonly tags: ObjectTags;
}

/** How a server differs from AWS. */
export interface Oddities {
  /** As Ceph: a key sent for a plain object is ignored, and answered without an echo. */
  takesKeysForPlainObjects?: boolean;
  /** Answers no echo of the key, as some clouds. */
  omitsEcho?: boolean;
  /** Says nothing about the number of tags. */
  hidesTagCount?: boolean;
  /** Refuses to tell the tags. */
  forbidsTags?: boolean;
  /** Keys that DeleteObjects refuses. */
  undeletable?: readonly string[];
  /** The connection's name, where a test has several. */
  name?: string;
}

/** An ObjectStore in memory, for unit tests; it keeps the port's obligations as AWS does. */
export class MemoryStore implements ObjectStore {
  readonly connection: string;
  readonly host: string;
  readonly multipart = new MemoryMultipart(this, (verb, what, work) =>
    this.#answer(verb, what, work),
  );
  readonly oddities: Oddities;
  /** What was asked, in order: `get a.txt`, with a key `get a.txt +<fingerprint>`. */
  readonly requests: string[] = [];
  /** Throw once, before the next request of that verb is looked at. */
  readonly failures: { verb: string; error: StoreError; after?: boolean }[] = [];
  readonly #buckets = new Map<string, Map<string, Stored>>();
  #writes = 0;

  constructor(oddities: Oddities = {}, ...buckets: readonly string[]) {
    this.oddities = oddities;
    this.connection = oddities.name ?? 'memory';
    this.host = `${this.connection}.example`;
    for (const bucket of buckets.length === 0 ? ['bucket'] : buckets) {
      this.#buckets.set(bucket, new Map());
    }
  }

  address(key: string, bucket = 'bucket'): ObjectAddress {
    return { connection: this.connection, bucket, key };
  }

  listBuckets(): ReturnType<ObjectStore['listBuckets']> {
    return this.#answer('listBuckets', '', () =>
      [...this.#buckets.keys()].map((name) => ({ name })),
    );
  }

  headBucket(bucket: string): Promise<void> {
    return this.#answer('headBucket', bucket, () => {
      this.#bucket(bucket);
    });
  }

  list(request: ListRequest): Promise<ListPage> {
    return this.#answer('list', request.prefix, () => {
      const { prefix, delimiter, continuationToken = '', maxKeys = 1000 } = request;
      const stored = this.#bucket(request.bucket);
      const entries = new Map<string, Stored | undefined>();
      for (const key of [...stored.keys()].sort(byBytes)) {
        if (!key.startsWith(prefix)) continue;
        const end = delimiter === undefined ? -1 : key.indexOf(delimiter, prefix.length);
        const entry = end === -1 ? key : key.slice(0, end + 1);
        if (byBytes(entry, continuationToken) > 0) {
          entries.set(entry, end === -1 ? stored.get(key) : undefined);
        }
      }
      const page = [...entries].slice(0, maxKeys);
      return {
        objects: page.flatMap(([key, object]) =>
          object === undefined ? [] : [{ key, size: object.bytes.length, ...pickListed(object) }],
        ),
        prefixes: page.flatMap(([key, object]) => (object === undefined ? [key] : [])),
        continuationToken: entries.size > maxKeys ? page.at(-1)?.[0] : undefined,
      };
    });
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- it is a stream by contract
  async *listVersions(bucket: string, prefix: string): AsyncIterable<ListedVersion> {
    for (const [key, object] of this.#bucket(bucket)) {
      if (!key.startsWith(prefix)) continue;
      const version = { versionId: 'null', isLatest: true, isDeleteMarker: false };
      yield { key, size: object.bytes.length, ...version, ...pickListed(object) };
    }
  }

  head(address: ObjectAddress, options: ReadOptions = {}): Promise<ObjectInfo> {
    return this.#answer('head', address.key + suffix(options.customerKey), () =>
      this.#info(address, this.#read(address, options), options),
    );
  }

  get(address: ObjectAddress, options: GetOptions = {}): Promise<GetResult> {
    return this.#answer('get', address.key + suffix(options.customerKey), () => {
      const object = this.#read(address, options);
      const { first = 0, last = object.bytes.length } = options.range ?? {};
      const body = inChunks(object.bytes.slice(first, last + 1));
      return { info: this.#info(address, object, options), body };
    });
  }

  async put(address: ObjectAddress, body: ObjectBody, options: PutOptions): Promise<PutResult> {
    const bytes = Uint8Array.from(body instanceof Uint8Array ? body : await joined(body.stream));
    return await this.#answer('put', address.key + suffix(options.customerKey), () => {
      this.#expect(address, options.condition);
      this.#writes += 1;
      const etag = createHash('md5').update(String(this.#writes)).digest('hex');
      this.#bucket(address.bucket).set(address.key, {
        ...{ bytes, etag, lastModified: new Date(Math.floor(Date.now() / 1000) * 1000) },
        fingerprint: options.customerKey?.fingerprint,
        properties: options.properties ?? {},
        tags: options.tags ?? {},
      });
      return { etag, size: bytes.length };
    });
  }

  async copy(
    source: ObjectAddress,
    target: ObjectAddress,
    options: CopyOptions,
  ): Promise<CopyResult> {
    const from = this.#read(source, { customerKey: options.sourceKey });
    const sourceInfo = this.#info(source, from, { customerKey: options.sourceKey });
    const { targetKey: customerKey, condition, properties = from.properties } = options;
    await this.put(target, from.bytes, { customerKey, condition, properties, tags: from.tags });
    return {
      info: this.#info(target, this.#read(target, { customerKey }), { customerKey }),
      ...{ method: 'server', source: sourceInfo },
    };
  }

  delete(address: ObjectAddress): Promise<void> {
    return this.#answer('delete', address.key, () => {
      this.#bucket(address.bucket).delete(address.key);
    });
  }

  deleteMany(bucket: string, keys: readonly string[]): ReturnType<ObjectStore['deleteMany']> {
    return this.#answer('deleteMany', String(keys.length), () => {
      const refused = keys.filter((key) => this.oddities.undeletable?.includes(key) === true);
      for (const key of keys) if (!refused.includes(key)) this.#bucket(bucket).delete(key);
      return refused.map((key) => ({
        key,
        error: failure('forbidden', this.address(key, bucket)),
      }));
    });
  }

  getTags(address: ObjectAddress): Promise<ObjectTags> {
    return this.#answer('getTags', address.key, () => {
      if (this.oddities.forbidsTags === true) throw failure('forbidden', address);
      return this.#find(address).tags;
    });
  }

  traits(): ServerTraits {
    return { conditionalPut: 'atomic', serverSideCopy: 'yes' };
  }

  dispose(): void {
    this.#buckets.clear();
  }

  /** What is stored, past all keys: for looking after a test. */
  stored(key: string, bucket = 'bucket'): Stored | undefined {
    return this.#bucket(bucket).get(key);
  }

  async #answer<T>(verb: string, what: string, work: () => T | Promise<T>): Promise<T> {
    this.requests.push(`${verb} ${what}`.trim());
    await Promise.resolve();
    const index = this.failures.findIndex((each) => each.verb === verb);
    const [planned] = index === -1 ? [] : this.failures.splice(index, 1);
    if (planned === undefined) return await work();
    if (planned.after === true) await work();
    throw planned.error;
  }

  #bucket(name: string): Map<string, Stored> {
    const bucket = this.#buckets.get(name);
    if (bucket === undefined) throw new StoreError('noSuchBucket', `There is no bucket ${name}.`);
    return bucket;
  }

  #find(address: ObjectAddress): Stored {
    const object = this.#bucket(address.bucket).get(address.key);
    if (object === undefined) throw failure('notFound', address);
    return object;
  }

  #read(address: ObjectAddress, { customerKey, ifMatch }: ReadOptions): Stored {
    const object = this.#find(address);
    if (object.fingerprint === undefined) {
      if (customerKey !== undefined && this.oddities.takesKeysForPlainObjects !== true) {
        throw failure('notEncrypted', address);
      }
    } else if (customerKey === undefined) {
      throw failure('customerKeyRequired', address);
    } else if (customerKey.fingerprint !== object.fingerprint) {
      throw failure('customerKeyMismatch', address);
    }
    if (ifMatch !== undefined && ifMatch !== object.etag) throw failure('conflict', address);
    return object;
  }

  #expect(address: ObjectAddress, condition: WriteCondition): void {
    const found = this.#bucket(address.bucket).get(address.key)?.etag;
    const holds =
      condition.type === 'any' ||
      (condition.type === 'absent' ? found === undefined : found === condition.etag);
    if (!holds) throw failure('conflict', address);
  }

  #info(address: ObjectAddress, object: Stored, { customerKey }: ReadOptions): ObjectInfo {
    const { etag, lastModified, properties, fingerprint } = object;
    const echo = customerKey !== undefined && this.oddities.omitsEcho !== true;
    return {
      ...{ address, size: object.bytes.length, etag, lastModified, properties },
      encryption:
        fingerprint === undefined || !echo
          ? { type: 'none' }
          : { type: 'customerKey', fingerprint },
      tagCount: this.oddities.hidesTagCount === true ? undefined : Object.keys(object.tags).length,
    };
  }
}

function failure(kind: StoreErrorKind, address: ObjectAddress): StoreError {
  return new StoreError(kind, `${kind}: ${address.bucket}/${address.key}`, address);
}

function suffix(customerKey: CustomerKey | undefined): string {
  return customerKey === undefined ? '' : ` +${customerKey.fingerprint}`;
}

function pickListed({ etag, lastModified }: Stored): { etag: string; lastModified: Date } {
  return { etag, lastModified };
}

function byBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

// eslint-disable-next-line @typescript-eslint/require-await -- it is a stream by contract
async function* inChunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  const length = 64 * 1024;
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

async function joined(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
