import { GetObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import type { ObjectAddress } from '../core/address.ts';
import type { ObjectInfo, ReadOptions } from '../core/objectStore.ts';
import { isStoreError, type StoreError } from '../core/storeError.ts';
import { customerKeyParameters } from './customerKeyParameters.ts';
import { quoted } from './etags.ts';
import { checkReadName } from './objectNames.ts';
import { readInfo } from './objectInfo.ts';
import { explainRefusal, verifyEncryption } from './readRefusal.ts';
import { responseBody } from './responseBody.ts';
import { subjectOf } from './subject.ts';
import type { Wire } from './wire.ts';

/**
 * HeadObject; see the port for what it promises.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
 */
export async function headObject(
  wire: Wire,
  address: ObjectAddress,
  options: ReadOptions = {},
): Promise<ObjectInfo> {
  const subject = subjectOf(address, options);
  try {
    const output = await wire.send(
      new HeadObjectCommand(readParameters(address, options)),
      subject,
    );
    checkReadName(wire, address);
    return await verifyEncryption(wire, readInfo(address, output, wire.server), options);
  } catch (error) {
    if (!isStoreError(error)) throw error;
    throw await explainRefusal(
      wire,
      address,
      options,
      await withCode(wire, address, options, error),
    );
  }
}

/** The parameters that HeadObject and GetObject share. */
export function readParameters(
  address: ObjectAddress,
  { customerKey, versionId, ifMatch }: ReadOptions,
): {
  Bucket: string;
  Key: string;
  VersionId?: string;
  IfMatch?: string;
} {
  return {
    Bucket: address.bucket,
    Key: address.key,
    ...(versionId !== undefined && { VersionId: versionId }),
    ...(ifMatch !== undefined && { IfMatch: quoted(ifMatch) }),
    ...customerKeyParameters(customerKey),
  };
}

/**
 * A HEAD's answer has no body, so it says neither which 400 or 403 it is nor whether it is the
 * bucket that is missing: a GET of one byte of the same object tells.
 */
async function withCode(
  wire: Wire,
  address: ObjectAddress,
  options: ReadOptions,
  error: StoreError,
): Promise<StoreError> {
  const { status } = error.details;
  const unclear = status === 400 || status === 403;
  if (!unclear && (status !== 404 || wire.hasSeen(address.bucket))) return error;
  const command = new GetObjectCommand({
    ...readParameters(address, options),
    Range: 'bytes=0-0',
  });
  try {
    responseBody(await wire.send(command, subjectOf(address, options))).destroy();
    return error;
  } catch (told) {
    return isStoreError(told) && told.details.status === status ? told : error;
  }
}
