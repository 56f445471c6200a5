import assert from 'node:assert/strict';
import type { PlanItem } from '../../../src/transfer/sync/planItem.ts';
import { settleAdoption } from '../../../src/transfer/sync/settleAdoption.ts';
import type { SyncOptions } from '../../../src/transfer/sync/syncOptions.ts';
import {
  bothWays,
  up,
  down,
  file,
  object,
  record,
  toldOf,
  touched,
  rewritten,
} from './planning.ts';

describe('settleAdoption', () => {
  const adopt = {
    path: 'a',
    near: touched,
    far: rewritten,
    record: record('a'),
    action: 'adopt',
    reason: 'bothTouched',
  } as const;
  const settled = (
    ifDifferent: 'far' | 'conflict',
    finding: 'same' | 'different' | 'nearUnchanged' | 'farUnchanged',
    options: SyncOptions,
  ): string => {
    const item: PlanItem = settleAdoption({ ...adopt, ifDifferent }, finding, options);
    return `${item.action} ${item.reason}`;
  };

  it('does what the comparison says', () => {
    assert.equal(settled('conflict', 'same', bothWays), 'accept same');
    assert.equal(settled('conflict', 'different', bothWays), 'conflict different');
    assert.equal(settled('far', 'different', bothWays), 'upload different');
    assert.equal(settled('conflict', 'nearUnchanged', bothWays), 'download changed');
    assert.equal(settled('conflict', 'farUnchanged', bothWays), 'upload changed');
    assert.equal(settled('conflict', 'nearUnchanged', up), 'conflict targetChanged');
    assert.equal(
      settled('conflict', 'nearUnchanged', { ...up, targetChanges: 'overwrite' }),
      'upload overwritten',
    );
    assert.equal(settled('conflict', 'farUnchanged', up), 'upload changed');
    assert.equal(settled('conflict', 'farUnchanged', down), 'conflict targetChanged');
  });

  it('does not compare again what was left different', () => {
    const unresolved = record('a', { differs: 'unresolved', md5: undefined });
    assert.equal(toldOf(bothWays, file('a'), object('a'), unresolved), 'conflict different');
    assert.equal(toldOf(up, file('a'), object('a'), unresolved), 'conflict different');
    assert.equal(toldOf(bothWays, touched, object('a'), unresolved), 'adopt noRecord');
    const old = { ...adopt, far: object('a'), record: record('a', { differs: 'remoteToLocal' }) };
    const item = settleAdoption({ ...old, ifDifferent: 'far' }, 'different', up);
    assert.ok(!('knownMd5' in item), 'an MD5 of one side says nothing of the other');
    const left = record('a', { differs: 'localToRemote', md5: undefined });
    assert.equal(toldOf(up, file('a'), object('a'), left), '');
    assert.equal(toldOf(bothWays, file('a'), object('a'), left), 'adopt noRecord');
  });
});
