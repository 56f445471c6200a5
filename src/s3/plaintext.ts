import { HeadObjectCommand } from '@aws-sdk/client-s3';
import type { ObjectAddress } from '../core/address.ts';
import type { CustomerKey } from '../core/customerKey.ts';
import { isStoreError, type StoreError } from '../core/storeError.ts';
import { deleteObject } from './delete.ts';
import { unquoted } from './etags.ts';
import { subjectOf } from './subject.ts';
import type { Wire } from './wire.ts';

/** What was written, as the server's answer named it. */
export interface Written {
  readonly customerKey: CustomerKey;
  readonly versionId?: string | undefined;
  /** Undefined if the answer gave none. */
  readonly etag?: string | undefined;
}

/**
 * A write with a customer key whose answer did not echo the key's MD5 may have stored plaintext: a
 * keyless HEAD must be refused. Where it is not, the object (that very version) is removed at once.
 *
 * @throws StoreError `storedInPlaintext`
 */
export async function ensureEncrypted(
  wire: Wire,
  address: ObjectAddress,
  written: Written,
): Promise<void> {
  const { bucket: Bucket, key: Key } = address;
  const { versionId, etag } = written;
  try {
    const command = new HeadObjectCommand({ Bucket, Key, VersionId: versionId });
    const { ETag } = await wire.send(command, subjectOf(address, { versionId }));
    // Somebody else's plain object came after ours: not ours to remove.
    const foreign = versionId === undefined && etag !== undefined && unquoted(ETag) !== etag;
    if (foreign) throw wire.error('conflict', subjectOf(address, written));
  } catch (error) {
    const answered = isStoreError(error) && error.details.status !== undefined;
    if (answered && error.details.status < 500 && error.kind !== 'conflict') return;
    throw error;
  }
  throw await removePlaintext(wire, address, written);
}

/** Removes an object that should be encrypted and is not; gives the error that says so. */
export async function removePlaintext(
  wire: Wire,
  address: ObjectAddress,
  written: Written,
): Promise<StoreError> {
  const subject = subjectOf(address, written);
  try {
    await deleteObject(wire, address, { versionId: written.versionId });
    return wire.error('storedInPlaintext', subject);
  } catch (cause) {
    return wire.error('storedInPlaintext', subject, { cause, sentence: 'plaintextLeft' });
  }
}
