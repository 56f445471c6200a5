import { GetBucketEncryptionCommand } from '@aws-sdk/client-s3';
import type { ObjectAddress } from '../core/address.ts';
import type { CustomerKey } from '../core/customerKey.ts';
import { isStoreError, type StoreError } from '../core/storeError.ts';
import { subjectOf } from './subject.ts';
import type { Wire } from './wire.ts';

/**
 * AWS answers a write with a customer key to a bucket that blocks SSE-C by the same 403 as a missing
 * right: the bucket's encryption settings tell.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_BlockedEncryptionTypes.html
 */
export async function explainWriteRefusal(
  wire: Wire,
  address: ObjectAddress,
  options: {
    readonly customerKey?: CustomerKey | undefined;
    readonly signal?: AbortSignal | undefined;
  },
  error: StoreError,
): Promise<StoreError> {
  const relevant = error.kind === 'forbidden' && options.customerKey !== undefined;
  if (error.details.ambiguous === true) return error;
  if (!relevant || wire.server.kind !== 'aws') return error;
  const subject = subjectOf(address, options);
  const { bucket } = address;
  const { signal } = options;
  try {
    const command = new GetBucketEncryptionCommand({ Bucket: bucket });
    const settings = await wire.send(command, { bucket, signal });
    const rules = settings.ServerSideEncryptionConfiguration?.Rules ?? [];
    const blocked = rules.some(({ BlockedEncryptionTypes: types }) =>
      types?.EncryptionType?.includes('SSE-C'),
    );
    return blocked ? wire.error('ssecBlocked', subject, { cause: error.cause }) : error;
  } catch (unread) {
    if (!isStoreError(unread) || unread.kind === 'aborted') throw unread;
    const how = { cause: error.cause, ambiguous: true, sentence: 'maybeBlocked' } as const;
    return wire.error('forbidden', subject, how);
  }
}
