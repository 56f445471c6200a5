import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { compareUtf8 } from '../../../src/core/utf8Order.ts';
import { PathFilter } from '../../../src/transfer/sync/pathFilter.ts';
import { walkLocal, type WalkOptions } from '../../../src/transfer/sync/walkLocal.ts';

describe('walkLocal', function () {
  this.timeout(60_000);
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'walk-'));
  });

  afterEach(async () => {
    await rm(root, { recursive: true, force: true });
  });

  async function make(...paths: string[]): Promise<void> {
    for (const path of paths) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), path);
    }
  }

  async function walk(options: Partial<WalkOptions> = {}): Promise<string[]> {
    const told: string[] = [];
    for await (const entry of walkLocal({ root, ...options })) {
      told.push(entry.type === 'file' ? entry.path : `${entry.path} (${entry.obstacle})`);
    }
    return told;
  }

  it('lists in the order in which S3 lists', async () => {
    await make('a/b', 'a/z/1', 'a-b', 'a.txt', 'a0', 'b', '😀', '\uffee', 'Z', 'é', ' ');
    const expected = [' ', 'Z', 'a-b', 'a.txt', 'a/b', 'a/z/1', 'a0', 'b', 'é', '\uffee', '😀'];
    assert.deepEqual(await walk(), expected);
  });

  it('lists every tree in order, each file once', async () => {
    const segment = fc.constantFrom(
      'a',
      'a-',
      'a.b',
      'a0',
      'b',
      'é',
      '😀',
      '\uffee',
      'a\\b',
      '..a',
    );
    const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(path, { maxLength: 30 }), async (paths) => {
        const files = paths.filter((one) => !paths.some((two) => two.startsWith(`${one}/`)));
        await rm(root, { recursive: true });
        await mkdir(root);
        await make(...files);
        assert.deepEqual(await walk(), files.sort(compareUtf8));
      }),
      { numRuns: 50 },
    );
  });

  it('lists folders with more files than it looks at at once', async () => {
    const files = Array.from({ length: 200 }, (_, index) => `d${index % 3}/${index}`);
    await make(...files);
    assert.deepEqual(await walk(), files.sort(compareUtf8));
  });

  it('tells size and mtime', async () => {
    await make('a');
    await utimes(join(root, 'a'), 1, 1354040105.5);
    const entries = [];
    for await (const entry of walkLocal({ root })) entries.push(entry);
    assert.deepEqual(entries, [
      { type: 'file', path: 'a', size: 1, mtimeNs: 1354040105500000000n },
    ]);
  });

  it('reports links, special files and names that are no UTF-8, and follows nothing', async () => {
    await make('f', 'd/x');
    await symlink('f', join(root, 'link'));
    await symlink('d', join(root, 'linked'));
    await symlink('nowhere', join(root, 'broken'));
    await symlink('/etc', join(root, 'outside'));
    const bad = Buffer.concat([Buffer.from(join(root, 'bad')), Buffer.from([0xff])]);
    await writeFile(bad, '');
    assert.deepEqual(await walk(), [
      'bad\\xff (undecodable)',
      'broken (symlink)',
      'd/x',
      'f',
      'link (symlink)',
      'linked (symlink)',
      'outside (symlink)',
    ]);
    await make('bad\\xff');
    assert.ok((await walk()).includes('bad\\xff'));
  });

  it('follows links if told to, but not in a circle', async () => {
    await make('d/x', 'd-', 'f');
    await symlink('../d', join(root, 'd/self'));
    await symlink('..', join(root, 'd/up'));
    await symlink('d', join(root, 'e'));
    await symlink('f', join(root, 'l'));
    await symlink('nowhere', join(root, 'broken'));
    assert.deepEqual(await walk({ followSymlinks: true }), [
      'broken (symlink)',
      'd-',
      'd/self (symlink)',
      'd/up (symlink)',
      'd/x',
      'e (linkedFolder)',
      'e/self (symlink)',
      'e/up (symlink)',
      'e/x',
      'f',
      'l',
    ]);
    const linked = [];
    for await (const entry of walkLocal({ root, followSymlinks: true })) {
      if (entry.type === 'file' && entry.viaLink === true) linked.push(entry.path);
    }
    assert.deepEqual(linked, ['l']);
  });

  it('ends on links that lead into each other', async () => {
    await make('one/x', 'two/y');
    await symlink('../two', join(root, 'one/to'));
    await symlink('../one', join(root, 'two/to'));
    assert.deepEqual(await walk({ followSymlinks: true }), [
      'one/to (linkedFolder)',
      'one/to/to (symlink)',
      'one/to/y',
      'one/x',
      'two/to (linkedFolder)',
      'two/to/to (symlink)',
      'two/to/x',
      'two/y',
    ]);
  });

  it('reports a folder that it cannot read, and goes on', async () => {
    await make('a', 'b/c', 'd');
    await chmod(root, 0o755);
    await chmod(join(root, 'b'), 0);
    // Root reads everything: for a moment it is nobody.
    const isRoot = process.getuid?.() === 0;
    if (isRoot) process.seteuid?.(65_534);
    try {
      assert.deepEqual(await walk(), ['a', 'b (unreadable)', 'd']);
    } finally {
      if (isRoot) process.seteuid?.(0);
      await chmod(join(root, 'b'), 0o700);
    }
  });

  it('takes a folder that is suddenly gone for unreadable', async () => {
    await make('a', 'b/c', 'd');
    const told: string[] = [];
    for await (const entry of walkLocal({ root })) {
      if (told.push(`${entry.type} ${entry.path}`) === 1)
        await rm(join(root, 'b'), { recursive: true });
    }
    assert.deepEqual(told, ['file a', 'obstacle b', 'file d']);
  });

  it('leaves a folder alone whose ignore file cannot be read', async () => {
    await make('a', 'b/c', 'd');
    await symlink('nowhere', join(root, 'b/.ssecignore'));
    assert.deepEqual(await walk(), ['a', 'b (unreadable)', 'd']);
    await rm(join(root, 'b/.ssecignore'));
    await writeFile(join(root, 'b/.ssecignore'), Buffer.alloc(2 * 1024 * 1024, '#'));
    assert.deepEqual(await walk(), ['a', 'b (unreadable)', 'd']);
  });

  it('fails if the root cannot be read, so that it is not taken for empty', async () => {
    await assert.rejects(walk({ root: join(root, 'none') }), { code: 'ENOENT' });
    await make('file');
    await assert.rejects(walk({ root: join(root, 'file') }), { code: 'ENOTDIR' });
  });

  it('fails if the root is replaced in between', async () => {
    await make('r/a', 'r/b', 'other/x');
    const paths: string[] = [];
    await assert.rejects(async () => {
      for await (const { path } of walkLocal({ root: join(root, 'r') })) {
        paths.push(path);
        if (paths.length > 1) continue;
        await rename(join(root, 'r'), join(root, 'away'));
        await rename(join(root, 'other'), join(root, 'r'));
      }
    }, /replaced/);
  });

  it('obeys ignore files and globs, and does not look into what is left out', async () => {
    await make(
      'keep',
      'x.log',
      'sub/x.log',
      'sub/keep',
      'build/deep/x',
      'node_modules/m/i',
      'sub/y',
    );
    await writeFile(join(root, '.ssecignore'), '*.log\nbuild/\n');
    await writeFile(join(root, 'sub/.ssecignore'), '!x.log\ny\n');
    const filter = new PathFilter({ exclude: ['node_modules'] });
    assert.deepEqual(await walk({ filter }), [
      '.ssecignore',
      'keep',
      'sub/.ssecignore',
      'sub/keep',
      'sub/x.log',
    ]);
    // The other side is filtered by what was found here.
    assert.equal(filter.includes('sub/y'), false);
    assert.equal(filter.includes('remote.log'), false);
    assert.equal(filter.includes('sub/remote.log'), false);
    assert.equal(filter.includes('sub/x.log'), true);
  });

  it('reports an obstacle unless nothing at its path takes part', async () => {
    await make('f');
    for (const name of ['both', 'onlyFile', 'onlyFolder', 'neither']) {
      await symlink('f', join(root, name));
    }
    await writeFile(join(root, '.ssecignore'), 'both\nonlyFile\n!onlyFile/\nonlyFolder/\n');
    const filter = new PathFilter({ include: ['f'] });
    assert.deepEqual(await walk({ filter }), [
      'f',
      'neither (symlink)',
      'onlyFile (symlink)',
      'onlyFolder (symlink)',
    ]);
  });

  it('stops when told to', async () => {
    await make('a', 'b/c');
    const controller = new AbortController();
    const paths: string[] = [];
    await assert.rejects(
      async () => {
        for await (const { path } of walkLocal({ root, signal: controller.signal })) {
          paths.push(path);
          controller.abort();
        }
      },
      { name: 'AbortError' },
    );
    assert.deepEqual(paths, ['a']);
  });
});
