import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { isStoreError } from '../../../src/core/storeError.ts';
import { Slots } from '../../../src/transfer/slots.ts';

describe('Slots', () => {
  it('runs so many at a time, in the order of arrival', async () => {
    const slots = new Slots(2);
    const order: number[] = [];
    let running = 0;
    let most = 0;
    const work = async (number: number): Promise<void> => {
      running += 1;
      most = Math.max(most, running);
      order.push(number);
      await setImmediate();
      running -= 1;
    };
    await Promise.all([1, 2, 3, 4, 5].map((number) => slots.run(() => work(number))));
    assert.equal(most, 2);
    assert.deepEqual(order, [1, 2, 3, 4, 5]);
  });

  it('gives the slot back after a failure', async () => {
    const slots = new Slots(1);
    const failing = slots.run(() => Promise.reject(new Error('no')));
    await assert.rejects(failing, /no/);
    assert.equal(await slots.run(() => Promise.resolve(1)), 1);
  });

  it('gives a slot back once', async () => {
    const slots = new Slots(1);
    const release = await slots.acquire();
    release();
    release();
    await slots.acquire();
    let entered = false;
    void slots.acquire().then(() => (entered = true));
    await setImmediate();
    assert.equal(entered, false);
  });

  it('lets who waits go when it is cancelled', async () => {
    const slots = new Slots(1);
    const release = await slots.acquire();
    const stop = new AbortController();
    const waiting = slots.run(() => Promise.resolve(), stop.signal);
    stop.abort();
    await assert.rejects(waiting, (error) => isStoreError(error, 'aborted'));
    release();
    assert.equal(await slots.run(() => Promise.resolve(1)), 1);
  });

  it('can be widened while others wait', async () => {
    const slots = new Slots(1);
    await slots.acquire();
    const waiting = slots.acquire();
    slots.count = 2;
    await waiting;
    assert.equal(slots.count, 2);
  });
});
