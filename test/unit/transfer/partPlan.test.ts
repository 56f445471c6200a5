import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  defaultPartSize,
  maxObjectSize,
  maxParts,
  minPartSize,
  partAt,
  partsOf,
  planParts,
} from '../../../src/transfer/partPlan.ts';

const sizes = fc.oneof(
  fc.integer({ min: 0, max: maxObjectSize }),
  fc.integer({ min: 0, max: 2 ** 26 }),
  fc.constantFrom(
    ...[0, 1, minPartSize, defaultPartSize, defaultPartSize + 1, maxObjectSize],
    ...[defaultPartSize * maxParts, defaultPartSize * maxParts + 1],
  ),
);
const preferred = fc.oneof(fc.constant(undefined), fc.integer({ min: 1, max: 2 ** 31 }));

describe('partPlan', () => {
  it('keeps to what S3 takes, whatever the size', () => {
    fc.assert(
      fc.property(sizes, preferred, (size, wanted) => {
        const plan = planParts(size, wanted);
        assert.ok(plan.count <= maxParts);
        assert.ok(plan.partSize >= minPartSize);
        assert.ok(plan.partSize <= 5 * 1024 ** 3);
      }),
    );
  });

  it('cuts without gaps and overlaps', () => {
    fc.assert(
      fc.property(sizes, preferred, (size, wanted) => {
        const plan = planParts(size, wanted);
        const parts = [...partsOf(plan)];
        assert.equal(parts.length, plan.count);
        let at = 0;
        for (const [index, part] of parts.entries()) {
          assert.deepEqual(part, partAt(plan, index + 1));
          assert.equal(part.offset, at);
          assert.ok(part.length > 0);
          assert.ok(part.length === plan.partSize || index === parts.length - 1);
          at += part.length;
        }
        assert.equal(at, size);
      }),
      { numRuns: 50 },
    );
  });

  it('uses the preferred size as long as it suffices', () => {
    assert.equal(planParts(1).partSize, defaultPartSize);
    assert.equal(planParts(defaultPartSize * maxParts).partSize, defaultPartSize);
    assert.equal(planParts(2 ** 30, 2 ** 26).partSize, 2 ** 26);
    assert.equal(planParts(2 ** 30, 1).partSize, minPartSize);
    assert.equal(planParts(maxObjectSize).partSize, 525 * 1024 * 1024);
  });

  it('refuses what is no size of an object', () => {
    for (const size of [-1, 1.5, Number.NaN, maxObjectSize + 1]) {
      assert.throws(() => planParts(size), RangeError);
    }
  });
});
