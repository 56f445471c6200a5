import { formatAddress, type ObjectAddress } from '../core/address.ts';
import type { OpenedWith } from '../core/keyAccess.ts';
import type { CopyResult, ObjectInfo, ObjectStore, WriteCondition } from '../core/objectStore.ts';
import { StoreError } from '../core/storeError.ts';
import { findListed } from './findListed.ts';
import { inspectObject } from './openObject.ts';
import { streamObject } from './streamObject.ts';
import type { TransferContext } from './transferContext.ts';

export interface CopyObjectOptions {
  /** What is expected at the target; default: no object. */
  readonly condition?: WriteCondition | undefined;
  /** What to encrypt the target with; undefined keeps what the source is encrypted with. */
  readonly targetKey?: OpenedWith | undefined;
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
}

/**
 * Copies an object with its customer key, properties and tags; within a connection by
 * {@link ObjectStore.copy}, between two through this client. The target is verified by HEAD, and
 * what it is encrypted with is remembered.
 *
 * @throws StoreError `conflict` if the condition does not hold at the target, `keyNotBound` if the
 *   customer key may not be sent to the target, and whatever keeps the source from being read
 */
export async function copyObject(
  context: TransferContext,
  source: ObjectAddress,
  target: ObjectAddress,
  options: CopyObjectOptions = {},
): Promise<CopiedObject> {
  const { stores, keys } = context;
  const { condition = { type: 'absent' }, mayAsk, signal, onProgress } = options;
  const from = await stores.get(source.connection);
  const to = await stores.get(target.connection);
  if (from.host === to.host && source.bucket === target.bucket && source.key === target.key) {
    throw sameObject(source, target);
  }
  const opened = await inspectObject(from, keys, source, { mayAsk, signal });
  const targetOpenedWith = options.targetKey ?? opened.openedWith;
  const sourceKey = opened.openedWith === 'none' ? undefined : opened.openedWith;
  const targetKey = targetOpenedWith === 'none' ? undefined : targetOpenedWith;
  if (targetKey !== undefined) await requireBinding(context, to, target, targetKey);
  if (from !== to && condition.type !== 'absent') {
    await refuseSameObject(to, target, opened.info, signal);
  }
  const how = { sourceKey, targetKey, condition, signal, onProgress };
  const result =
    from === to
      ? await from.copy(source, target, how)
      : await streamObject({ store: from, info: opened.info }, { store: to, address: target }, how);
  keys.remember(target, targetOpenedWith);
  return { ...result, sourceOpenedWith: opened.openedWith, targetOpenedWith };
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
