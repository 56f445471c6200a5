import assert from 'node:assert/strict';
import { lstat, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { LocalFolder } from '../../../src/transfer/sync/localFolder.ts';
import type { FileEntry } from '../../../src/transfer/sync/syncEntry.ts';
import { SyncBench } from './syncBench.ts';

describe('LocalFolder', () => {
  let bench: SyncBench;
  let folder: LocalFolder;
  beforeEach(async () => {
    bench = await SyncBench.create();
    folder = new LocalFolder(bench.folder, false);
    await mkdir(`${bench.root}/outside`);
    await writeFile(`${bench.root}/outside/secret.txt`, 'mine');
  });
  afterEach(() => bench.dispose());

  async function entry(path: string): Promise<FileEntry> {
    const { size, mtimeNs } = await lstat(bench.path(path), { bigint: true });
    return { type: 'file', path, size: Number(size), mtimeNs };
  }

  it('makes the folders above a file', async () => {
    assert.equal(await folder.writable('a/b/c.txt'), bench.path('a/b/c.txt'));
    assert.ok((await lstat(bench.path('a/b'))).isDirectory());
  });

  it('neither reads nor writes nor removes behind a link', async () => {
    await symlink(`${bench.root}/outside`, bench.path('link'));
    const behind = { reason: 'targetChanged' };
    await assert.rejects(folder.writable('link/new.txt'), behind);
    await assert.rejects(folder.writable('link/deep/new.txt'), behind);
    await assert.rejects(folder.readable('link/secret.txt'), behind);
    const seen = { ...(await entry('link/secret.txt')) };
    await assert.rejects(folder.remove('link/secret.txt', seen), behind);
    assert.equal(await readFile(`${bench.root}/outside/secret.txt`, 'utf8'), 'mine');
  });

  it('does not take a link for the file that was seen', async () => {
    await symlink(`${bench.root}/outside/secret.txt`, bench.path('f'));
    const { size, mtimeNs } = await lstat(`${bench.root}/outside/secret.txt`, { bigint: true });
    const seen = { type: 'file', path: 'f', size: Number(size), mtimeNs } as const;
    await assert.rejects(folder.expected('f', seen), { reason: 'targetChanged' });
    await assert.rejects(folder.remove('f', seen), { reason: 'targetChanged' });
  });

  it('follows links for reading where it is told to, but not for writing', async () => {
    const following = new LocalFolder(bench.folder, true);
    await symlink(`${bench.root}/outside`, bench.path('link'));
    assert.equal(await following.readable('link/secret.txt'), bench.path('link/secret.txt'));
    await assert.rejects(following.writable('link/secret.txt'), { reason: 'targetChanged' });
    const seen = { ...(await entry('link/secret.txt')) };
    await assert.rejects(following.remove('link/secret.txt', seen), { reason: 'targetChanged' });
  });

  it('goes nowhere outside', async () => {
    for (const path of ['../x', 'a/../../x', '/etc/passwd', '', 'a//b']) {
      await assert.rejects(folder.writable(path), RangeError, path);
      await assert.rejects(folder.readable(path), RangeError, path);
    }
  });

  it('removes a file that is as it was seen, and the folders that are empty then', async () => {
    await bench.write('a/b/c.txt', 'x');
    await bench.write('a/d.txt', 'y');
    const seen = await entry('a/b/c.txt');
    await bench.write('a/b/c.txt', 'xx');
    await assert.rejects(folder.remove('a/b/c.txt', seen), { reason: 'targetChanged' });
    await folder.remove('a/b/c.txt', await entry('a/b/c.txt'));
    assert.deepEqual(await bench.files(), { 'a/d.txt': 'y' });
    await assert.rejects(lstat(bench.path('a/b')), { code: 'ENOENT' });
    await folder.remove('a/b/c.txt', seen);
    await folder.remove('a/d.txt', await entry('a/d.txt'));
    assert.ok((await lstat(bench.folder)).isDirectory(), 'the folder itself stays');
  });

  it('lets empty folders make way for a file, and nothing else', async () => {
    await mkdir(bench.path('a/b/c'), { recursive: true });
    await mkdir(bench.path('a/d'));
    assert.deepEqual(await folder.expected('a', undefined), { type: 'absent' });
    await assert.rejects(lstat(bench.path('a')), { code: 'ENOENT' });
    await bench.write('a/b/c', 'x');
    await mkdir(bench.path('a/d'));
    await assert.rejects(folder.expected('a', undefined), { reason: 'targetChanged' });
    assert.ok((await lstat(bench.path('a/d'))).isDirectory());
  });
});
