import assert from 'node:assert/strict';
import { localNames } from '../../../src/transfer/sync/nameRules.ts';
import { resolveConflict } from '../../../src/transfer/sync/resolveConflict.ts';
import type { FileEntry, ObjectEntry } from '../../../src/transfer/sync/syncEntry.ts';
import type { SyncOptions } from '../../../src/transfer/sync/syncOptions.ts';
import { bothWays, up, down, file, object, record, grown, rewritten } from './planning.ts';

describe('resolveConflict', () => {
  function resolved(
    options: SyncOptions,
    near: FileEntry | undefined,
    far: ObjectEntry | undefined,
  ): string[] {
    const conflict = {
      path: 'a',
      near,
      far,
      record: record('a'),
      action: 'conflict',
      reason: 'bothChanged',
    } as const;
    return (['near', 'far', 'keepBoth'] as const).map((resolution) => {
      const { action, reason } = resolveConflict(conflict, resolution, options);
      return `${action} ${reason}`;
    });
  }

  it('does what the person says', () => {
    assert.deepEqual(resolved(bothWays, grown, rewritten), [
      'upload resolved',
      'download resolved',
      'keepBoth resolved',
    ]);
    assert.deepEqual(resolved(bothWays, undefined, rewritten), [
      'deleteRemote resolved',
      'download resolved',
      'download resolved',
    ]);
    assert.deepEqual(resolved(bothWays, grown, undefined), [
      'upload resolved',
      'deleteLocal resolved',
      'upload resolved',
    ]);
  });

  it('never writes the source', () => {
    assert.deepEqual(resolved(up, grown, rewritten), [
      'upload resolved',
      'accept leftDifferent',
      'keepBoth resolved',
    ]);
    assert.deepEqual(resolved(up, undefined, rewritten), [
      'deleteRemote resolved',
      'kept resolved',
      'kept resolved',
    ]);
    assert.deepEqual(resolved(down, grown, rewritten), [
      'accept leftDifferent',
      'download resolved',
      'keepBoth resolved',
    ]);
  });

  it('names the copy after its content, in a name that fits', () => {
    const copyOf = (near: FileEntry, far: ObjectEntry, options = bothWays): string => {
      const { path } = near;
      const item = resolveConflict(
        { path, near, far, action: 'conflict', reason: 'bothNew' },
        'keepBoth',
        options,
      );
      assert.ok(item.action === 'keepBoth');
      return item.copyPath;
    };
    const name = copyOf(file('d/a.txt'), object('d/a.txt'));
    assert.match(name, /^d\/a \(remote [0-9a-f]{8}\)\.txt$/);
    assert.equal(copyOf(file('d/a.txt', 9n), object('d/a.txt')), name);
    assert.notEqual(copyOf(file('d/a.txt'), object('d/a.txt', 'e2')), name);
    assert.match(copyOf(file('.env'), object('.env')), /^\.env \(remote [0-9a-f]{8}\)$/);
    assert.match(copyOf(file('a.txt'), object('a.txt'), down), /^a \(local [0-9a-f]{8}\)\.txt$/);
    for (const long of [`${'é'.repeat(125)}.txt`, `a.${'é'.repeat(126)}`]) {
      const copy = copyOf(file(long), object(long));
      assert.equal(localNames('posix').check(copy), undefined);
      assert.match(copy, /\(remote/);
    }
  });
});
