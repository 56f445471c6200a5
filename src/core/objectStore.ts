import type { ObjectAddress } from './address.ts';
import type { CustomerKey, Fingerprint } from './customerKey.ts';
import type { MultipartStore } from './multipartStore.ts';

/** How an object is encrypted on the server, as the server's answer says. */
export type Encryption =
  | { readonly type: 'customerKey'; readonly fingerprint: Fingerprint }
  | { readonly type: 'server'; readonly algorithm: string; readonly kmsKeyId?: string | undefined }
  | { readonly type: 'none' };

/** What a writer says about an object beside its bytes; a PUT has to restate all of it. */
export interface ObjectProperties {
  readonly contentType?: string | undefined;
  readonly cacheControl?: string | undefined;
  readonly contentDisposition?: string | undefined;
  readonly contentEncoding?: string | undefined;
  readonly contentLanguage?: string | undefined;
  /** The Expires header as it was written, also when it is no valid date. */
  readonly expires?: string | undefined;
  readonly websiteRedirectLocation?: string | undefined;
  /** For example `STANDARD_IA`; undefined means the server's default. */
  readonly storageClass?: string | undefined;
  /** User metadata: lower-case names without `x-amz-meta-`. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

/** Tags of an object: up to ten. */
export type ObjectTags = Readonly<Record<string, string>>;

/** What a GET or HEAD tells of an object. */
export interface ObjectInfo {
  readonly address: ObjectAddress;
  /** In bytes, of the whole object (also when a range was asked for). */
  readonly size: number;
  /** Opaque, without quotes; under SSE-C it is no MD5. */
  readonly etag: string;
  /** In whole seconds on most servers. */
  readonly lastModified: Date;
  readonly versionId?: string | undefined;
  readonly encryption: Encryption;
  readonly properties: ObjectProperties;
  /** How many tags it has; undefined if the server does not say. */
  readonly tagCount?: number | undefined;
}

/** What a LIST tells of an object; never how it is encrypted. */
export interface ListedObject {
  readonly key: string;
  readonly size: number;
  readonly etag: string;
  readonly lastModified: Date;
  readonly storageClass?: string | undefined;
}

/** One page of a listing; both lists are in UTF-8 binary order of the keys. */
export interface ListPage {
  readonly objects: readonly ListedObject[];
  /** Common prefixes, each ending with the delimiter. */
  readonly prefixes: readonly string[];
  /** Pass it to get the next page; undefined on the last one. A page may be short or empty. */
  readonly continuationToken?: string | undefined;
}

export interface ListRequest {
  readonly bucket: string;
  readonly prefix: string;
  /** `/` groups what stands below into common prefixes; undefined lists everything. */
  readonly delimiter?: '/' | undefined;
  readonly continuationToken?: string | undefined;
  /** 1 to 1,000; default 1,000. */
  readonly maxKeys?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface ListedBucket {
  readonly name: string;
  readonly createdAt?: Date | undefined;
}

/** One version (or delete marker) of an object. */
export interface ListedVersion {
  readonly key: string;
  readonly versionId: string;
  readonly isLatest: boolean;
  readonly isDeleteMarker: boolean;
  readonly size: number;
  readonly etag: string;
  readonly lastModified: Date;
}

/** What every read of an object takes. */
export interface ReadOptions {
  /** The customer key to send; undefined sends none. */
  readonly customerKey?: CustomerKey | undefined;
  readonly versionId?: string | undefined;
  /** Fails with `conflict` if the object's ETag is another one. */
  readonly ifMatch?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface GetOptions extends ReadOptions {
  /** First and last byte, both inclusive, as in RFC 9110 section 14.1.2. */
  readonly range?: { readonly first: number; readonly last: number } | undefined;
}

export interface GetResult {
  readonly info: ObjectInfo;
  /** The bytes as they arrive. Iterate it to the end, or return from the loop to end the request. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** Bytes in memory, or a stream of known size that can be read once. */
export type ObjectBody =
  Uint8Array | { readonly size: number; readonly stream: AsyncIterable<Uint8Array> };

/** The state that a write expects: a certain ETag, no object at all, or anything. */
export type WriteCondition =
  | { readonly type: 'matches'; readonly etag: string }
  | { readonly type: 'absent' }
  | { readonly type: 'any' };

export interface PutOptions {
  /** The customer key to encrypt with; undefined stores it as the bucket's default says. */
  readonly customerKey?: CustomerKey | undefined;
  readonly condition: WriteCondition;
  readonly properties?: ObjectProperties | undefined;
  /** Written in the same request, so that the object is never without them. */
  readonly tags?: ObjectTags | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface PutResult {
  readonly etag: string;
  readonly versionId?: string | undefined;
  readonly size: number;
}

export interface CopyOptions {
  /** The key that the source is encrypted with; undefined if it is not encrypted with SSE-C. */
  readonly sourceKey?: CustomerKey | undefined;
  /** The key to encrypt the target with; undefined stores it as the bucket's default says. */
  readonly targetKey?: CustomerKey | undefined;
  readonly sourceVersionId?: string | undefined;
  /** What a HEAD of the source told just now; without it one is made. */
  readonly source?: ObjectInfo | undefined;
  /** What is expected at the target. */
  readonly condition: WriteCondition;
  /** Replaces the source's properties; undefined keeps all of them (tags are always kept). */
  readonly properties?: ObjectProperties | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Bytes copied so far. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
}

/** A target that was verified: its size, ETag and encryption are what was asked for. */
export interface CopyResult {
  readonly info: ObjectInfo;
  /** Whether the bytes stayed on the server or went through this client. */
  readonly method: 'server' | 'streamed';
  /** The source as it was copied (its ETag, for a later conditional delete). */
  readonly source: ObjectInfo;
}

/** What is known about how well a server keeps its side of the protocol, for people to read. */
export interface ServerTraits {
  /** The Server header, if there was one. */
  readonly server?: string | undefined;
  /** Whether a save is guarded by the server itself or by a comparison just before it. */
  readonly conditionalPut: 'unknown' | 'atomic' | 'comparedBefore';
  /** Whether it copies SSE-C objects by itself. */
  readonly serverSideCopy: 'unknown' | 'yes' | 'parts' | 'no';
}

/**
 * The objects behind one connection. Every method throws only {@link StoreError}, and sends a
 * customer key only over https, only to a host and bucket that it is bound to, and only where S3
 * needs it (never on LIST, DELETE, tagging or bucket requests).
 */
export interface ObjectStore {
  /** The connection's slug. */
  readonly connection: string;
  /** The host that customer keys are bound to; see `connectionHost`. */
  readonly host: string;
  /** Uploads in parts, for what is too large for one PUT. */
  readonly multipart: MultipartStore;

