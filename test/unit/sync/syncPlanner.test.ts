import assert from 'node:assert/strict';
import type { ObstacleEntry } from '../../../src/transfer/sync/syncEntry.ts';
import { type Near, bothWays, file, object, record, plan, told, up } from './planning.ts';

describe('syncPlanner, the sides as a whole', () => {
  const mirror = { ...up, deletions: 'mirror' } as const;

  it('deletes nothing at a first sync from an empty side', () => {
    const result = plan(mirror, [], [object('a'), object('b')]);
    assert.deepEqual(told(result), ['kept emptySource a', 'kept emptySource b']);
    assert.equal(result.firstSync, true);
    const accepted = plan({ ...mirror, acceptVanished: true }, [], [object('a')]);
    assert.deepEqual(told(accepted), ['kept emptySource a']);
  });

  it('runs nothing while a side has vanished, until a person says that it is meant', () => {
    for (const options of [bothWays, mirror]) {
      const args = [[], [object('a'), object('new')], [record('a')]] as const;
      const result = plan(options, ...args);
      assert.ok(result.items.every(({ action }) => action === 'blocked'));
      assert.deepEqual(result.confirmations, [{ type: 'vanished', side: 'near', records: 1 }]);
      const accepted = plan({ ...options, acceptVanished: true }, ...args);
      assert.ok(told(accepted).includes('deleteRemote deleted a'));
    }
    const far = plan(bothWays, [file('a')], [], [record('a')]);
    assert.deepEqual(told(far), ['blocked vanished a']);
    assert.deepEqual(far.confirmations, [{ type: 'vanished', side: 'far', records: 1 }]);
  });

  it('does not count folder markers and obstacles wrongly', () => {
    const marker = object('folder/', 'e', 0);
    const markers = plan(bothWays, [file('a')], [marker], [record('a')]);
    assert.deepEqual(told(markers), ['blocked vanished a']);
    const obstacle: ObstacleEntry = { type: 'obstacle', path: 'x', obstacle: 'unreadable' };
    const hidden = plan(
      bothWays,
      [obstacle],
      [object('a'), object('x/y')],
      [record('a'), record('x/y')],
    );
    assert.deepEqual(told(hidden), [
      'deleteRemote deleted a',
      'blocked unreadable x',
      'blocked unreadable x/y',
    ]);
  });
});

describe('syncPlanner, obstacles', () => {
  const link: ObstacleEntry = { type: 'obstacle', path: 'd', obstacle: 'symlink' };

  it('reports them and leaves alone what is behind them', () => {
    const far = ['d', 'd-', 'd/x', 'd/y'].map((path) => object(path));
    const result = plan(bothWays, [link], far, [record('d/x'), record('d/z')]);
    assert.deepEqual(told(result), [
      'blocked symlink d',
      'download new d-',
      'blocked symlink d/x',
      'blocked symlink d/y',
      'blocked symlink d/z',
    ]);
  });

  it('reads through a followed link and never writes through it', () => {
    const near: Near[] = [
      { ...link, obstacle: 'linkedFolder' },
      file('d/changed', 2n, 2),
      file('d/deleted'),
      file('d/new'),
      file('d/old'),
      { ...file('l'), viaLink: true },
      { ...file('m', 2n), viaLink: true },
    ];
    const far = [
      object('d/changed'),
      object('d/more'),
      object('d/old', 'e2'),
      object('l', 'e2'),
      object('m'),
    ];
    const records = ['d/changed', 'd/deleted', 'd/old', 'l', 'm'].map((path) => record(path));
    assert.deepEqual(told(plan(bothWays, near, far, records)), [
      'upload changed d/changed',
      'blocked linkedFolder d/deleted',
      'blocked linkedFolder d/more',
      'upload new d/new',
      'blocked linkedFolder d/old',
      'blocked symlink l',
      'upload changed m',
    ]);
  });
});
