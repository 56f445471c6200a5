import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodeListed } from '../../../src/s3/listedKeys.ts';
import { nastyKey } from '../core/nastyKeys.ts';

describe('listed keys', () => {
  it('are decoded in both ways that servers encode them', () => {
    fc.assert(
      fc.property(nastyKey, (key) => {
        const asCeph = encodeURIComponent(key);
        const asMinio = asCeph.replaceAll('%20', '+');
        assert.equal(decodeListed(asCeph, 'url'), key);
        assert.equal(decodeListed(asMinio, 'url'), key);
      }),
    );
  });

  it('are left alone where the server ignored the encoding', () => {
    assert.equal(decodeListed('a+b%20c', undefined), 'a+b%20c');
    assert.equal(decodeListed('100%', 'url'), '100%');
    assert.equal(decodeListed(undefined, 'url'), '');
  });
});
