import { formatAddress } from '../core/address.ts';
import type { CustomerKey } from '../core/customerKey.ts';
import type { ObjectStore } from '../core/objectStore.ts';
import { isStoreError, StoreError } from '../core/storeError.ts';
import { sealingOf, withPassphrase } from './gpgObject.ts';
import type { GpgSealing } from './gpgSealing.ts';
import { inspectObject, type OpenedObject } from './openObject.ts';
import type { TransferContext } from './transferContext.ts';
import type { UploadTask } from './uploadTree.ts';

/** What a file is encrypted with when it is uploaded. */
export interface UploadEncryption {
  readonly customerKey: CustomerKey | undefined;
  readonly gpg: GpgSealing | undefined;
}

/**
 * How a file is encrypted: as new objects at its address are, and where that says nothing, as the
 * object that it replaces; one HEAD then.
 *
 * @param ruled what the upload rules say about GPG
 * @throws StoreError `customerKeyRequired`, GpgError `noPassphrase` rather than storing in plaintext
 *   what should not be
 */
export async function encryptionFor(
  context: TransferContext,
  store: ObjectStore,
  { address, condition, isEncrypted }: UploadTask,
  ruled: GpgSealing | undefined,
  signal: AbortSignal | undefined,
): Promise<UploadEncryption> {
  const { keys, gpg } = context;
  const key = await keys.forNewObject(address, store.host);
  const isDecided = key !== 'none' && ruled !== undefined;
  const old =
    condition.type === 'matches' && !isDecided
      ? await replaced(context, store, address, key === 'none', signal)
      : undefined;
  const used = key === 'none' ? (old?.openedWith ?? key) : key;
  if (used === 'none' && isEncrypted) {
    const message = `${formatAddress(address)} was to be encrypted, and no rule or default names a customer key any more. Nothing was written.`;
    throw new StoreError('customerKeyRequired', message, { ...address, host: store.host });
  }
  const kept =
    ruled === undefined && old !== undefined
      ? sealingOf(await withPassphrase(context, store, old, signal), gpg)
      : undefined;
  return { customerKey: used === 'none' ? undefined : used, gpg: ruled ?? kept };
}

/**
 * What stands there now; undefined if nothing does, or nobody may look. Whether it is what the plan
 * showed is for the write to find out.
 *
 * @param needsKey whether its customer key is wanted; else one that is unknown does not matter
 */
async function replaced(
  { keys }: TransferContext,
  store: ObjectStore,
  address: UploadTask['address'],
  needsKey: boolean,
  signal: AbortSignal | undefined,
): Promise<OpenedObject | undefined> {
  try {
    return await inspectObject(store, keys, address, { mayAsk: needsKey, signal });
  } catch (error) {
    if (isStoreError(error, 'notFound', 'forbidden')) return undefined;
    if (!needsKey && isStoreError(error, ...keyKinds)) return undefined;
    throw error;
  }
}

const keyKinds = ['customerKeyRequired', 'customerKeyMismatch', 'notEncrypted'] as const;
