import assert from 'node:assert/strict';
import fc from 'fast-check';
import { baseName, formatAddress, parentPrefix } from '../../../src/core/address.ts';
import { parseS3Address } from '../../../src/core/objectUri.ts';
import { nastyKey } from './nastyKeys.ts';

describe('address', () => {
  it('splits object keys and prefixes', () => {
    const expected: Record<string, [string, string]> = {
      'a/b.txt': ['a/', 'b.txt'],
      'a/b/': ['a/', 'b/'],
      'b.txt': ['', 'b.txt'],
      'a//': ['a/', '/'],
      '/x': ['/', 'x'],
      '/': ['', '/'],
      '': ['', ''],
    };
    for (const [text, parts] of Object.entries(expected)) {
      assert.deepEqual([parentPrefix(text), baseName(text)], parts, JSON.stringify(text));
    }
  });

  it('is written so that it can be read', () => {
    fc.assert(
      fc.property(nastyKey, (key) => {
        const address = { bucket: 'bucket', key };
        assert.deepEqual(parseS3Address(formatAddress(address)), address);
      }),
    );
  });
});
