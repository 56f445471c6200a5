import type { ObjectAddress } from './address.ts';
import type { CustomerKey } from './customerKey.ts';
import type { ObjectInfo, ObjectProperties, ObjectTags, WriteCondition } from './objectStore.ts';

/** A multipart upload that was begun; it holds no secret and may be kept over a restart. */
export interface MultipartUpload {
  readonly address: ObjectAddress;
  readonly uploadId: string;
  /** Whether the server echoed the customer key's MD5 at the start: then it has to for each part. */
  readonly echoesKey: boolean;
  /** What its parts are announced by. */
  readonly digest: PartDigest;
}

/** How the bytes of a part are announced, so that the server can refuse what it got wrong. */
export type PartDigest = 'crc32' | 'md5';

/** The bytes of one part; read again for every attempt to send them. */
export interface PartSource {
  /** In bytes: 5 MiB to 5 GiB, the last part of an upload may be smaller. */
  readonly size: number;
  /** A stream from the part's first byte to its last. */
  read(): AsyncIterable<Uint8Array>;
  /** The CRC-32 (big-endian, 4 bytes) or MD5 (16 bytes) of the whole part, in base64. */
  digest(algorithm: PartDigest): Promise<string>;
}

/** A part that the server has. */
export interface UploadedPart {
  /** 1 to 10,000. */
  readonly partNumber: number;
  /** Opaque, without quotes. */
  readonly etag: string;
  readonly size: number;
  /** The CRC-32 in base64, if the part was announced by it and the server keeps it. */
  readonly crc32?: string | undefined;
}

/** A multipart upload that was begun and neither completed nor aborted. */
export interface UnfinishedUpload {
  readonly key: string;
  readonly uploadId: string;
  readonly initiatedAt: Date;
  readonly storageClass?: string | undefined;
}

/** What every request about a multipart upload takes. */
export interface UploadOptions {
  /** The key that the upload was begun with. */
  readonly customerKey?: CustomerKey | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface CreateUploadOptions extends UploadOptions {
  readonly properties?: ObjectProperties | undefined;
  readonly tags?: ObjectTags | undefined;
}

export interface CompleteUploadOptions extends UploadOptions {
  /** The state that is expected at the address right before. */
  readonly condition: WriteCondition;
  /**
   * The user metadata and tags that the upload was begun with. They tell the finished object from
   * somebody else's if the answer gets lost; tags that the server forgot are written again.
   */
  readonly metadata?: ObjectProperties['metadata'];
  readonly tags?: ObjectTags | undefined;
}

/**
 * Multipart uploads. What {@link ObjectStore} promises holds here too: only StoreErrors, customer
 * keys over https and to bound hosts only. The customer key goes with every request that takes it.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
 */
export interface MultipartStore {
  /** What the parts of an upload begun now would be announced by; no request. */
  partDigest(): PartDigest;

  /**
   * CreateMultipartUpload; nothing is visible until it is completed.
   *
   * @throws `unsupportedName`, `ssecBlocked` and others as a PUT; `storedInPlaintext` if the server
   *   echoes another key
   * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html
   */
  create(address: ObjectAddress, options: CreateUploadOptions): Promise<MultipartUpload>;

  /**
   * UploadPart: one attempt, in constant memory. A part that is sent again replaces the one before.
   *
   * @throws `corrupted` if the server got other bytes than announced, or does not echo the key's
   *   MD5 although it did before: send it again; `notFound` if there is no such upload
   * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html
   */
  uploadPart(
    upload: MultipartUpload,
    partNumber: number,
    source: PartSource,
    options: UploadOptions,
  ): Promise<UploadedPart>;

  /**
   * ListParts, all pages, by part number.
   *
   * @throws `notFound` if there is no such upload (any more)
   * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html
   */
  listParts(upload: MultipartUpload, options: UploadOptions): Promise<readonly UploadedPart[]>;

  /**
   * CompleteMultipartUpload. The condition holds on servers that ignore it as far as a comparison
   * right before can make it hold. The answer is not trusted: a HEAD of the object decides (size,
   * encryption), also where the answer got lost or was an error in a 200. An object that turns out
   * to be stored in plaintext is removed at once.
   *
   * @param parts all parts, by part number
   * @throws `conflict` if the condition does not hold; `notFound` if there is no such upload;
   *   `storedInPlaintext`; after any other failure it may be called again
   * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
   */
  complete(
    upload: MultipartUpload,
    parts: readonly UploadedPart[],
    options: CompleteUploadOptions,
  ): Promise<ObjectInfo>;

  /**
   * AbortMultipartUpload, until it is gone: the server frees the parts. One that is gone already is
   * fine.
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html
   */
  abort(upload: Pick<MultipartUpload, 'address' | 'uploadId'>, signal?: AbortSignal): Promise<void>;

  /**
   * ListMultipartUploads, all pages. MinIO lists only those of one object: the prefix has to be its
   * whole key.
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html
   */
  listUploads(
    bucket: string,
    prefix: string,
    signal?: AbortSignal,
  ): AsyncIterable<UnfinishedUpload>;
}
