import assert from 'node:assert/strict';
import { dateText } from '../../../../src/ui/tree/dateText.ts';

describe('dateText', () => {
  const now = new Date(2026, 10, 22, 15, 30);
  for (const [date, text] of [
    [new Date(2026, 10, 22, 9, 5), '9:05 AM'],
    [new Date(2026, 10, 21, 23, 59), 'Nov 21'],
    [new Date(2026, 0, 1), 'Jan 1'],
    [new Date(2025, 10, 22, 9, 5), 'Nov 22, 2025'],
    [new Date(Number.NaN), ''],
  ] as const) {
    it(`says "${text}"`, () => {
      // The blank before AM is a narrow no-break space.
      assert.equal(dateText(date, now, 'en').replace('\u{202f}', ' '), text);
    });
  }
});
