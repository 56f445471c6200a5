import type { ObjectAddress, PrefixAddress } from '../core/address.ts';
import { isStoreError } from '../core/storeError.ts';
import { listPrefix, type ListPrefixOptions } from './listPrefix.ts';
import { joinReports, type RunFailure, type RunOptions, type RunReport } from './run.ts';
import type { TransferContext } from './transferContext.ts';

/** What one DeleteObjects request takes. */
const batchSize = 1000;

/**
 * Deletes objects, 1,000 a request. In a versioned bucket their versions stay below a delete
 * marker. Failures of single objects are collected; the run goes on.
 */
export async function deleteObjects(
  context: TransferContext,
  addresses: readonly ObjectAddress[],
  options: RunOptions = {},
): Promise<RunReport> {
  const buckets = new Map<string, ObjectAddress[]>();
  for (const address of addresses) {
    const name = `${address.connection}/${address.bucket}`;
    const inBucket = buckets.get(name);
    if (inBucket === undefined) buckets.set(name, [address]);
    else inBucket.push(address);
  }
  const reports: RunReport[] = [];
  let done = 0;
  for (const inBucket of buckets.values()) {
    for (let at = 0; at < inBucket.length; at += batchSize) {
      const batch = inBucket.slice(at, at + batchSize);
      const report = await deleteBatch(context, batch, options.signal);
      reports.push(report);
      done += report.succeeded.length + report.failures.length;
      const address = batch.at(-1);
      if (address !== undefined) options.onProgress?.({ done, total: addresses.length, address });
    }
  }
  return joinReports(...reports);
}

/** Deletes everything below a prefix, the folder marker included. */
export async function deletePrefix(
  context: TransferContext,
  address: PrefixAddress,
  options: RunOptions & ListPrefixOptions = {},
): Promise<RunReport> {
  const store = await context.stores.get(address.connection);
  const { connection, bucket } = address;
  const listed = await listPrefix(store, address, options);
  const addresses = listed.map(({ key }) => ({ connection, bucket, key }));
  return await deleteObjects(context, addresses, options);
}

/** All objects are of one bucket. */
async function deleteBatch(
  { stores, keys }: TransferContext,
  batch: readonly ObjectAddress[],
  signal: AbortSignal | undefined,
): Promise<RunReport> {
  const [first] = batch;
  if (first === undefined || signal?.aborted === true) {
    return { succeeded: [], failures: [], skipped: batch.length };
  }
  let failures: readonly RunFailure[];
  try {
    const store = await stores.get(first.connection);
    const names = batch.map(({ key }) => key);
    const { connection, bucket } = first;
    failures = (await store.deleteMany(bucket, names, signal)).map(({ key, error }) => ({
      ...{ address: { connection, bucket, key }, error },
    }));
  } catch (error) {
    if (isStoreError(error, 'aborted')) {
      return { succeeded: [], failures: [], skipped: batch.length };
    }
    const failure = error instanceof Error ? error : new Error(String(error));
    failures = batch.map((address) => ({ address, error: failure }));
  }
  const failed = new Set(failures.map(({ address }) => address.key));
  const succeeded = batch.filter(({ key }) => !failed.has(key));
  for (const address of succeeded) keys.forget(address);
  return { succeeded, failures, skipped: 0 };
}
