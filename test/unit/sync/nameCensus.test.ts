import assert from 'node:assert/strict';
import { localNames, remoteNames } from '../../../src/transfer/sync/nameRules.ts';
import type { SyncOptions } from '../../../src/transfer/sync/syncOptions.ts';
import {
  type Near,
  bothWays,
  up,
  down,
  windows,
  file,
  object,
  record,
  plan,
  told,
  other,
} from './planning.ts';

describe('nameCensus', () => {
  function blockedBy(
    options: SyncOptions,
    near: readonly Near[],
    far: readonly string[],
  ): string[] {
    const { items } = plan(
      options,
      near,
      far.map((path) => object(path)),
    );
    return items.map((item) =>
      item.action === 'blocked'
        ? `${item.reason} ${item.path}${item.other === undefined ? '' : ` (${item.other})`}`
        : `${item.action} ${item.path}`,
    );
  }

  it('blocks what the local system cannot hold, in the directions that write it', () => {
    const far = ['../../etc/passwd', '/abs', 'a//b', 'a\\b', 'con', 'ok', 'x.', 'nul\0'];
    assert.deepEqual(blockedBy({ ...down, names: windows }, [], far), [
      'dotName ../../etc/passwd',
      'emptyName /abs',
      'emptyName a//b',
      'forbiddenCharacter a\\b',
      'reservedName con',
      'forbiddenCharacter nul\0',
      'download ok',
      'trailingDotOrSpace x.',
    ]);
    assert.ok(
      plan(
        up,
        [],
        far.map((path) => object(path)),
      ).items.every(({ reason }) => reason === 'extraneous'),
    );
  });

  it('blocks both of two names that the local system takes for one', () => {
    const options = { ...down, names: windows };
    assert.deepEqual(blockedBy(options, [], ['README', 'ok', 'readme']), [
      'sameName README (readme)',
      'download ok',
      'sameName readme (README)',
    ]);
    assert.deepEqual(blockedBy(options, [], ['A/x', 'a/y']), [
      'sameName A/x (a/)',
      'sameName a/y (A/)',
    ]);
    assert.deepEqual(blockedBy(down, [], ['README', 'readme']), [
      'download README',
      'download readme',
    ]);
  });

  it('lets what is there win', () => {
    const options = { ...down, names: windows };
    assert.deepEqual(blockedBy(options, [file('b/x')], ['B/y', 'b/x', 'b/z']), [
      'sameName B/y (b/)',
      'adopt b/x',
      'download b/z',
    ]);
  });

  it('lets a person decide between a new file and a new object of the same name', () => {
    const options = { ...bothWays, names: windows };
    assert.deepEqual(blockedBy(options, [file('readme')], ['README']), [
      'sameName README (readme)',
      'sameName readme (README)',
    ]);
    // In one direction nothing is to come, so nothing is in the way.
    assert.deepEqual(blockedBy({ ...up, names: windows }, [file('readme')], ['README']), [
      'kept README',
      'upload readme',
    ]);
  });

  it('blocks a conflict whose resolution would hit another spelling', () => {
    const far = [object('a', 'e2'), other.far];
    const args = [[file('A'), other.near], far, [record('a'), other.record]] as const;
    assert.deepEqual(told(plan({ ...bothWays, names: windows }, ...args)), [
      'blocked sameName A',
      'blocked sameName a',
    ]);
    assert.deepEqual(told(plan(bothWays, ...args)), ['upload new A', 'conflict deletedNear a']);
  });

  it('knows NFC beside NFD where the system does not', () => {
    const darwin = { ...down, names: { ...down.names, near: localNames('darwin') } };
    assert.deepEqual(blockedBy(darwin, [file('e\u0301')], ['\u00e9']), [
      'kept e\u0301',
      'sameName \u00e9 (e\u0301)',
    ]);
    assert.deepEqual(blockedBy(down, [], ['e\u0301', '\u00e9']), [
      'download e\u0301',
      'download \u00e9',
    ]);
  });

  it('downloads the folder where an object stands beside its prefix', () => {
    assert.deepEqual(blockedBy(down, [], ['a', 'a-b', 'a/b', 'a/c']), [
      'fileBesideFolder a (a/)',
      'download a-b',
      'download a/b',
      'download a/c',
    ]);
    assert.deepEqual(blockedBy(down, [file('a')], ['a/b']), ['kept a', 'fileBesideFolder a/b (a)']);
    assert.deepEqual(blockedBy(down, [file('a/x')], ['a']), [
      'fileBesideFolder a (a/)',
      'kept a/x',
    ]);
  });

  it('puts no object beside a prefix, where MinIO would hide what is below it', () => {
    assert.deepEqual(blockedBy(up, [file('a/b')], ['a']), ['kept a', 'fileBesideFolder a/b (a)']);
    const names = { ...up.names, far: remoteNames('p/', { objectBesidePrefix: true }) };
    assert.deepEqual(blockedBy({ ...up, names }, [file('a/b')], ['a']), ['kept a', 'upload a/b']);
  });

  it('plans again where a deletion makes room', () => {
    const far = [object('a/b'), other.far];
    const result = plan(bothWays, [file('a'), other.near], far, [record('a'), other.record]);
    assert.deepEqual(told(result), ['deleteLocal deleted a', 'blocked fileBesideFolder a/b']);
    assert.equal(result.planAgain, true);
  });

  it('skips folder markers and reports one with content', () => {
    assert.deepEqual(blockedBy(down, [], ['a/b/', 'c/d']), ['folderObject a/b/', 'download c/d']);
    assert.deepEqual(told(plan(down, [], [object('a/', 'e', 0)])), []);
    const copy = {
      ...bothWays,
      direction: 'remoteToRemote',
      names: { near: remoteNames(''), far: remoteNames('') },
    } as const;
    assert.deepEqual(told(plan(copy, [object('a/', 'e', 0)], [])), ['copy new a/']);
  });

  it('blocks an object key that gets too long', () => {
    const long = 'x'.repeat(250);
    const path = [long, long, long, long].join('/');
    assert.deepEqual(
      blockedBy(
        { ...up, names: { near: localNames('posix'), far: remoteNames('a-prefix-of-22-bytes-/') } },
        [file(path)],
        [],
      ),
      [`tooLong ${path}`],
    );
  });
});
