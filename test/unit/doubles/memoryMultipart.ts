import { createHash, randomUUID } from 'node:crypto';
import type {
  CompleteUploadOptions,
  CreateUploadOptions,
  MultipartStore,
  MultipartUpload,
  PartDigest,
  PartSource,
  UnfinishedUpload,
  UploadedPart,
  UploadOptions,
} from '../../../src/core/multipartStore.ts';
import type { ObjectAddress } from '../../../src/core/address.ts';
import type { ObjectInfo, ObjectStore } from '../../../src/core/objectStore.ts';
import { StoreError } from '../../../src/core/storeError.ts';

interface Part extends UploadedPart {
  readonly bytes: Uint8Array;
}

interface Unfinished extends CreateUploadOptions {
  readonly address: ObjectAddress;
  readonly parts: Map<number, Part>;
}

/** Notes a request, and throws what a test planned for it. */
type Answer = <T>(verb: string, what: string, work: () => T | Promise<T>) => Promise<T>;

/** Multipart uploads in memory; the finished object is put into the store it belongs to. */
export class MemoryMultipart implements MultipartStore {
  readonly uploads = new Map<string, Unfinished>();
  digest: PartDigest = 'md5';
  readonly #store: Pick<ObjectStore, 'put' | 'head'>;
  readonly #answer: Answer;

  constructor(store: Pick<ObjectStore, 'put' | 'head'>, answer: Answer) {
    this.#store = store;
    this.#answer = answer;
  }

  partDigest(): PartDigest {
    return this.digest;
  }

  create(address: ObjectAddress, options: CreateUploadOptions): Promise<MultipartUpload> {
    return this.#answer('createUpload', address.key, () => {
      const uploadId = randomUUID();
      this.uploads.set(uploadId, { ...options, address, parts: new Map() });
      return {
        ...{ address, uploadId, digest: this.digest },
        echoesKey: options.customerKey !== undefined,
      };
    });
  }

  async uploadPart(
    upload: MultipartUpload,
    partNumber: number,
    source: PartSource,
    options: UploadOptions,
  ): Promise<UploadedPart> {
    const digest = await source.digest(upload.digest);
    const chunks: Uint8Array[] = [];
    for await (const chunk of source.read()) chunks.push(Uint8Array.from(chunk));
    const bytes = Buffer.concat(chunks);
    return await this.#answer('uploadPart', `${upload.address.key} ${partNumber}`, () => {
      const { parts } = this.#find(upload, options);
      const md5 = createHash('md5').update(bytes).digest('base64');
      const wrong = bytes.length !== source.size || (upload.digest === 'md5' && md5 !== digest);
      if (wrong) throw new StoreError('corrupted', 'The part is not what was announced.');
      parts.set(partNumber, { partNumber, etag: randomUUID(), size: bytes.length, bytes });
      return withoutBytes(parts.get(partNumber));
    });
  }

  listParts(upload: MultipartUpload, options: UploadOptions): Promise<readonly UploadedPart[]> {
    return this.#answer('listParts', upload.address.key, () =>
      [...this.#find(upload, options).parts.values()]
        .sort((one, other) => one.partNumber - other.partNumber)
        .map(withoutBytes),
    );
  }

  complete(
    upload: MultipartUpload,
    parts: readonly UploadedPart[],
    options: CompleteUploadOptions,
  ): Promise<ObjectInfo> {
    return this.#answer('completeUpload', upload.address.key, async () => {
      const { address } = upload;
      const { condition, customerKey } = options;
      const found = this.#find(upload, options);
      const bytes = parts.map(({ partNumber, etag }) => {
        const part = found.parts.get(partNumber);
        if (part?.etag !== etag) throw new StoreError('invalid', 'InvalidPart');
        return part.bytes;
      });
      const { properties, tags } = found;
      await this.#store.put(address, Buffer.concat(bytes), {
        ...{ customerKey, condition, properties, tags },
      });
      this.uploads.delete(upload.uploadId);
      return await this.#store.head(address, { customerKey });
    });
  }

  abort(upload: Pick<MultipartUpload, 'address' | 'uploadId'>): Promise<void> {
    return this.#answer('abortUpload', upload.address.key, () => {
      this.uploads.delete(upload.uploadId);
    });
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- it is a stream by contract
  async *listUploads(bucket: string, prefix: string): AsyncIterable<UnfinishedUpload> {
    for (const [uploadId, { address }] of this.uploads) {
      const isAsked = address.bucket === bucket && address.key.startsWith(prefix);
      if (isAsked) yield { key: address.key, uploadId, initiatedAt: new Date(0) };
    }
  }

  #find({ uploadId }: MultipartUpload, { customerKey }: UploadOptions): Unfinished {
    const found = this.uploads.get(uploadId);
    if (found === undefined) throw new StoreError('notFound', 'There is no such upload.');
    if (found.customerKey?.fingerprint !== customerKey?.fingerprint) {
      throw new StoreError('customerKeyMismatch', 'The upload has another customer key.');
    }
    return found;
  }
}

function withoutBytes(part: Part | undefined): UploadedPart {
  const { partNumber = 0, etag = '', size = 0 } = part ?? {};
  return { partNumber, etag, size };
}
