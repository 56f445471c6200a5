import pMap from 'p-map';
import type { ObjectAddress } from '../core/address.ts';
import { isStoreError } from '../core/storeError.ts';

/** An object that a run failed on; the run went on. */
export interface RunFailure {
  readonly address: ObjectAddress;
  readonly error: Error;
}

/** How far a run is. */
export interface RunProgress {
  /** Objects that are done, the failed ones included. */
  readonly done: number;
  readonly total: number;
  /** The object that was done last. */
  readonly address: ObjectAddress;
}

/** What came of a run. */
export interface RunReport {
  /** Objects that were done without an error. */
  readonly succeeded: readonly ObjectAddress[];
  readonly failures: readonly RunFailure[];
  /** Objects that were not begun: the run was cancelled, or no object can succeed. */
  readonly skipped: number;
}

export interface RunOptions {
  /** Ends the run: what was begun fails or ends, the rest is skipped. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: RunProgress) => void) | undefined;
  /** How many objects at a time; default 8. */
  readonly concurrency?: number | undefined;
}

/** Enough to hide the latency of copies; the store bounds its connections itself. */
const defaultConcurrency = 8;

/**
 * Does the same with many objects, several at a time. The failure of one does not keep the others
 * from being done, unless it concerns all of them; all failures are collected.
 */
export async function runAll<Item>(
  items: readonly Item[],
  addressOf: (item: Item) => ObjectAddress,
  work: (item: Item) => Promise<void>,
  options: RunOptions = {},
): Promise<RunReport> {
  const { signal, onProgress, concurrency = defaultConcurrency } = options;
  const succeeded: ObjectAddress[] = [];
  const failures: RunFailure[] = [];
  let skipped = 0;
  let isHopeless = false;
  const one = async (item: Item): Promise<void> => {
    const address = addressOf(item);
    if (signal?.aborted === true || isHopeless) {
      skipped += 1;
      return;
    }
    try {
      await work(item);
      succeeded.push(address);
    } catch (error) {
      if (isStoreError(error, 'aborted')) {
        skipped += 1;
        return;
      }
      isHopeless ||= isStoreError(error, 'credentials', 'nameResolution', 'tls', 'noSuchBucket');
      failures.push({ address, error: error instanceof Error ? error : new Error(String(error)) });
    }
    onProgress?.({ done: succeeded.length + failures.length, total: items.length, address });
  };
  await pMap(items, one, { concurrency });
  return { succeeded, failures, skipped };
}

/** The report of runs one after the other. */
export function joinReports(...reports: readonly RunReport[]): RunReport {
  return {
    succeeded: reports.flatMap((report) => report.succeeded),
    failures: reports.flatMap((report) => report.failures),
    skipped: reports.reduce((sum, report) => sum + report.skipped, 0),
  };
}
