import assert from 'node:assert/strict';
import type { FileEntry, ObjectEntry } from '../../../src/transfer/sync/syncEntry.ts';
import type { SyncPlan } from '../../../src/transfer/sync/syncPlan.ts';
import type { SyncRecord } from '../../../src/transfer/sync/syncRecord.ts';
import {
  bothWays,
  up,
  down,
  file,
  object,
  record,
  plan,
  told,
  other,
  toldOf,
  touched,
  grown,
  rewritten,
  grownObject,
} from './planning.ts';

describe('decideItem', () => {
  const cases: readonly (readonly [
    string,
    FileEntry | undefined,
    ObjectEntry | undefined,
    SyncRecord | undefined,
    { both: string; up: string; down: string },
  ])[] = [
    [
      'a new file',
      file('a'),
      undefined,
      undefined,
      { both: 'upload new', up: 'upload new', down: 'kept extraneous' },
    ],
    [
      'a new object',
      undefined,
      object('a'),
      undefined,
      { both: 'download new', up: 'kept extraneous', down: 'download new' },
    ],
    [
      'both new, of one size',
      file('a'),
      object('a'),
      undefined,
      { both: 'adopt noRecord', up: 'adopt noRecord', down: 'adopt noRecord' },
    ],
    [
      'both new, of two sizes',
      file('a'),
      grownObject,
      undefined,
      { both: 'conflict bothNew', up: 'conflict bothNew', down: 'conflict bothNew' },
    ],
    ['no change', file('a'), object('a'), record('a'), { both: '', up: '', down: '' }],
    [
      'a touched file',
      touched,
      object('a'),
      record('a'),
      { both: 'upload changed', up: 'upload changed', down: 'adopt targetTouched' },
    ],
    [
      'a changed file',
      grown,
      object('a'),
      record('a'),
      { both: 'upload changed', up: 'upload changed', down: 'conflict targetChanged' },
    ],
    [
      'an object written with the same size',
      file('a'),
      rewritten,
      record('a'),
      { both: 'download changed', up: 'adopt targetTouched', down: 'download changed' },
    ],
    [
      'a changed object',
      file('a'),
      grownObject,
      record('a'),
      { both: 'download changed', up: 'conflict targetChanged', down: 'download changed' },
    ],
    [
      'both written with the same size',
      touched,
      rewritten,
      record('a'),
      { both: 'adopt bothTouched', up: 'adopt bothTouched', down: 'adopt bothTouched' },
    ],
    [
      'a touched file and a changed object',
      touched,
      grownObject,
      record('a'),
      { both: 'adopt bothTouched', up: 'adopt bothTouched', down: 'adopt bothTouched' },
    ],
    [
      'the same without an MD5',
      touched,
      grownObject,
      record('a', { md5: undefined }),
      { both: 'conflict bothChanged', up: 'conflict bothChanged', down: 'conflict bothChanged' },
    ],
    [
      'both changed',
      grown,
      grownObject,
      record('a'),
      { both: 'conflict bothChanged', up: 'conflict bothChanged', down: 'conflict bothChanged' },
    ],
    [
      'a deleted file',
      undefined,
      object('a'),
      record('a'),
      { both: 'deleteRemote deleted', up: 'deleteRemote deleted', down: 'download missing' },
    ],
    [
      'a deleted object',
      file('a'),
      undefined,
      record('a'),
      { both: 'deleteLocal deleted', up: 'upload missing', down: 'deleteLocal deleted' },
    ],
    [
      'a deleted file whose object changed',
      undefined,
      rewritten,
      record('a'),
      { both: 'conflict deletedNear', up: 'conflict deletedNear', down: 'download missing' },
    ],
    [
      'a deleted object whose file changed',
      touched,
      undefined,
      record('a'),
      { both: 'conflict deletedFar', up: 'upload missing', down: 'conflict deletedFar' },
    ],
    [
      'both deleted',
      undefined,
      undefined,
      record('a'),
      { both: 'forget gone', up: 'forget gone', down: 'forget gone' },
    ],
  ];
  for (const [name, near, far, own, expected] of cases) {
    it(`plans for ${name}`, () => {
      assert.equal(toldOf(bothWays, near, far, own), expected.both, 'both ways');
      assert.equal(toldOf(up, near, far, own), expected.up, 'local to remote');
      assert.equal(toldOf(down, near, far, own), expected.down, 'remote to local');
    });
  }

  it('keeps what it would delete while deletions are off, which is the default', () => {
    for (const options of [bothWays, up, down]) {
      const off = { ...options, deletions: undefined };
      assert.match(
        toldOf(off, undefined, object('a'), record('a')),
        /kept deleted|download missing/,
      );
      assert.match(toldOf(off, file('a'), undefined, record('a')), /kept deleted|upload missing/);
    }
  });

  it('deletes what the source never had only as a mirror', () => {
    const mirror = { ...up, deletions: 'mirror' } as const;
    assert.equal(toldOf(mirror, undefined, object('a')), 'deleteRemote extraneous');
    assert.equal(
      toldOf({ ...down, deletions: 'mirror' }, file('a'), undefined),
      'deleteLocal extraneous',
    );
    assert.equal(toldOf({ ...bothWays, deletions: 'mirror' }, file('a'), undefined), 'upload new');
  });

  it('overwrites a changed target only if told to, and never both ways', () => {
    const overwrite = { targetChanges: 'overwrite' } as const;
    assert.equal(
      toldOf({ ...up, ...overwrite }, file('a'), grownObject, record('a')),
      'upload overwritten',
    );
    assert.equal(toldOf({ ...up, ...overwrite }, file('a'), grownObject), 'upload overwritten');
    assert.equal(
      toldOf({ ...bothWays, ...overwrite }, grown, grownObject, record('a')),
      'conflict bothChanged',
    );
    assert.equal(toldOf({ ...bothWays, ...overwrite }, file('a'), grownObject), 'conflict bothNew');
    // A deletion of what somebody changed is not an overwrite.
    assert.equal(
      toldOf({ ...up, ...overwrite }, undefined, grownObject, record('a')),
      'conflict deletedNear',
    );
  });

  it('tells a run which content to look for before it transfers', () => {
    const [upload] = plan(
      bothWays,
      [touched, other.near],
      [object('a'), other.far],
      [record('a'), other.record],
    ).items;
    assert.ok(upload?.action === 'upload');
    assert.equal(upload.knownMd5, 'old');
    const [changed] = plan(
      bothWays,
      [grown, other.near],
      [object('a'), other.far],
      [record('a'), other.record],
    ).items;
    assert.ok(changed?.action === 'upload');
    assert.equal(changed.knownMd5, undefined);
  });

  it('compares where the record does not tell', () => {
    const fresh = record('a', { near: { size: 1 } });
    assert.equal(toldOf(bothWays, file('a'), object('a'), fresh), 'adopt unsure');
    const noEtag = record('a', { far: { size: 1, etag: '' } });
    assert.equal(toldOf(bothWays, file('a'), object('a'), noEtag), 'adopt unsure');
    assert.equal(
      toldOf(bothWays, file('a'), object('a', ''), record('a', { far: { size: 1, etag: '' } })),
      'adopt unsure',
    );
  });

  it('sees a change of size although time and ETag stand', () => {
    assert.equal(toldOf(bothWays, file('a', 1n, 5), object('a'), record('a')), 'upload changed');
    assert.equal(
      toldOf(bothWays, file('a'), object('a', 'e1', 5), record('a')),
      'download changed',
    );
  });

  it('counts what is unchanged, and lists it on demand', () => {
    const args = [[other.near], [other.far], [other.record]] as const;
    assert.deepEqual(told(plan(bothWays, ...args)), []);
    assert.deepEqual(plan(bothWays, ...args).tallies.unchanged, { count: 1, bytes: 1 });
    const listed = plan({ ...bothWays, listUnchanged: true }, ...args);
    assert.deepEqual(told(listed), ['unchanged same other']);
    assert.deepEqual(listed.tallies.unchanged, { count: 1, bytes: 1 });
  });

  it('leaves out what is excluded, with its record', () => {
    const options = { ...bothWays, includes: (path: string) => path !== 'a' };
    assert.equal(toldOf(options, undefined, object('a'), record('a')), '');
    assert.equal(toldOf(options, undefined, undefined, record('a')), '');
  });

  it('counts bytes by action and asks before deleting', () => {
    const result = plan(
      bothWays,
      [file('big', 1n, 700), other.near],
      [object('gone', 'e1', 1), object('new', 'e', 30), other.far],
      [record('gone'), other.record],
    );
    assert.deepEqual(result.tallies.upload, { count: 1, bytes: 700 });
    assert.deepEqual(result.tallies.download, { count: 1, bytes: 30 });
    assert.deepEqual(result.confirmations, [
      { type: 'deletions', side: 'far', tally: { count: 1, bytes: 1 }, entries: 3 },
    ]);
    assert.equal(result.firstSync, false);
  });
});

