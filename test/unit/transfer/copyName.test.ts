import assert from 'node:assert/strict';
import { copyName } from '../../../src/transfer/copyName.ts';

describe('copyName', () => {
  it('puts the number before the extension, and before the slash of a prefix', () => {
    const names = ['a.txt', 'a', '.env', 'a.tar.gz', 'folder/', 'v1.2/'];
    assert.deepEqual(
      names.map((name) => copyName(name, 1)),
      ['a copy.txt', 'a copy', '.env copy', 'a.tar copy.gz', 'folder copy/', 'v1.2 copy/'],
    );
    assert.equal(copyName('a.txt', 2), 'a copy 2.txt');
  });
});
