import type { ObjectAddress } from '../core/address.ts';
import type { GpgPassphrase } from '../core/gpg.ts';
import type { KeyAccess, OpenedWith } from '../core/keyAccess.ts';
import type { ObjectInfo, ObjectStore } from '../core/objectStore.ts';
import { isStoreError } from '../core/storeError.ts';
import { collectBody, discardBody } from './body.ts';
import { type Fitting, withFittingKey } from './fittingKey.ts';

/** An object as it was found, and what opened it. */
export interface OpenedObject {
  readonly info: ObjectInfo;
  readonly openedWith: OpenedWith;
  /** What its content is encrypted with by GPG, beside the customer key. */
  readonly passphrase?: GpgPassphrase | undefined;
}

/** An opened object with its bytes. */
export interface ReadObject extends OpenedObject {
  readonly bytes: Uint8Array;
}

export interface OpenOptions {
  /** Sees the headers before the body is read; what it throws ends the request. */
  readonly admit?: ((info: ObjectInfo) => void) | undefined;
  /** Whether a person may be asked for a customer key that fits, or to bind one; default true. */
  readonly mayAsk?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads an object with the key that fits: one GET in the common case. What opened it is
 * remembered.
 *
 * @throws StoreError see {@link withFittingKey}; `corrupted` if the body has another length than
 *   the headers say
 */
export async function openObject(
  store: ObjectStore,
  keys: KeyAccess,
  address: ObjectAddress,
  options: OpenOptions = {},
): Promise<ReadObject> {
  const { admit, mayAsk, signal } = options;
  const fitting = await withFittingKey(
    store,
    keys,
    address,
    (customerKey) => store.get(address, { customerKey, signal }),
    mayAsk,
  );
  const { info, body } = fitting.result;
  try {
    const openedWith = await whatOpened(store, { tried: fitting.tried, result: info });
    keys.remember(address, openedWith);
    admit?.(info);
    return { info, openedWith, bytes: await collectBody(body, info.size) };
  } catch (error) {
    await discardBody(body);
    throw error;
  }
}

/** As {@link openObject}, but by HEAD: without the bytes. */
export async function inspectObject(
  store: ObjectStore,
  keys: KeyAccess,
  address: ObjectAddress,
  options: Omit<OpenOptions, 'admit'> = {},
): Promise<OpenedObject> {
  const { mayAsk, signal } = options;
  const fitting = await withFittingKey(
    store,
    keys,
    address,
    (customerKey) => store.head(address, { customerKey, signal }),
    mayAsk,
  );
  const openedWith = await whatOpened(store, fitting);
  keys.remember(address, openedWith);
  return { info: fitting.result, openedWith };
}

/**
 * Some servers take a key for a plain object and answer 200 (Ceph), others answer 200 for an
 * encrypted object and leave out the echo. What was sent proves nothing then: a keyless HEAD
 * decides, or the next save would store the one or the other the wrong way.
 */
export async function whatOpened(
  store: ObjectStore,
  { tried, result: info }: Fitting<ObjectInfo>,
): Promise<OpenedWith> {
  if (tried === 'none' || info.encryption.type === 'customerKey') return tried;
  try {
    const { address, versionId } = info;
    await store.head(address, versionId === undefined ? {} : { versionId });
    return 'none';
  } catch (error) {
    if (isStoreError(error, 'customerKeyRequired')) return tried;
    throw error;
  }
}
