import { isStoreError } from '../core/storeError.ts';
import { pause } from './pause.ts';

/** How long a failing request is tried again. */
export interface Patience {
  /** The first attempt included. */
  readonly attempts: number;
  /** Milliseconds; doubled with every attempt up to the longest. */
  readonly firstDelay: number;
  readonly longestDelay: number;
}

/** About a minute: a server that restarts, a storm of 503, a network that comes back. */
const defaultPatience: Patience = { attempts: 9, firstDelay: 300, longestDelay: 20_000 };

/** Failures that may be gone the next time. */
export function isTransient(error: unknown): boolean {
  return isStoreError(error, 'network', 'nameResolution', 'throttled', 'server', 'corrupted');
}

/**
 * Does something again while it fails transiently, with growing pauses of random length, so that
 * many clients don't come back at the same moment.
 *
 * @param work gets how often it failed before
 * @see https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
 */
export async function withRetries<T>(
  work: (failures: number) => Promise<T>,
  options: {
    readonly patience?: Patience | undefined;
    readonly signal?: AbortSignal | undefined;
  } = {},
): Promise<T> {
  const { patience = defaultPatience, signal } = options;
  for (let failures = 0; ; failures += 1) {
    try {
      return await work(failures);
    } catch (error) {
      if (!isTransient(error) || failures + 1 >= patience.attempts) throw error;
      const longest = Math.min(patience.longestDelay, patience.firstDelay * 2 ** failures);
      await pause(longest * (0.5 + Math.random() / 2), signal);
    }
  }
}
