import { formatAddress, type ObjectAddress } from '../core/address.ts';
import type { OpenedWith } from '../core/keyAccess.ts';
import type { CopyResult, ObjectInfo, ObjectStore, WriteCondition } from '../core/objectStore.ts';
import { StoreError } from '../core/storeError.ts';
import { findListed } from './findListed.ts';
import { inspectObject } from './openObject.ts';
import { withRetries } from './retry.ts';
import { type StreamOptions, streamObject } from './streamObject.ts';
import type { TransferContext } from './transferContext.ts';

/**
 * What to encrypt the target of a copy with: as its source is encrypted, as the key rules and the
 * default say for a new object there, with a customer key, or with none.
 */
export type TargetKey = 'asSource' | 'byRule' | OpenedWith;

export interface CopyObjectOptions extends Pick<StreamOptions, 'limits' | 'partSize' | 'patience'> {
  /** What is expected at the target; default: no object. */
  readonly condition?: WriteCondition | undefined;
  /** Default: as the source. */
  readonly targetKey?: TargetKey | undefined;
  /** Whether what is encrypted with a customer key may be stored without one; default false. */
  readonly mayDecrypt?: boolean | undefined;
  /** Whether a person may be asked for the source's customer key; default true. */
  readonly mayAsk?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Bytes copied so far. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
}

/** A copy whose target was verified. */
export interface CopiedObject extends CopyResult {
  /** What opens the source. */
  readonly sourceOpenedWith: OpenedWith;
  /** What the target is encrypted with. */
  readonly targetOpenedWith: OpenedWith;
  /** The source's storage class, if the target could not be given it: it is on another server. */
  readonly droppedStorageClass?: string | undefined;
}

/**
 * Copies an object with its customer key, properties and tags; within a connection by
 * {@link ObjectStore.copy}, between two through this client. The target is verified by HEAD, and
 * what it is encrypted with is remembered.
 *
 * @throws StoreError `conflict` if the condition does not hold at the target, `keyNotBound` if the
 *   customer key may not be sent to the target, `invalid` if it would be stored without one and may
 *   not, and whatever keeps the source from being read
 */
export async function copyObject(
  context: TransferContext,
  source: ObjectAddress,
  target: ObjectAddress,
  options: CopyObjectOptions = {},
): Promise<CopiedObject> {
  const { stores, keys } = context;
  const { condition = { type: 'absent' }, mayAsk, partSize, signal, onProgress } = options;
  const from = await stores.get(source.connection);
  const to = await stores.get(target.connection);
  if (from.host === to.host && source.bucket === target.bucket && source.key === target.key) {
    throw sameObject(source, target);
  }
  const opened = await withRetries(
    () => inspectObject(from, keys, source, { mayAsk, signal }),
    options,
  );
  const targetOpenedWith = await resolveKey(context, options, opened.openedWith, to, target);
  const sourceKey = opened.openedWith === 'none' ? undefined : opened.openedWith;
  const targetKey = targetOpenedWith === 'none' ? undefined : targetOpenedWith;
  if (targetKey !== undefined) await requireBinding(context, to, target, targetKey);
  else if (sourceKey !== undefined && options.mayDecrypt !== true)
    throw unencrypted(source, target);
  if (from !== to && condition.type !== 'absent') {
    await refuseSameObject(to, target, opened.info, signal);
  }
  const { info } = opened;
  const how = { sourceKey, targetKey, condition, signal, onProgress };
  const result =
    from === to
      ? await from.copy(source, target, { ...how, source: info })
      : await streamObject(
          { store: from, info },
          { store: to, address: target },
          { ...how, limits: options.limits, partSize, patience: options.patience },
        );
  keys.remember(target, targetOpenedWith);
  const { storageClass } = info.properties;
  const isDropped = from.host !== to.host && storageClass !== 'STANDARD';
  return {
    ...{ ...result, sourceOpenedWith: opened.openedWith, targetOpenedWith },
    droppedStorageClass: isDropped ? storageClass : undefined,
  };
}

async function resolveKey(
  { keys }: TransferContext,
  { targetKey = 'asSource' }: CopyObjectOptions,
  sourceOpenedWith: OpenedWith,
  to: ObjectStore,
  target: ObjectAddress,
): Promise<OpenedWith> {
  if (targetKey === 'asSource') return sourceOpenedWith;
  return targetKey === 'byRule' ? await keys.forNewObject(target, to.host) : targetKey;
}

function unencrypted(source: ObjectAddress, target: ObjectAddress): StoreError {
  return new StoreError(
    'invalid',
    `${formatAddress(source)} is encrypted with a customer key, and ${formatAddress(target)} would have none. Nothing was copied.`,
    target,
  );
}

/**
 * One server may be reached by two names. Whoever moves an object onto itself would delete it, so
 * a target that is the same to the second is taken for the source.
 */
async function refuseSameObject(
  to: ObjectStore,
  target: ObjectAddress,
  source: ObjectInfo,
  signal: AbortSignal | undefined,
): Promise<void> {
  const found = await findListed(to, target, signal);
  if (found?.etag !== source.etag || found.size !== source.size) return;
  // Listings tell milliseconds where a HEAD tells seconds.
  const apart = Math.abs(found.lastModified.getTime() - source.lastModified.getTime());
  if (apart < 1000) throw sameObject(source.address, target);
}

function sameObject(source: ObjectAddress, target: ObjectAddress): StoreError {
  return new StoreError('invalid', `${formatAddress(source)} is both source and target.`, target);
}

async function requireBinding(
  { keys }: TransferContext,
  to: ObjectStore,
  target: ObjectAddress,
  customerKey: Exclude<OpenedWith, 'none'>,
): Promise<void> {
  if (await keys.mayBeSent(customerKey, target, to.host)) return;
  const { fingerprint } = customerKey;
  throw new StoreError(
    'keyNotBound',
    `The customer key ${fingerprint} may not be sent to ${to.host} for the bucket ${target.bucket}. Nothing was copied.`,
    { ...target, host: to.host, fingerprint },
  );
}
