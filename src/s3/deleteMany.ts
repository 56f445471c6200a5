import { DeleteObjectsCommand } from '@aws-sdk/client-s3';
import { isStoreError, type StoreError } from '../core/storeError.ts';
import { deleteObject } from './delete.ts';
import type { Wire } from './wire.ts';

/** S3's limit of keys in one request. */
const batchSize = 1000;

/** Requests that run side by side for the keys that go one by one. */
const concurrency = 8;

/** One object key that could not be deleted, and why. */
export interface DeleteFailure {
  readonly key: string;
  readonly error: StoreError;
}

/**
 * DeleteObjects in batches; object keys that XML 1.0 cannot carry, and those with a leading slash,
 * which some servers drop, go one by one.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
 */
export async function deleteMany(
  wire: Wire,
  bucket: string,
  keys: readonly string[],
  signal?: AbortSignal,
): Promise<readonly DeleteFailure[]> {
  const failures: DeleteFailure[] = [];
  const inXml = keys.filter(fitsBatch);
  for (let start = 0; start < inXml.length; start += batchSize) {
    const batch = inXml.slice(start, start + batchSize);
    failures.push(...(await deleteBatch(wire, bucket, batch, signal)));
  }
  const alone = keys.filter((key) => !fitsBatch(key));
  failures.push(...(await deleteEach(wire, bucket, alone, signal)));
  return failures;
}

/**
 * XML 1.0 has no control characters but tab, newline and return (and parsers change the latter two),
 * no U+FFFE and U+FFFF and no lone surrogates.
 *
 * @see https://www.w3.org/TR/xml/#charsets
 */
function fitsBatch(key: string): boolean {
  if (key.startsWith('/')) return false;
  // eslint-disable-next-line no-control-regex -- they are what is looked for
  return !/[\x00-\x1f\x7f-\x9f\u2028\ufffd-\uffff]|\p{Surrogate}/u.test(key);
}

async function deleteBatch(
  wire: Wire,
  bucket: string,
  keys: readonly string[],
  signal: AbortSignal | undefined,
): Promise<DeleteFailure[]> {
  const command = new DeleteObjectsCommand({
    Bucket: bucket,
    Delete: { Objects: keys.map((Key) => ({ Key })), Quiet: true },
  });
  try {
    const { Errors = [] } = await wire.send(command, { bucket, signal });
    return Errors.filter(({ Code }) => Code !== 'NoSuchKey').map(
      ({ Key: key = '', Code, Message }) => {
        const failure = Object.assign(new Error(Message), {
          name: Code,
          $metadata: { httpStatusCode: 400 },
        });
        return { key, error: wire.translate(failure, { bucket, key }) };
      },
    );
  } catch (error) {
    if (isStoreError(error, 'unsupported', 'invalid', 'unsupportedName')) {
      return deleteEach(wire, bucket, keys, signal);
    }
    if (!isStoreError(error) || error.kind === 'aborted') throw error;
    return keys.map((key) => ({ key, error }));
  }
}

async function deleteEach(
  wire: Wire,
  bucket: string,
  keys: readonly string[],
  signal: AbortSignal | undefined,
): Promise<DeleteFailure[]> {
  const failures: DeleteFailure[] = [];
  const waiting = keys.values();
  const worker = async (): Promise<void> => {
    for (const key of waiting) {
      try {
        await deleteObject(wire, { connection: wire.connection.name, bucket, key }, { signal });
      } catch (error) {
        if (!isStoreError(error) || error.kind === 'aborted') throw error;
        if (error.kind !== 'notFound') failures.push({ key, error });
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return failures;
}
