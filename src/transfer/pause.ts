import { setTimeout } from 'node:timers/promises';
import { StoreError } from '../core/storeError.ts';

/** Waits. @throws StoreError `aborted` as soon as the signal says so */
export async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  throwIfAborted(signal);
  try {
    await setTimeout(milliseconds, undefined, signal === undefined ? {} : { signal });
  } catch {
    throw aborted();
  }
}

/** @throws StoreError `aborted` */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw aborted();
}

/** What a cancelled transfer throws, wherever it is. */
export function aborted(): StoreError {
  return new StoreError('aborted', 'Cancelled.');
}
