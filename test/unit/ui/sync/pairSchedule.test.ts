import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { type Occasion, PairSchedule } from '../../../../src/ui/sync/pairSchedule.ts';

const minute = 60_000;

describe('PairSchedule', () => {
  let ran: string[];
  let schedule: PairSchedule;
  let block: Promise<void>;

  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] });
    ran = [];
    block = Promise.resolve();
    schedule = new PairSchedule(async (name, occasion: Occasion) => {
      ran.push(`${occasion} ${name}`);
      await block;
    });
  });
  afterEach(() => {
    schedule.dispose();
    mock.timers.reset();
  });

  /** Lets time pass, and whatever follows from it happen. */
  async function pass(milliseconds: number): Promise<void> {
    mock.timers.tick(milliseconds);
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  }

  it('runs every so many minutes', async () => {
    schedule.update([{ name: 'a', interval: 5, pushOnSave: false }]);
    await pass(5 * minute - 1);
    assert.deepEqual(ran, []);
    await pass(1);
    await pass(5 * minute);
    assert.deepEqual(ran, ['interval a', 'interval a']);
  });

  it('begins an interval when the run before is over', async () => {
    let release = (): void => undefined;
    block = new Promise((resolve) => {
      release = resolve;
    });
    schedule.update([{ name: 'a', interval: 1, pushOnSave: false }]);
    await pass(minute);
    await pass(10 * minute);
    assert.equal(ran.length, 1);
    release();
    await pass(0);
    await pass(minute);
    assert.equal(ran.length, 2);
  });

  it('pushes once after many saves, and only the pairs that want it', async () => {
    schedule.update([
      { name: 'a', pushOnSave: true },
      { name: 'b', pushOnSave: false },
    ]);
    for (let saves = 0; saves < 5; saves++) {
      schedule.saved('a');
      schedule.saved('b');
      schedule.saved('unknown');
      await pass(500);
    }
    assert.deepEqual(ran, []);
    await pass(1500);
    assert.deepEqual(ran, ['save a']);
  });

  it('keeps the interval of a pair that is as before, and follows one that changed', async () => {
    schedule.update([{ name: 'a', interval: 2, pushOnSave: false }]);
    await pass(minute);
    schedule.update([{ name: 'a', interval: 2, pushOnSave: true }]);
    await pass(minute);
    assert.equal(ran.length, 1);
    schedule.update([{ name: 'a', interval: 10, pushOnSave: true }]);
    await pass(2 * minute);
    assert.equal(ran.length, 1);
    schedule.update([]);
    await pass(60 * minute);
    assert.equal(ran.length, 1);
  });

  it('stops for good', async () => {
    schedule.update([{ name: 'a', interval: 1, pushOnSave: true }]);
    schedule.saved('a');
    schedule.dispose();
    await pass(10 * minute);
    assert.deepEqual(ran, []);
  });
});
