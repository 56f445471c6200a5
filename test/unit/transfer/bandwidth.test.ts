import assert from 'node:assert/strict';
import { isStoreError } from '../../../src/core/storeError.ts';
import { Bandwidth } from '../../../src/transfer/bandwidth.ts';

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

describe('Bandwidth', () => {
  it('does not wait without a bound', async () => {
    const bandwidth = new Bandwidth();
    assert.ok((await timed(() => bandwidth.take(2 ** 40))) < 2000);
    assert.equal(new Bandwidth(0).limit, undefined);
  });

  it('lets so many bytes a second pass, shared by all who take', async () => {
    const bandwidth = new Bandwidth(1_000_000);
    const elapsed = await timed(() =>
      Promise.all(Array.from({ length: 10 }, () => bandwidth.take(40_000))),
    );
    // 400,000 bytes, of which 100 ms are free.
    assert.ok(elapsed >= 295, `${elapsed} ms`);
  });

  it('can be changed; what was owed is remitted', async () => {
    const bandwidth = new Bandwidth(10);
    void bandwidth.take(1000, AbortSignal.timeout(1)).catch(() => undefined);
    bandwidth.limit = 1_000_000;
    assert.ok((await timed(() => bandwidth.take(1000))) < 2000);
    bandwidth.limit = undefined;
    assert.ok((await timed(() => bandwidth.take(2 ** 40))) < 2000);
  });

  it('lets what waits already follow a change', async () => {
    const bandwidth = new Bandwidth(1);
    const waiting = Promise.all([bandwidth.take(2 ** 24), bandwidth.take(2 ** 40)]);
    bandwidth.limit = undefined;
    assert.ok((await timed(() => waiting)) < 2000);
    bandwidth.limit = 10;
    const slower = bandwidth.take(50_000);
    bandwidth.limit = 100_000;
    assert.ok((await timed(() => slower)) >= 390);
  });

  it('stops waiting when it is cancelled', async () => {
    const bandwidth = new Bandwidth(10);
    const waiting = bandwidth.take(10_000, AbortSignal.timeout(10));
    await assert.rejects(waiting, (error) => isStoreError(error, 'aborted'));
    await assert.rejects(bandwidth.take(1, AbortSignal.abort()));
  });
});
