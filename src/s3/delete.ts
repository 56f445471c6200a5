import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import type { ObjectAddress } from '../core/address.ts';
import { checkWritableName } from './objectNames.ts';
import { subjectOf } from './subject.ts';
import type { Wire } from './wire.ts';

/**
 * DeleteObject of the newest version, or of the named one.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html
 */
export async function deleteObject(
  wire: Wire,
  address: ObjectAddress,
  options: {
    readonly versionId?: string | undefined;
    readonly signal?: AbortSignal | undefined;
  } = {},
): Promise<void> {
  await checkWritableName(wire, address);
  const { bucket: Bucket, key: Key } = address;
  const command = new DeleteObjectCommand({ Bucket, Key, VersionId: options.versionId });
  await wire.send(command, subjectOf(address, options));
}
