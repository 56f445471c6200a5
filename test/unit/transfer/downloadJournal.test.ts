import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatDone, parseDone } from '../../../src/transfer/downloadJournal.ts';

describe('DownloadJournal', () => {
  it('writes and reads which parts are done', () => {
    const cases = fc
      .integer({ min: 0, max: 10_000 })
      .chain((count) =>
        fc.tuple(fc.constant(count), fc.uniqueArray(fc.integer({ min: 1, max: count || 1 }))),
      );
    fc.assert(
      fc.property(cases, ([count, numbers]) => {
        const done = new Set(numbers.filter((number) => number <= count));
        const text = formatDone(done, count);
        assert.match(text, /^[0-9a-f]+$/);
        assert.deepEqual(parseDone(text, count), new Set([...done].sort((a, b) => a - b)));
      }),
    );
  });
});
