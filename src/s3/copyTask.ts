import type { ObjectAddress } from '../core/address.ts';
import type { CustomerKey } from '../core/customerKey.ts';
import type {
  CopyResult,
  ObjectInfo,
  ObjectProperties,
  ObjectTags,
  WriteCondition,
} from '../core/objectStore.ts';
import { compareBefore } from './currentEtag.ts';
import { getTags } from './tags.ts';
import type { Wire } from './wire.ts';

/** Sizes at which the way to copy changes, in bytes. */
export interface CopyLimits {
  /** The largest object that CopyObject and PutObject take. */
  readonly single: number;
  /** How much a part of a server-side copy has at least. */
  readonly copyPart: number;
  /** The same for parts that go through this client. */
  readonly streamPart: number;
}

const mebibyte = 1024 * 1024;

/** S3's own limit of 5 GiB, and parts that are retried without much loss. */
export const copyLimits: CopyLimits = {
  single: 5 * 1024 * mebibyte,
  copyPart: 1024 * mebibyte,
  streamPart: 64 * mebibyte,
};

/** S3's limit of parts in an upload. */
const maxParts = 10_000;

/** One copy: what is copied where, and how the target shall be. */
export interface CopyTask {
  readonly wire: Wire;
  readonly source: ObjectInfo;
  /** Undefined if the source is not encrypted with SSE-C. */
  readonly sourceKey: CustomerKey | undefined;
  readonly target: ObjectAddress;
  readonly targetKey: CustomerKey | undefined;
  readonly condition: WriteCondition;
  /** All of the target's properties. */
  readonly properties: ObjectProperties;
  /** Whether they are not the source's. */
  readonly replaced: boolean;
  /** The source's tags, read once. */
  readonly tags: () => Promise<ObjectTags>;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: (bytes: number) => void;
  readonly limits: CopyLimits;
}

/** What a way of copying leaves behind, still to be verified. */
export interface Copied {
  readonly method: CopyResult['method'];
  readonly versionId?: string | undefined;
  /** Undefined if no answer told it. */
  readonly etag?: string | undefined;
}

/** Whether an object is copied onto itself, for another key or other properties. */
export function isInPlace({ source, target }: CopyTask): boolean {
  return source.address.bucket === target.bucket && source.address.key === target.key;
}

/** `bucket/object key`, percent-encoded, as the header x-amz-copy-source has it. */
export function copySource({ source }: CopyTask): string {
  const { bucket, key } = source.address;
  const path = [bucket, ...key.split('/')].map(encodeURIComponent).join('/');
  return source.versionId === undefined
    ? path
    : `${path}?versionId=${encodeURIComponent(source.versionId)}`;
}

/** Compares the target with what is expected there; for right before it is written. */
export async function compareTarget({
  wire,
  target,
  targetKey,
  condition,
  signal,
}: CopyTask): Promise<void> {
  await compareBefore(wire, target, condition, { customerKey: targetKey, signal });
}

/** Reads the source's tags when they are first needed; no request if it is known to have none. */
export function memoizedTags(
  wire: Wire,
  { address, tagCount, versionId }: ObjectInfo,
  signal: AbortSignal | undefined,
): () => Promise<ObjectTags> {
  let tags: Promise<ObjectTags> | undefined;
  return () =>
    (tags ??= tagCount === 0 ? Promise.resolve({}) : getTags(wire, address, { versionId, signal }));
}

/** First and last byte of each part, both inclusive. */
export function partRanges(size: number, least: number): { first: number; last: number }[] {
  const length = Math.max(least, Math.ceil(size / maxParts));
  return Array.from({ length: Math.ceil(size / length) }, (_, index) => ({
    first: index * length,
    last: Math.min(size, (index + 1) * length) - 1,
  }));
}
