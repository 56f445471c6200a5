import { formatAddress, type ObjectAddress } from '../core/address.ts';
import { type GpgAccess, GpgError } from '../core/gpg.ts';
import { readObjectAttributes } from '../core/objectAttributes.ts';
import type { ObjectInfo, ObjectStore } from '../core/objectStore.ts';
import { decryptBytes, withFittingPassphrase } from './gpgBytes.ts';
import type { GpgSealing } from './gpgSealing.ts';
import { type OpenedObject, openObject, type OpenOptions, type ReadObject } from './openObject.ts';
import type { TransferContext } from './transferContext.ts';

/** Whether an object's bytes are what GPG made of its content. */
function isGpgEncrypted({ properties }: ObjectInfo): boolean {
  return readObjectAttributes(properties.metadata).gpgEncrypted;
}

/**
 * As {@link openObject}; what GPG encrypted before it was sent is decrypted, with the passphrase
 * that fits. It goes with the object, so that a save encrypts with it again.
 *
 * @throws GpgError beside what openObject throws
 */
export async function openContent(
  { keys, gpg }: Pick<TransferContext, 'keys' | 'gpg'>,
  store: ObjectStore,
  address: ObjectAddress,
  options: OpenOptions = {},
): Promise<ReadObject> {
  const opened = await openObject(store, keys, address, options);
  if (gpg === undefined || !isGpgEncrypted(opened.info)) return opened;
  const { result, passphrase } = await withFittingPassphrase(gpg, address, ({ secret }) =>
    decryptBytes(gpg, opened.bytes, secret),
  );
  return { ...opened, bytes: result, passphrase };
}

/**
 * The object with the passphrase to save it with; by one GET, if it was opened without its content.
 * @throws GpgError `noPassphrase` if none fits: it must not be saved then
 */
export async function withPassphrase<T extends OpenedObject>(
  context: Pick<TransferContext, 'keys' | 'gpg'>,
  store: ObjectStore,
  opened: T,
): Promise<T> {
  if (opened.passphrase !== undefined || !isGpgEncrypted(opened.info)) return opened;
  const { passphrase } = await openContent(context, store, opened.info.address);
  return { ...opened, passphrase };
}

/** How a save encrypts by GPG; undefined if it does not. @throws GpgError `noPassphrase` */
export function sealingOf(
  opened: OpenedObject,
  gpg: GpgAccess | undefined,
): GpgSealing | undefined {
  const { passphrase, info } = opened;
  if (passphrase === undefined && !isGpgEncrypted(info)) return undefined;
  if (passphrase !== undefined && gpg !== undefined) {
    return { gpg, passphrase: () => Promise.resolve(passphrase) };
  }
  throw new GpgError(
    'noPassphrase',
    `${formatAddress(info.address)} was encrypted by GPG, and its passphrase is not known. Nothing was saved: it would not be encrypted.`,
  );
}
