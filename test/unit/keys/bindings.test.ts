import assert from 'node:assert/strict';
import { covers, mergeBindings, withoutBinding } from '../../../src/keys/bindings.ts';

const one = { host: 'one' };
const two = { host: 'two:9000', buckets: ['a', 'b'] };

describe('bindings', () => {
  it('cover a host, or some of its buckets', () => {
    assert.ok(covers([one, two], 'one', 'any'));
    assert.ok(covers([one, two], 'two:9000', 'b'));
    assert.ok(covers([one], 'ONE', 'any'));
    assert.ok(!covers([one, two], 'two:9000', 'c'));
    assert.ok(!covers([one, two], 'two', 'a'));
    assert.ok(!covers([one, two], 'two:9001', 'a'));
    assert.ok(!covers([one], 'sub.one', 'any'));
    assert.ok(!covers([], 'one', 'any'));
  });

  it('merge to one a host, sorted, and all buckets win', () => {
    assert.deepEqual(mergeBindings([two], [one, { host: 'TWO:9000', buckets: ['c', 'a'] }]), [
      one,
      { host: 'two:9000', buckets: ['a', 'b', 'c'] },
    ]);
    assert.deepEqual(mergeBindings([two], [{ host: 'two:9000' }]), [{ host: 'two:9000' }]);
    assert.deepEqual(mergeBindings([{ host: 'two:9000' }], [two]), [{ host: 'two:9000' }]);
  });

  it('are taken back, rather too many than too few', () => {
    assert.deepEqual(withoutBinding([one, two], { host: 'One' }), [two]);
    assert.deepEqual(withoutBinding([one, two], { host: 'two:9000', buckets: ['a'] }), [
      one,
      { host: 'two:9000', buckets: ['b'] },
    ]);
    assert.deepEqual(withoutBinding([two], { host: 'two:9000', buckets: ['a', 'b'] }), []);
    assert.deepEqual(withoutBinding([two], { host: 'two:9000' }), []);
    assert.deepEqual(withoutBinding([one], { host: 'one', buckets: ['a'] }), []);
  });
});
