import assert from 'node:assert/strict';
import fc from 'fast-check';
import { IgnoreRules } from '../../../src/transfer/sync/ignoreRules.ts';
import { PathFilter, type FilterOptions } from '../../../src/transfer/sync/pathFilter.ts';
import { nastyKey } from '../core/nastyKeys.ts';

/** What of these takes part. */
function included(options: FilterOptions, ...paths: string[]): string[] {
  const filter = new PathFilter(options);
  return paths.filter((path) => filter.includes(path));
}

describe('pathFilter', () => {
  it('includes everything without patterns', () => {
    fc.assert(
      fc.property(nastyKey, (path) => {
        const filter = new PathFilter({ exclude: [''], include: ['', '/'] });
        assert.ok(filter.includes(path));
        assert.ok(!filter.excludesFolder(path));
      }),
    );
  });

  it('takes a glob without a slash for a name anywhere, one with a slash from the root', () => {
    const paths = ['a.tmp', 'x/a.tmp', 'x/y/a.tmp', 'a.txt'];
    assert.deepEqual(included({ exclude: ['*.tmp'] }, ...paths), ['a.txt']);
    assert.deepEqual(included({ exclude: ['/*.tmp'] }, ...paths), [
      'x/a.tmp',
      'x/y/a.tmp',
      'a.txt',
    ]);
    assert.deepEqual(included({ exclude: ['x/*.tmp'] }, ...paths), ['a.tmp', 'x/y/a.tmp', 'a.txt']);
    assert.deepEqual(included({ exclude: ['./x/**'] }, ...paths), ['a.tmp', 'a.txt']);
    assert.deepEqual(included({ include: ['*.tmp'] }, ...paths), paths.slice(0, 3));
    assert.deepEqual(included({ include: ['**/*.tmp'], exclude: ['y'] }, ...paths), [
      'a.tmp',
      'x/a.tmp',
    ]);
  });

  it('takes a glob for all that is in the folder that it matches', () => {
    const paths = ['build', 'build/a/b', 'x/build/c', 'rebuild/d'];
    assert.deepEqual(included({ exclude: ['build'] }, ...paths), ['rebuild/d']);
    assert.deepEqual(included({ exclude: ['build/'] }, ...paths), ['build', 'rebuild/d']);
    assert.deepEqual(included({ include: ['build/'] }, ...paths), ['build/a/b', 'x/build/c']);
    assert.deepEqual(included({ include: ['/build'] }, ...paths), ['build', 'build/a/b']);
  });

  it('sees hidden names, and takes ! and backslashes for what they are', () => {
    assert.deepEqual(included({ exclude: ['*'] }, '.hidden', 'd/.hidden/x'), []);
    assert.deepEqual(included({ exclude: ['!a'] }, '!a', 'a'), ['a']);
    assert.deepEqual(included({ exclude: ['b'] }, 'a\\b'), ['a\\b']);
  });

  it('knows upper and lower case, unless told not to', () => {
    assert.deepEqual(included({ exclude: ['a'] }, 'a', 'A', 'A/x'), ['A', 'A/x']);
    assert.deepEqual(included({ exclude: ['a'], ignoreCase: true }, 'a', 'A', 'A/x'), []);
    const filter = new PathFilter({ ignoreCase: true });
    filter.addIgnoreFile('', 'b\n');
    assert.ok(!filter.includes('B'));
    const strict = new PathFilter();
    strict.addIgnoreFile('', 'b\n');
    assert.ok(strict.includes('B'));
  });

  it('excludes what is in a folder that it excludes', () => {
    const pattern = fc.constantFrom('a', 'a/', '/a', 'a/b', '**/b', 'a/**', '*', 'b?', '{a,b}/c');
    const segment = fc.constantFrom('a', 'b', 'c', 'b1', '');
    const folder = fc
      .array(segment, { minLength: 1, maxLength: 4 })
      .map((parts) => parts.join('/'));
    const options = fc.record({ exclude: fc.array(pattern), include: fc.array(pattern) });
    fc.assert(
      fc.property(options, fc.array(pattern), folder, folder, (globs, lines, folder, below) => {
        const filter = new PathFilter(globs);
        filter.addIgnoreFile('', lines.join('\n'));
        if (!filter.excludesFolder(folder)) return;
        assert.ok(!filter.includes(`${folder}/${below}`));
        assert.ok(filter.excludesFolder(`${folder}/${below}`));
      }),
    );
  });

  it('obeys an ignore file that is added after it was asked', () => {
    const filter = new PathFilter();
    assert.ok(filter.includes('d/x'));
    filter.addIgnoreFile('d', '*\n');
    assert.ok(!filter.includes('d/x'));
    assert.ok(filter.includes('x'));
    assert.ok(!filter.excludesFolder('e'));
    filter.addIgnoreFile('', 'e/\n');
    assert.ok(filter.excludesFolder('e'));
  });

  it('answers for every object key', () => {
    const pattern = fc.oneof(nastyKey, fc.constantFrom('*', '**/a', 'a/**', '!a'));
    fc.assert(
      fc.property(nastyKey, fc.array(pattern, { maxLength: 3 }), pattern, (path, exclude, line) => {
        const filter = new PathFilter({ exclude });
        filter.addIgnoreFile('', line);
        filter.addIgnoreFile('a', line);
        filter.includes(path);
        filter.excludesAll(path);
      }),
    );
  });
});

