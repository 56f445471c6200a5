import { isStoreError } from '../core/storeError.ts';

/**
 * Runs the same worker several times side by side. The first failure stops the others, which are
 * waited for: afterwards nothing is on its way any more.
 *
 * @throws the failure that stopped the others
 */
export async function allOrFirstFailure(
  count: number,
  worker: (signal: AbortSignal) => Promise<void>,
  outer: AbortSignal | undefined,
): Promise<void> {
  const stop = new AbortController();
  const signal = outer === undefined ? stop.signal : AbortSignal.any([outer, stop.signal]);
  const failures: unknown[] = [];
  const guarded = async (): Promise<void> => {
    try {
      await worker(signal);
    } catch (error) {
      failures.push(error);
      stop.abort();
    }
  };
  await Promise.all(Array.from({ length: count }, guarded));
  if (failures.length === 0) return;
  throw failures.find((error) => !isStoreError(error, 'aborted')) ?? failures[0];
}
