import { formatAddress, type ObjectAddress } from '../core/address.ts';
import { type GpgAccess, GpgError } from '../core/gpg.ts';
import { readObjectAttributes } from '../core/objectAttributes.ts';
import type { ObjectInfo, ObjectStore } from '../core/objectStore.ts';
import { collectBody } from './body.ts';
import { decryptBytes, opensWith, withFittingPassphrase } from './gpgBytes.ts';
import type { GpgSealing } from './gpgSealing.ts';
import { type OpenedObject, openObject, type OpenOptions, type ReadObject } from './openObject.ts';
import { withRetries } from './retry.ts';
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

/** Of what GPG encrypted, so many bytes tell whether a passphrase opens it. */
const headLength = 8192;

/**
 * The object with the passphrase to save it with; by one GET of its beginning, if it was opened
 * without its content.
 *
 * @throws GpgError `noPassphrase` if none fits: it must not be saved then
 */
export async function withPassphrase<T extends OpenedObject>(
  { gpg }: Pick<TransferContext, 'gpg'>,
  store: ObjectStore,
  opened: T,
  signal?: AbortSignal,
): Promise<T> {
  const { info, openedWith } = opened;
  if (gpg === undefined || opened.passphrase !== undefined || !isGpgEncrypted(info)) return opened;
  const customerKey = openedWith === 'none' ? undefined : openedWith;
  const range = { first: 0, last: Math.min(headLength, info.size) - 1 };
  const options = { customerKey, range, ifMatch: info.etag, signal };
  const head = await withRetries(
    async () => collectBody((await store.get(info.address, options)).body, range.last + 1),
    { signal },
  );
  const { passphrase } = await withFittingPassphrase(gpg, info.address, ({ secret }) =>
    opensWith(gpg, head, secret),
  );
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