describe('ignoreRules', () => {
  /** The files of a tree that are ignored; the answers are those of `git check-ignore`. */
  function ignored(files: Record<string, string>, ...paths: string[]): string[] {
    const rules = new IgnoreRules();
    for (const [folder, text] of Object.entries(files)) rules.add(folder, text);
    return paths.filter((path) => rules.ignores(path, 'file'));
  }

  it('reads patterns as git does', () => {
    const text =
      '\ufeff# comment\r\n*.log\r\n!keep.log\n\n/root\nbuild/\nt \n\\#hash\n\\!bang\ns\\ \n';
    assert.deepEqual(
      ignored(
        { '': text },
        ...['a.log', 'd/a.log', 'keep.log', 'root', 'd/root', 'build', 'build/x', 'd/build/x'],
        ...['t', 't ', '#hash', '!bang', 's ', 's', '# comment'],
      ),
      ['a.log', 'd/a.log', 'root', 'build/x', 'd/build/x', 't', '#hash', '!bang', 's '],
    );
  });

  it('lets a deeper file win, but not inside of an ignored folder', () => {
    const files = { '': '*.log\nout/\n', d: '!*.log\n/x\ny/z\n', 'd/e': '*.log\n', out: '!*\n' };
    assert.deepEqual(
      ignored(
        files,
        'a.log',
        'd/a.log',
        'd/e/a.log',
        'd/x',
        'd/e/x',
        'd/y/z',
        'd/e/y/z',
        'out/a',
        'x',
      ),
      ['a.log', 'd/e/a.log', 'd/x', 'd/y/z', 'out/a'],
    );
  });

  it('takes the name of a folder literally', () => {
    const names = ['a*b', 'a?b', 'a[b]', 'a\\b', '!a', '#a', ' a ', 'a\nb'];
    for (const name of names) {
      assert.deepEqual(ignored({ [name]: 'x\n' }, `${name}/x`, `${name}/d/x`, 'x', 'aab/x'), [
        `${name}/x`,
        `${name}/d/x`,
      ]);
    }
  });

  it('answers the same after many answers', () => {
    const rules = new IgnoreRules();
    rules.add('', '*.log\n');
    for (let index = 0; index < 25_000; index++) {
      assert.equal(rules.ignores(`${index}.log`, 'file'), true);
    }
    assert.equal(rules.ignores('x', 'file'), false);
  });
});
