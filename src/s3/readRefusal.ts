import { HeadObjectCommand } from '@aws-sdk/client-s3';
import type { ObjectAddress } from '../core/address.ts';
import type { ObjectInfo, ReadOptions } from '../core/objectStore.ts';
import { isStoreError, type StoreError } from '../core/storeError.ts';
import { subjectOf } from './subject.ts';
import type { Wire } from './wire.ts';

/** How an object answers to a HEAD without any customer key. */
type KeylessAnswer = 'readable' | 'needsKey' | 'forbidden' | 'missing' | 'unclear';

const byStatus: Readonly<Record<number, KeylessAnswer>> = {
  400: 'needsKey',
  403: 'forbidden',
  404: 'missing',
};

/** HeadObject without a key; it throws only where there was no answer of the server's at all. */
async function askKeyless(
  wire: Wire,
  address: ObjectAddress,
  options: Pick<ReadOptions, 'versionId' | 'signal'>,
): Promise<KeylessAnswer> {
  const { versionId, signal } = options;
  const { bucket: Bucket, key: Key } = address;
  const command = new HeadObjectCommand({ Bucket, Key, VersionId: versionId });
  try {
    await wire.send(command, subjectOf(address, { versionId, signal }));
    return 'readable';
  } catch (error) {
    if (!isStoreError(error) || error.details.status === undefined) throw error;
    return byStatus[error.details.status] ?? 'unclear';
  }
}

/**
 * Tells a wrong customer key from a missing right and from an object that is not encrypted, where
 * the answer to a keyed read does not: a keyless HEAD is refused by 400 only if the object is
 * encrypted with SSE-C and we have the right to read it.
 */
export async function explainRefusal(
  wire: Wire,
  address: ObjectAddress,
  options: ReadOptions,
  error: StoreError,
): Promise<StoreError> {
  const subject = subjectOf(address, options);
  const { status, code } = error.details;
  const unclear = error.kind === 'forbidden' || error.kind === 'invalid';
  if (!unclear || (status !== 400 && status !== 403)) return error;
  const how = { cause: error.cause };
  if (options.customerKey === undefined) {
    // A 400 to a plain read: only the servers' wordings differ.
    const about = /^(InvalidRequest|InvalidArgument)$/.test(code ?? 'InvalidRequest');
    return status === 400 && about ? wire.error('customerKeyRequired', subject, how) : error;
  }
  switch (await askKeyless(wire, address, options)) {
    case 'needsKey':
      return wire.error('customerKeyMismatch', subject, how);
    case 'readable':
      return wire.error('notEncrypted', subject, how);
    case 'missing':
      return wire.error('notFound', subject, how);
    case 'forbidden':
    case 'unclear':
      return error;
  }
}

/**
 * An answer to a keyed read without an echo of the key's MD5 comes from an object that is not
 * encrypted (Ceph), or from a server that echoes nothing. Unless this server was seen to echo, a
 * keyless HEAD decides.
 */
export async function verifyEncryption(
  wire: Wire,
  info: ObjectInfo,
  { customerKey, versionId, signal }: ReadOptions,
): Promise<ObjectInfo> {
  if (info.encryption.type === 'customerKey') wire.server.echoes = true;
  if (customerKey === undefined || info.encryption.type === 'customerKey') return info;
  if (wire.server.echoes) return info;
  const keyless = await askKeyless(wire, info.address, { versionId, signal });
  if (keyless !== 'needsKey' && keyless !== 'forbidden') return info;
  return { ...info, encryption: { type: 'customerKey', fingerprint: customerKey.fingerprint } };
}
