import type { ObjectAddress } from '../core/address.ts';
import type { MultipartStore } from '../core/multipartStore.ts';
import type {
  CopyOptions,
  CopyResult,
  GetOptions,
  GetResult,
  ListedBucket,
  ListedVersion,
  ListPage,
  ListRequest,
  ObjectBody,
  ObjectInfo,
  ObjectStore,
  ObjectTags,
  PutOptions,
  PutResult,
  ReadOptions,
  ServerTraits,
} from '../core/objectStore.ts';
import type { StoreOptions } from '../core/storeOptions.ts';
import { headBucket, listBuckets } from './buckets.ts';
import { copyObject } from './copy.ts';
import { deleteObject } from './delete.ts';
import { deleteMany, type DeleteFailure } from './deleteMany.ts';
import { getObject } from './get.ts';
import { headObject } from './head.ts';
import { listObjects } from './list.ts';
import { multipartOver } from './multipartStore.ts';
import { putObject } from './put.ts';
import { serverTraits } from './serverTraits.ts';
import { getTags } from './tags.ts';
import { listVersions } from './versions.ts';
import { Wire } from './wire.ts';

type VersionOptions = Parameters<ObjectStore['delete']>[1];

/** Makes the store of a connection; it sends nothing yet. */
export function createStore(options: StoreOptions): ObjectStore {
  return new S3Store(options);
}

/** Core's ObjectStore over the SDK; each operation is a file of its own in this folder. */
class S3Store implements ObjectStore {
  readonly connection: string;
  readonly host: string;
  readonly multipart: MultipartStore;
  readonly #wire: Wire;

  constructor(options: StoreOptions) {
    this.#wire = new Wire(options);
    this.connection = options.connection.name;
    this.host = this.#wire.host;
    this.multipart = multipartOver(this.#wire);
  }

  listBuckets(signal?: AbortSignal): Promise<readonly ListedBucket[]> {
    return listBuckets(this.#wire, signal);
  }

  headBucket(bucket: string, signal?: AbortSignal): Promise<void> {
    return headBucket(this.#wire, bucket, signal);
  }

  list(request: ListRequest): Promise<ListPage> {
    return listObjects(this.#wire, request);
  }

  listVersions(bucket: string, prefix: string): AsyncIterable<ListedVersion> {
    return listVersions(this.#wire, bucket, prefix);
  }

  head(address: ObjectAddress, options?: ReadOptions): Promise<ObjectInfo> {
    return headObject(this.#wire, address, options);
  }

  get(address: ObjectAddress, options?: GetOptions): Promise<GetResult> {
    return getObject(this.#wire, address, options);
  }

  put(address: ObjectAddress, body: ObjectBody, options: PutOptions): Promise<PutResult> {
    return putObject(this.#wire, address, body, options);
  }

  copy(source: ObjectAddress, target: ObjectAddress, options: CopyOptions): Promise<CopyResult> {
    return copyObject(this.#wire, source, target, options);
  }

  delete(address: ObjectAddress, options?: VersionOptions): Promise<void> {
    return deleteObject(this.#wire, address, options);
  }

  deleteMany(
    bucket: string,
    keys: readonly string[],
    signal?: AbortSignal,
  ): Promise<readonly DeleteFailure[]> {
    return deleteMany(this.#wire, bucket, keys, signal);
  }

  getTags(address: ObjectAddress, options?: VersionOptions): Promise<ObjectTags> {
    return getTags(this.#wire, address, options);
  }

  traits(): ServerTraits {
    return serverTraits(this.#wire.server);
  }

  dispose(): void {
    this.#wire.dispose();
  }
}
