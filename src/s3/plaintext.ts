import type { ObjectAddress } from '../core/address.ts';
import type { CustomerKey } from '../core/customerKey.ts';
import { isStoreError } from '../core/storeError.ts';
import { deleteObject } from './delete.ts';
import { askKeyless } from './readRefusal.ts';
import { subjectOf } from './subject.ts';
import type { Wire } from './wire.ts';

/**
 * A write with a customer key whose answer did not echo the key's MD5 may have stored plaintext: a
 * keyless HEAD must be refused. Where it is not, the object (that very version) is removed at once.
 *
 * @throws StoreError `storedInPlaintext`
 */
export async function ensureEncrypted(
  wire: Wire,
  address: ObjectAddress,
  options: {
    readonly customerKey: CustomerKey;
    readonly versionId?: string | undefined;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<void> {
  const keyless = await askKeyless(wire, address, { versionId: options.versionId });
  if (keyless !== 'readable') return;
  const error = wire.error('storedInPlaintext', subjectOf(address, options));
  try {
    await deleteObject(wire, address, { versionId: options.versionId });
  } catch (cause) {
    if (isStoreError(cause)) {
      throw wire.error('storedInPlaintext', subjectOf(address, options), { cause });
    }
    throw cause;
  }
  throw error;
}
