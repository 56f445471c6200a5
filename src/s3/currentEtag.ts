import { HeadObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import type { ObjectAddress } from '../core/address.ts';
import type { CustomerKey } from '../core/customerKey.ts';
import type { WriteCondition } from '../core/objectStore.ts';
import { isStoreError } from '../core/storeError.ts';
import { unquoted } from './etags.ts';
import { readParameters } from './head.ts';
import { decodeListed } from './listedKeys.ts';
import { subjectOf } from './subject.ts';
import type { Wire } from './wire.ts';

interface Options {
  /** The key to try; the object may be encrypted with another one. */
  readonly customerKey?: CustomerKey | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What stands at an address now. */
interface Standing {
  /** Undefined for nothing. */
  readonly etag: string | undefined;
  /** Whether it was refused with the key that was tried: it is plain, or has another key. */
  readonly otherKey: boolean;
}

/**
 * The ETag of what stands at an address now: by a HEAD, or by a listing where the HEAD wants another
 * customer key (listings need none).
 */
async function standingAt(wire: Wire, address: ObjectAddress, options: Options): Promise<Standing> {
  const command = new HeadObjectCommand(readParameters(address, options));
  try {
    const { ETag } = await wire.send(command, subjectOf(address, options));
    return { etag: unquoted(ETag), otherKey: false };
  } catch (error) {
    if (!isStoreError(error)) throw error;
    if (error.details.status === 404) return { etag: undefined, otherKey: false };
    if (error.details.status !== 400 && error.details.status !== 403) throw error;
    return { etag: await listedEtag(wire, address, options.signal), otherKey: true };
  }
}

/** The ETag of what stands at an address now, undefined for nothing. */
export async function currentEtag(
  wire: Wire,
  address: ObjectAddress,
  options: Options,
): Promise<string | undefined> {
  return (await standingAt(wire, address, options)).etag;
}

async function listedEtag(
  wire: Wire,
  { bucket, key }: ObjectAddress,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  // An object key sorts before all others that start with it.
  const command = new ListObjectsV2Command({
    Bucket: bucket,
    Prefix: key,
    MaxKeys: 1,
    EncodingType: 'url',
  });
  const { Contents = [], EncodingType } = await wire.send(command, { bucket, key, signal });
  const found = Contents.find(({ Key }) => decodeListed(Key, EncodingType) === key);
  return found === undefined ? undefined : unquoted(found.ETag);
}

/**
 * Compares what stands at an address with what a condition expects.
 *
 * @throws StoreError `conflict`
 */
export async function compareBefore(
  wire: Wire,
  address: ObjectAddress,
  condition: WriteCondition,
  options: Options,
): Promise<Standing> {
  if (condition.type === 'any') return { etag: undefined, otherKey: false };
  const expected = condition.type === 'matches' ? condition.etag : undefined;
  const standing = await standingAt(wire, address, options);
  if (standing.etag !== expected) throw wire.error('conflict', subjectOf(address, options));
  return standing;
}