describe('decideItem, customer keys', () => {
  const wantedKey = (path: string): string | null | undefined =>
    path === 'plain' ? null : path === 'any' ? undefined : 'B';
  const options = { ...bothWays, wantedKey };

  function toldWith(
    fingerprint: string | null | undefined,
    path = 'a',
    more: object = {},
  ): string[] {
    const own = record(path, { fingerprint });
    return told(plan({ ...options, ...more }, [file(path)], [object(path)], [own]));
  }

  it('re-encrypts what has another key than the rule says', () => {
    assert.deepEqual(toldWith('B'), []);
    assert.deepEqual(toldWith('A'), ['reencrypt rule a']);
    assert.deepEqual(toldWith(null), ['reencrypt rule a']);
    assert.deepEqual(toldWith('A', 'any'), []);
    assert.deepEqual(toldWith(undefined), ['reencrypt unverified a']);
  });

  it('never re-encrypts the source', () => {
    assert.deepEqual(toldWith('A', 'a', { direction: 'remoteToLocal' }), []);
  });

  it('asks before a rule takes an encryption away', () => {
    const own = record('plain', { fingerprint: 'A' });
    const result = plan(options, [file('plain')], [object('plain')], [own]);
    assert.deepEqual(told(result), ['reencrypt rule plain']);
    assert.deepEqual(result.confirmations, [{ type: 'decryptions', count: 1 }]);
    const uploads = (fingerprint: string | null): SyncPlan =>
      plan(options, [file('plain', 2n)], [object('plain')], [record('plain', { fingerprint })]);
    assert.deepEqual(uploads('A').confirmations, [{ type: 'decryptions', count: 1 }]);
    assert.deepEqual(uploads(null).confirmations, []);
  });

  it('doubts the key of an object that was written while its ETag stands', () => {
    const own = (lastModified: number): SyncRecord =>
      record('a', { fingerprint: 'B', far: { size: 1, etag: 'e1', lastModified } });
    const seen: ObjectEntry = { ...object('a'), lastModified: 5_400 };
    const toldAt = (time: number): string[] =>
      told(plan(options, [file('a')], [seen], [own(time)]));
    assert.deepEqual(toldAt(5_400), []);
    assert.deepEqual(toldAt(5_000), [], 'HEAD tells seconds, LIST milliseconds');
    assert.deepEqual(toldAt(4_999), ['reencrypt unverified a']);
  });

  it('tells an upload which key the rule wants', () => {
    const [item] = plan(options, [file('a')], []).items;
    assert.ok(item?.action === 'upload');
    assert.equal(item.wantedKey, 'B');
  });
});
