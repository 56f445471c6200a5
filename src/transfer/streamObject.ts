import type { ObjectAddress } from '../core/address.ts';
import type {
  CopyOptions,
  CopyResult,
  ObjectInfo,
  ObjectProperties,
  ObjectStore,
  ObjectTags,
} from '../core/objectStore.ts';
import { defaultPartSize } from './partPlan.ts';
import { type Patience, withRetries } from './retry.ts';
import { streamInParts } from './streamInParts.ts';
import { streamWhole } from './streamWhole.ts';
import { createLimits, type TransferLimits } from './transferLimits.ts';

export interface StreamSource {
  readonly store: ObjectStore;
  /** The object as it was found; another state of it is not copied. */
  readonly info: ObjectInfo;
}

export interface StreamTarget {
  readonly store: ObjectStore;
  readonly address: ObjectAddress;
}

export interface StreamOptions extends CopyOptions {
  /** Shared with other transfers; default: four parts at a time. */
  readonly limits?: TransferLimits | undefined;
  /** Larger objects go in parts of this size (more, if 10,000 don't suffice); default 16 MiB. */
  readonly partSize?: number | undefined;
  readonly patience?: Patience | undefined;
}

/** One copy through this client, with everything settled. */
export interface StreamTask extends StreamOptions {
  readonly from: StreamSource;
  readonly to: StreamTarget;
  readonly limits: TransferLimits;
  /** What the target is to have. */
  readonly properties: ObjectProperties;
  readonly tags: ObjectTags | undefined;
}

/**
 * Copies an object between two stores through this client, with its properties and tags: a small
 * one in memory, a large one in parts, a few of them in memory at a time. Nothing of the source is
 * guessed: one that changed meanwhile is a `conflict`, and bytes that are not what the MD5 in its
 * metadata says are not written. The target is verified by HEAD.
 */
export async function streamObject(
  from: StreamSource,
  to: StreamTarget,
  options: StreamOptions,
): Promise<CopyResult> {
  const { info } = from;
  const { limits = createLimits(), partSize = defaultPartSize, signal } = options;
  const { versionId } = info;
  const tags =
    info.tagCount === 0
      ? undefined
      : await withRetries(() => from.store.getTags(info.address, { versionId, signal }), options);
  const properties = options.properties ?? propertiesElsewhere(from, to);
  const stream = info.size <= partSize ? streamWhole : streamInParts;
  const copied = await stream({ ...options, from, to, limits, properties, tags });
  return { info: copied, source: info, method: 'streamed' };
}

/** Storage classes are the server's own: another server may refuse the name. */
function propertiesElsewhere({ store, info }: StreamSource, to: StreamTarget): ObjectProperties {
  if (store.host === to.store.host) return info.properties;
  return { ...info.properties, storageClass: undefined };
}
