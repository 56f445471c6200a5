import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compareUtf8 } from '../../../src/core/utf8Order.ts';

/** Texts without lone surrogates, often with a common beginning. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom('a', '/', '-', '0', 'é', '\ud7ff', '\ue000', '\uffff', '😀', '\u{10ffff}'),
    )
    .map((parts) => parts.join('')),
);

describe('compareUtf8', () => {
  it('is the order of the bytes', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        const expected = Buffer.compare(Buffer.from(a), Buffer.from(b));
        assert.equal(Math.sign(compareUtf8(a, b)), expected);
      }),
    );
  });

  it('puts an emoji behind U+FFFF, where < does not', () => {
    assert.deepEqual(['\uffff', '😀'].sort(), ['😀', '\uffff']);
    assert.deepEqual(['😀', '\uffff'].sort(compareUtf8), ['\uffff', '😀']);
  });
});
