import assert from 'node:assert/strict';
import { Emitter } from '../../../src/core/emitter.ts';

describe('Emitter', () => {
  it('tells listeners in order until they are disposed of', () => {
    const emitter = new Emitter<number>();
    const told: string[] = [];
    const first = emitter.event((value) => told.push(`first ${value}`));
    emitter.event((value) => told.push(`second ${value}`));
    emitter.fire(1);
    first.dispose();
    emitter.fire(2);
    emitter.dispose();
    emitter.fire(3);
    assert.deepEqual(told, ['first 1', 'second 1', 'second 2']);
  });

  it('tells a function twice that listens twice, and one that is disposed of meanwhile', () => {
    const emitter = new Emitter<void>();
    let count = 0;
    const listener = (): void => {
      count++;
    };
    const one = emitter.event(() => {
      other.dispose();
    });
    const other = emitter.event(listener);
    emitter.event(listener);
    emitter.fire();
    assert.equal(count, 2);
    emitter.fire();
    assert.equal(count, 3);
    one.dispose();
  });
});
