import assert from 'node:assert/strict';
import { parseBandwidth } from '../../../../src/ui/transfers/bandwidthSetting.ts';

describe('parseBandwidth', () => {
  it('reads numbers and units', () => {
    assert.equal(parseBandwidth(1234), 1234);
    assert.equal(parseBandwidth('1234'), 1234);
    assert.equal(parseBandwidth('10 MiB'), 10 * 1024 ** 2);
    assert.equal(parseBandwidth(' 500 KB/s '), 500_000);
    assert.equal(parseBandwidth('1.5gib'), 1.5 * 1024 ** 3);
    assert.equal(parseBandwidth('7B'), 7);
  });

  it('takes nothing and 0 for no bound', () => {
    for (const value of [undefined, null, '', 0, '0', '0 MiB']) {
      assert.equal(parseBandwidth(value), 0);
    }
  });

  it('refuses what is none', () => {
    for (const value of ['fast', '10 MiBit', '-5', '1e3', 'MiB', NaN, -1, Infinity, {}, true]) {
      assert.equal(parseBandwidth(value), undefined, typeof value);
    }
  });
});
