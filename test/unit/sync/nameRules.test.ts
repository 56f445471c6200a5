import assert from 'node:assert/strict';
import { posix, win32 } from 'node:path';
import fc from 'fast-check';
import { localPath } from '../../../src/transfer/sync/localPath.ts';
import { localNames, remoteNames, type LocalSystem } from '../../../src/transfer/sync/nameRules.ts';
import { nastyKey } from '../core/nastyKeys.ts';

const systems: readonly LocalSystem[] = ['posix', 'darwin', 'win32'];

describe('nameRules', () => {
  const nowhere = {
    emptyName: ['', '/', '/a', 'a/', 'a//b', '//server/share'],
    dotName: ['.', '..', '../a', 'a/..', 'a/../b', './a', 'a/.'],
    forbiddenCharacter: ['a\0', '\0', 'a/\0/b'],
    tooLong: ['x'.repeat(256), `a/${'x'.repeat(300)}`],
    malformed: ['\ud800', 'a/\udc00b'],
  };
  for (const [problem, paths] of Object.entries(nowhere)) {
    for (const path of paths) {
      it(`holds ${JSON.stringify(path.slice(0, 30))} nowhere: ${problem}`, () => {
        for (const system of systems) assert.equal(localNames(system).check(path), problem);
      });
    }
  }

  const notOnWindows = {
    forbiddenCharacter: [
      'a\\b',
      '..\\..\\a',
      'C:',
      'a:b',
      'a?',
      '*',
      '<a>',
      '"',
      'a|b',
      'a\u0001',
      '\n',
    ],
    reservedName: [
      'con',
      'CON',
      'nul.txt',
      'a/aux',
      'COM1',
      'lpt9.tar.gz',
      'CONIN$',
      'com¹',
      'nul .x',
    ],
    trailingDotOrSpace: ['a.', 'a ', 'a/b. /c', '...', '. .'],
  };
  for (const [problem, paths] of Object.entries(notOnWindows)) {
    for (const path of paths) {
      it(`does not hold ${JSON.stringify(path)} on Windows: ${problem}`, () => {
        assert.equal(localNames('win32').check(path), problem);
        assert.equal(localNames('posix').check(path), undefined);
        assert.equal(localNames('darwin').check(path), undefined);
      });
    }
  }

  it('holds what only looks alike', () => {
    const fine = [
      'a',
      '...a',
      '.hidden',
      'a b',
      'console',
      'nulx.txt',
      'com',
      'com10',
      'é',
      '😀',
      'a/b/c',
    ];
    for (const path of fine) {
      for (const system of systems) assert.equal(localNames(system).check(path), undefined, path);
    }
  });

  it('counts bytes, or UTF-16 units on Windows', () => {
    const name = '😀'.repeat(64);
    assert.equal(localNames('posix').check(name), 'tooLong');
    assert.equal(localNames('darwin').check(name), 'tooLong');
    assert.equal(localNames('win32').check(name), undefined);
    const deep = Array.from({ length: 100 }, () => 'x'.repeat(9)).join('/');
    assert.equal(localNames('darwin', 20).check(deep), undefined);
    assert.equal(localNames('darwin', 30).check(deep), 'tooLong');
    assert.equal(localNames('posix', 30).check(deep), undefined);
  });

  it('counts an object key with its prefix', () => {
    assert.equal(remoteNames('').check('x'.repeat(1024)), undefined);
    assert.equal(remoteNames('p').check('x'.repeat(1024)), 'tooLong');
    assert.equal(remoteNames('').check('é'.repeat(513)), 'tooLong');
    assert.equal(remoteNames('p/').check(''), 'emptyName');
    assert.equal(remoteNames('').check('a\0'), 'forbiddenCharacter');
    assert.equal(remoteNames('').check('\ud800'), 'malformed');
    assert.equal(remoteNames('').check('a//../b'), undefined);
  });
});

describe('localPath', () => {
  const roots = { posix: '/home/me/sync', darwin: '/Users/me/sync', win32: 'C:\\Users\\me\\sync' };

  it('never leaves the root, whatever the object key', () => {
    const parts = fc.constantFrom(
      '..',
      '.',
      '',
      '/',
      '\\',
      'a',
      'C:',
      '..\\',
      '\0',
      '%2e%2e',
      '～',
      ' ',
    );
    const hostile = fc.array(parts, { maxLength: 8 }).map((list) => list.join('/'));
    const joined = fc.array(parts, { maxLength: 8 }).map((list) => list.join(''));
    fc.assert(
      fc.property(
        fc.oneof(nastyKey, hostile, joined),
        fc.constantFrom(...systems),
        (path, system) => {
          const root = roots[system];
          const paths = system === 'win32' ? win32 : posix;
          let local: string;
          try {
            local = localPath(root, path, system);
          } catch (error) {
            assert.ok(error instanceof RangeError);
            return;
          }
          assert.ok(local.startsWith(root + paths.sep), local);
          assert.equal(paths.normalize(local), local);
          assert.equal(paths.relative(root, local).split(paths.sep).join('/'), path);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('joins what the system holds', () => {
    assert.equal(localPath('/r', 'a/b c', 'posix'), '/r/a/b c');
    assert.equal(localPath('/', 'a', 'posix'), '/a');
    assert.equal(localPath('/r', 'a\\b', 'posix'), '/r/a\\b');
    assert.equal(localPath('C:\\r', 'a/b', 'win32'), 'C:\\r\\a\\b');
    assert.equal(localPath('\\\\server\\share', 'a/b', 'win32'), '\\\\server\\share\\a\\b');
    assert.throws(() => localPath('relative', 'a', 'posix'), RangeError);
  });
});
