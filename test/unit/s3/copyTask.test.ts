import assert from 'node:assert/strict';
import fc from 'fast-check';
import { partRanges } from '../../../src/s3/copyTask.ts';

describe('the parts of a copy', () => {
  it('cover all bytes once, in at most 10,000 parts of at least the size', () => {
    const size = fc.integer({ min: 1, max: 5 * 2 ** 40 });
    const least = fc.integer({ min: 2 ** 29, max: 2 ** 30 });
    fc.assert(
      fc.property(size, least, (total, length) => {
        const ranges = partRanges(total, length);
        assert.ok(ranges.length <= 10_000);
        let next = 0;
        for (const { first, last } of ranges) {
          assert.equal(first, next);
          assert.ok(last >= first && last - first + 1 <= 5 * 2 ** 30);
          next = last + 1;
        }
        assert.equal(next, total);
        assert.ok(ranges.slice(0, -1).every(({ first, last }) => last - first + 1 >= length));
      }),
    );
  });
});
