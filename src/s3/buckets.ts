import { HeadBucketCommand, ListBucketsCommand } from '@aws-sdk/client-s3';
import type { ListedBucket } from '../core/objectStore.ts';
import { isStoreError } from '../core/storeError.ts';
import type { Wire } from './wire.ts';

/**
 * ListBuckets, or the connection's own list of them.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html
 */
export async function listBuckets(
  wire: Wire,
  signal?: AbortSignal,
): Promise<readonly ListedBucket[]> {
  const own = wire.connection.buckets;
  if (own !== undefined) return own.map((name) => ({ name }));
  const buckets: ListedBucket[] = [];
  let token: string | undefined;
  do {
    const command = new ListBucketsCommand(token === undefined ? {} : { ContinuationToken: token });
    const output = await wire.send(command, { signal });
    for (const { Name: name, CreationDate: createdAt } of output.Buckets ?? []) {
      if (name !== undefined) buckets.push({ name, createdAt });
    }
    token = output.ContinuationToken;
  } while (token !== undefined && token !== '');
  return buckets;
}

/**
 * HeadBucket. Its 404 has no body, but can mean only one thing.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
 */
export async function headBucket(wire: Wire, bucket: string, signal?: AbortSignal): Promise<void> {
  const subject = { bucket, signal };
  try {
    await wire.send(new HeadBucketCommand({ Bucket: bucket }), subject);
  } catch (error) {
    const missing = isStoreError(error, 'notFound');
    throw missing ? wire.error('noSuchBucket', subject, { cause: error.cause }) : error;
  }
}
