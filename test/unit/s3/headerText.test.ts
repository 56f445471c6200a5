import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fromHeader, toHeader } from '../../../src/s3/headerText.ts';

describe('header text', () => {
  it('shows UTF-8 as text and leaves ASCII alone', () => {
    assert.equal(fromHeader('plain text'), 'plain text');
    assert.equal(fromHeader(Buffer.from('é 😀').toString('latin1')), 'é 😀');
    assert.equal(toHeader('é'), Buffer.from('é').toString('latin1'));
  });

  it('restates any bytes as they were', () => {
    const bytes = fc.uint8Array({ minLength: 0, maxLength: 40 });
    fc.assert(
      fc.property(bytes, (value) => {
        const header = Buffer.from(value).toString('latin1');
        assert.equal(toHeader(fromHeader(header)), header);
      }),
    );
  });

  it('gives back any text that it sends', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        assert.equal(fromHeader(toHeader(text)), text);
      }),
    );
  });

  it('sends one character a byte', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        // eslint-disable-next-line no-control-regex -- all bytes there are
        assert.match(toHeader(text), /^[\x00-\xff]*$/);
      }),
    );
  });
});
