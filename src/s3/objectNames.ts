import { randomUUID } from 'node:crypto';
import {
  DeleteObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import type { ObjectAddress } from '../core/address.ts';
import { isStoreError } from '../core/storeError.ts';
import { decodeListed } from './listedKeys.ts';
import { subjectOf } from './subject.ts';
import type { Wire } from './wire.ts';

/**
 * Refuses what a server would store under another object key than the one given: MinIO and Garage
 * drop a leading slash, so that a write to `/x` would overwrite `x`. Where it is not known what the
 * server does, it is found out before anything is written.
 *
 * @throws StoreError `unsupportedName`
 */
export async function checkWritableName(wire: Wire, address: ObjectAddress): Promise<void> {
  if (!address.key.startsWith('/')) return;
  if (wire.server.leadingSlash === 'unknown') {
    wire.server.leadingSlash = await findOut(wire, address.bucket);
  }
  if (wire.server.leadingSlash === 'kept') return;
  throw wire.error('unsupportedName', subjectOf(address), { sentence: 'leadingSlash' });
}

/**
 * The same for reads, after the answer: an object with a leading slash cannot be there.
 *
 * @throws StoreError `notFound`
 */
export function checkReadName(wire: Wire, address: ObjectAddress): void {
  const dropped = address.key.startsWith('/') && wire.server.leadingSlash === 'dropped';
  if (dropped) throw wire.error('notFound', subjectOf(address));
}

/** Asks for an object that exists by its key with a slash before it; makes one if there is none. */
async function findOut(wire: Wire, bucket: string): Promise<'kept' | 'dropped'> {
  const list = new ListObjectsV2Command({ Bucket: bucket, MaxKeys: 1, EncodingType: 'url' });
  const { Contents = [], EncodingType } = await wire.send(list, { bucket });
  // That answer tells most servers.
  const { leadingSlash } = wire.server;
  if (leadingSlash !== 'unknown') return leadingSlash;
  const listed = Contents[0] && decodeListed(Contents[0].Key, EncodingType);
  if (listed?.startsWith('/') === true) return 'kept';
  if (listed !== undefined) return (await exists(wire, bucket, `/${listed}`)) ? 'dropped' : 'kept';
  return tryOut(wire, bucket);
}

async function tryOut(wire: Wire, bucket: string): Promise<'kept' | 'dropped'> {
  const name = `ssec-explorer-${randomUUID()}`;
  const command = new PutObjectCommand({ Bucket: bucket, Key: `/${name}`, Body: new Uint8Array() });
  await wire.send(command, { bucket, key: `/${name}` });
  const dropped = await exists(wire, bucket, name);
  const undo = new DeleteObjectCommand({ Bucket: bucket, Key: `/${name}` });
  await wire.send(undo, { bucket, key: `/${name}` });
  return dropped ? 'dropped' : 'kept';
}

async function exists(wire: Wire, bucket: string, key: string): Promise<boolean> {
  try {
    await wire.send(new HeadObjectCommand({ Bucket: bucket, Key: key }), { bucket, key });
    return true;
  } catch (error) {
    // Refused for its key or its rights, but there.
    if (isStoreError(error) && error.details.status !== undefined) {
      return error.details.status !== 404;
    }
    throw error;
  }
}
