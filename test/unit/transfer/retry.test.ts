import assert from 'node:assert/strict';
import { StoreError } from '../../../src/core/storeError.ts';
import { withRetries } from '../../../src/transfer/retry.ts';

const patience = { attempts: 4, firstDelay: 1, longestDelay: 4 };

describe('withRetries', () => {
  it('tries again what may be gone the next time', async () => {
    const seen: number[] = [];
    const result = await withRetries(
      (failures) => {
        seen.push(failures);
        return failures < 3
          ? Promise.reject(new StoreError('throttled', 'Slow down.'))
          : Promise.resolve('done');
      },
      { patience },
    );
    assert.equal(result, 'done');
    assert.deepEqual(seen, [0, 1, 2, 3]);
  });

  it('gives up after so many attempts, with what failed last', async () => {
    let attempts = 0;
    const work = (): Promise<never> => {
      attempts += 1;
      return Promise.reject(new StoreError('network', `attempt ${attempts}`));
    };
    await assert.rejects(withRetries(work, { patience }), /attempt 4/);
  });

  it('does not repeat what stays wrong', async () => {
    for (const kind of ['conflict', 'forbidden', 'customerKeyMismatch', 'aborted'] as const) {
      let attempts = 0;
      const work = (): Promise<never> => {
        attempts += 1;
        return Promise.reject(new StoreError(kind, 'no'));
      };
      await assert.rejects(withRetries(work, { patience }));
      assert.equal(attempts, 1);
    }
    await assert.rejects(
      withRetries(() => Promise.reject(new TypeError('bug')), { patience }),
      /bug/,
    );
  });

  it('stops waiting when it is cancelled', async () => {
    const patient = { attempts: 4, firstDelay: 60_000, longestDelay: 60_000 };
    const work = (): Promise<never> => Promise.reject(new StoreError('server', 'no'));
    const waiting = withRetries(work, { patience: patient, signal: AbortSignal.timeout(10) });
    await assert.rejects(waiting, /Cancelled/);
  });
});
