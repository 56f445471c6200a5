import assert from 'node:assert/strict';
import { sizeText } from '../../../../src/ui/tree/sizeText.ts';

describe('sizeText', () => {
  it('rounds to what a person reads at a glance', () => {
    const sizes = [0, 1023, 1024, 1258291, 1024 ** 2 - 1, 150 * 1024 ** 2, 5 * 1024 ** 4];
    const texts = ['0 B', '1023 B', '1 KB', '1.2 MB', '1 MB', '150 MB', '5 TB'];
    assert.deepEqual(sizes.map(sizeText), texts);
  });
});
