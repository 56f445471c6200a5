import { GetObjectTaggingCommand } from '@aws-sdk/client-s3';
import type { ObjectAddress } from '../core/address.ts';
import type { ObjectTags } from '../core/objectStore.ts';
import { isStoreError } from '../core/storeError.ts';
import { subjectOf } from './subject.ts';
import type { Wire } from './wire.ts';

/**
 * GetObjectTagging; no tags where the server has no tagging at all.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectTagging.html
 */
export async function getTags(
  wire: Wire,
  address: ObjectAddress,
  options: {
    readonly versionId?: string | undefined;
    readonly signal?: AbortSignal | undefined;
  } = {},
): Promise<ObjectTags> {
  const { bucket: Bucket, key: Key } = address;
  const command = new GetObjectTaggingCommand({ Bucket, Key, VersionId: options.versionId });
  try {
    const { TagSet = [] } = await wire.send(command, subjectOf(address, options));
    return Object.fromEntries(TagSet.map(({ Key: name = '', Value = '' }) => [name, Value]));
  } catch (error) {
    if (isStoreError(error, 'unsupported')) return {};
    throw error;
  }
}
