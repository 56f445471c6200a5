import assert from 'node:assert/strict';
import { MtimeClock } from '../../../../src/ui/files/mtimeClock.ts';

const second = 1_700_000_000_000;

describe('MtimeClock', () => {
  it('gives the time of the server first', () => {
    const clock = new MtimeClock();
    assert.equal(
      clock.mtimeOf('f', { etag: 'a', lastModified: new Date(second + 123) }),
      second + 123,
    );
  });

  it('stays with the same ETag, in whole seconds or not', () => {
    const clock = new MtimeClock();
    const first = clock.mtimeOf('f', { etag: 'a', lastModified: new Date(second + 123) });
    assert.equal(clock.mtimeOf('f', { etag: 'a', lastModified: new Date(second) }), first);
  });

  it('advances with another ETag, also within a second and if the clock went back', () => {
    const clock = new MtimeClock();
    const times = [0, 0, -5000, 7].map((offset, index) =>
      clock.mtimeOf('f', { etag: String(index), lastModified: new Date(second + offset) }),
    );
    assert.deepEqual(times, [second, second + 1, second + 2, second + 7]);
  });

  it('goes on after a restart', () => {
    const clock = new MtimeClock();
    clock.restore('f', 'a', second + 9);
    assert.equal(clock.mtimeOf('f', { etag: 'a', lastModified: new Date(second) }), second + 9);
    assert.equal(clock.mtimeOf('f', { etag: 'b', lastModified: new Date(second) }), second + 10);
  });
});
