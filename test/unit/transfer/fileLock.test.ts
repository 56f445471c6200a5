import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { FileLock } from '../../../src/transfer/fileLock.ts';
import { withFolder } from '../support/folders.ts';

const times = { beat: 20, quiet: 100 };

describe('FileLock', () => {
  const folder = withFolder();
  let file: string;
  let count = 0;
  beforeEach(async () => {
    count += 1;
    file = folder.path(`${count}/a.lock`);
    await (await take(file)).release();
  });

  async function names(): Promise<string[]> {
    return await readdir(folder.path(String(count)));
  }

  /** That of many who ask at once one gets it, and that nothing is left behind. */
  async function assertGivenOnce(): Promise<void> {
    const asked = Array.from({ length: 20 }, () => FileLock.acquire(file, { times }));
    const held = (await Promise.all(asked)).filter((lock) => lock instanceof FileLock);
    assert.equal(held.length, 1);
    await held[0]?.release();
    assert.deepEqual(await names(), []);
  }

  it('is held by one at a time', async () => {
    const lock = await take(file);
    assert.ok(!(await isFree(file)));
    assert.equal(await FileLock.isHeld(file, times), true);
    await lock.release();
    assert.equal(await FileLock.isHeld(file, times), false);
    assert.deepEqual(await names(), []);
    await (await take(file)).release();
  });

  it('is given to one of many who ask at once', async () => {
    await assertGivenOnce();
  });

  it('says who has it', async () => {
    const lock = await FileLock.acquire(file, { times, window: 'photos' });
    assert.ok(lock instanceof FileLock);
    const refused = await FileLock.acquire(file, { times });
    assert.ok('holder' in refused);
    const { pid, host, window } = refused.holder ?? {};
    assert.deepEqual([pid, host, window], [process.pid, hostname(), 'photos']);
    await lock.release();
  });

  it('is taken over at once, and once, from a process that is gone', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    await writeFile(file, ownedBy(child));
    assert.equal(await FileLock.isHeld(file, times), false);
    await assertGivenOnce();
  });

  it('is not taken from a process that lives and shows it', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    try {
      await once(child, 'spawn');
      const text = ownedBy(child);
      await writeFile(file, text);
      assert.ok(!(await isFree(file)));
      // It looks dead, and beats again while it is watched.
      await utimes(file, 1, 1);
      const watchedLong = { beat: 200, quiet: 100 };
      setTimeout(() => void utimes(file, 2, 2), times.beat);
      assert.ok(!(await isFree(file, watchedLong)));
      assert.equal(await readFile(file, 'utf8'), text);
      // It was stopped, or its number belongs to another one by now.
      await utimes(file, 1, 1);
      await (await take(file)).release();
    } finally {
      child.kill();
    }
  });

  it('is taken over from another computer only after long silence', async () => {
    await writeFile(file, ownedElsewhere);
    assert.equal(await FileLock.isHeld(file, times), true);
    assert.ok(!(await isFree(file)));
    await utimes(file, 1, 1);
    await (await take(file)).release();
  });

  it('is kept alive, and tells when another one took it over', async () => {
    const lock = await take(file);
    await utimes(file, 1, 1);
    await new Promise((resolve) => setTimeout(resolve, times.quiet));
    assert.equal(lock.lost.aborted, false);
    const lost = once(lock.lost, 'abort');
    await writeFile(file, ownedElsewhere);
    await lost;
    await lock.release();
    assert.equal(await readFile(file, 'utf8'), ownedElsewhere, 'it is not ours to remove');
  });

  it('is taken over where the file is damaged and nobody touches it', async () => {
    await writeFile(file, '{');
    assert.ok(!(await isFree(file)));
    await utimes(file, 1, 1);
    await (await take(file)).release();
    await rm(file, { force: true });
  });
});

const ownedElsewhere = JSON.stringify({ pid: 1, host: 'elsewhere.example', token: 'other' });

function ownedBy({ pid }: ChildProcess): string {
  return JSON.stringify({ pid, host: hostname(), token: 'theirs' });
}

async function take(file: string): Promise<FileLock> {
  const lock = await FileLock.acquire(file, { times });
  assert.ok(lock instanceof FileLock);
  return lock;
}

/** Whether it can be had; it is given back at once. */
async function isFree(file: string, given = times): Promise<boolean> {
  const lock = await FileLock.acquire(file, { times: given });
  if (!(lock instanceof FileLock)) return false;
  await lock.release();
  return true;
}