  /** ListBuckets, or the connection's own bucket list without a request. */
  listBuckets(signal?: AbortSignal): Promise<readonly ListedBucket[]>;

  /** HeadBucket. @throws `noSuchBucket`, `forbidden` and the connection's own failures */
  headBucket(bucket: string, signal?: AbortSignal): Promise<void>;

  /** ListObjectsV2: one request, one page. */
  list(request: ListRequest): Promise<ListPage>;

  /** ListObjectVersions of one prefix, all pages, newest first for each object key. */
  listVersions(bucket: string, prefix: string): AsyncIterable<ListedVersion>;

  /**
   * HeadObject: one request; where the bare status does not tell the error apart, one more (a GET
   * of one byte).
   */
  head(address: ObjectAddress, options?: ReadOptions): Promise<ObjectInfo>;

  /**
   * GetObject: one request. An error that could mean a wrong customer key as well as a missing
   * right is told apart by a keyless HEAD.
   */
  get(address: ObjectAddress, options?: GetOptions): Promise<GetResult>;

  /**
   * PutObject, atomic: at any failure the object at the address is the one before. Restates nothing
   * by itself: what is not in the options is gone afterwards. With a customer key it checks the
   * echo of its MD5 and, without an echo, that a keyless HEAD is refused; an object that turns out
   * to be stored in plaintext is removed at once (`storedInPlaintext`). The condition holds on
   * servers that ignore or botch conditional requests as far as a comparison right before the PUT
   * can make it hold.
   *
   * @throws `conflict` if the condition does not hold; `unsupportedName` before anything is sent
   *   if the server would store it under another object key
   */
  put(address: ObjectAddress, body: ObjectBody, options: PutOptions): Promise<PutResult>;

  /**
   * Copies within this connection, on the server where it can, else through this client, with all
   * properties and tags. Never trusts the copy's own answer: a HEAD of the target with the key (and
   * one without, if the server does not echo) decides. A target in plaintext is removed at once.
   */
  copy(source: ObjectAddress, target: ObjectAddress, options: CopyOptions): Promise<CopyResult>;

  /** DeleteObject of the newest version (a delete marker, if versioned) or of the named one. */
  delete(
    address: ObjectAddress,
    options?: {
      readonly versionId?: string | undefined;
      readonly signal?: AbortSignal | undefined;
    },
  ): Promise<void>;

  /**
   * DeleteObjects, 1,000 keys a request (keys that XML cannot carry go one by one).
   * @returns the failures, one an object key
   */
  deleteMany(
    bucket: string,
    keys: readonly string[],
    signal?: AbortSignal,
  ): Promise<readonly { readonly key: string; readonly error: Error }[]>;

  /** GetObjectTagging; empty where the server has no tagging. */
  getTags(
    address: ObjectAddress,
    options?: {
      readonly versionId?: string | undefined;
      readonly signal?: AbortSignal | undefined;
    },
  ): Promise<ObjectTags>;

  /** What has been seen of the server so far; no request. */
  traits(): ServerTraits;

  /** Ends its connections; the store is not used afterwards. */
  dispose(): void;
}
