import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { PairLock } from '../../../src/transfer/sync/pairLock.ts';
import { withFolder } from '../support/folders.ts';

const times = { beat: 20, quiet: 100 };
const inUse = { name: 'SyncError', reason: 'inUse' };

describe('PairLock', () => {
  const folder = withFolder();
  let file: string;
  let count = 0;
  beforeEach(() => {
    count += 1;
    file = folder.path(`${count}/pair.lock`);
  });

  async function names(): Promise<string[]> {
    return await readdir(folder.path(String(count)));
  }

  it('is held by one at a time', async () => {
    const lock = await PairLock.acquire(file, times);
    await assert.rejects(PairLock.acquire(file, times), inUse);
    await lock.release();
    assert.deepEqual(await names(), []);
    await (await PairLock.acquire(file, times)).release();
  });

  it('says which window has it', async () => {
    const owner = { pid: process.ppid, host: hostname(), token: 'x', window: 'photos' };
    await (await PairLock.acquire(file, times)).release();
    await writeFile(file, JSON.stringify(owner));
    await assert.rejects(PairLock.acquire(file, { beat: 20, quiet: 60_000 }), /window “photos” is/);
    await rm(file);
    const lock = await PairLock.acquire(file, times, 'documents');
    assert.equal((JSON.parse(await readFile(file, 'utf8')) as typeof owner).window, 'documents');
    await assert.rejects(PairLock.acquire(file, times), /This window is syncing/);
    await lock.release();
  });

  it('is given to one of many who ask at once', async () => {
    const asked = Array.from({ length: 10 }, () => PairLock.acquire(file, times));
    const results = await Promise.allSettled(asked);
    const held = results.filter((result) => result.status === 'fulfilled');
    assert.equal(held.length, 1);
    await held[0]?.value.release();
    assert.deepEqual(await names(), []);
  });

  it('is taken over at once from a process that is gone', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    await (await PairLock.acquire(file, times)).release();
    await writeFile(file, ownedBy(child));
    const lock = await PairLock.acquire(file, times);
    await lock.release();
    assert.deepEqual(await names(), []);
  });

  it('is not taken from a process that lives and shows it', async () => {
    await (await PairLock.acquire(file, times)).release();
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    try {
      await once(child, 'spawn');
      const text = ownedBy(child);
      await writeFile(file, text);
      await assert.rejects(PairLock.acquire(file, times), inUse);
      // It looks dead, and beats again while it is watched.
      await utimes(file, 1, 1);
      setTimeout(() => void utimes(file, 2, 2), times.beat);
      await assert.rejects(PairLock.acquire(file, times), inUse);
      assert.equal(await readFile(file, 'utf8'), text);
      // It was stopped, or its number belongs to another one by now.
      await utimes(file, 1, 1);
      const lock = await PairLock.acquire(file, times);
      await lock.release();
    } finally {
      child.kill();
    }
  });

  it('is kept alive, and tells when another one took it over', async () => {
    const lock = await PairLock.acquire(file, times);
    await utimes(file, 1, 1);
    const other = { pid: 1, host: 'elsewhere', token: 'other' };
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(lock.lost.aborted, false);
    const lost = once(lock.lost, 'abort');
    await writeFile(file, JSON.stringify(other));
    await lost;
    await lock.release();
    assert.equal(await readFile(file, 'utf8'), JSON.stringify(other), 'it is not ours to remove');
  });

  it('is taken over where the file is damaged and nobody touches it', async () => {
    await (await PairLock.acquire(file, times)).release();
    await writeFile(file, '{');
    await assert.rejects(PairLock.acquire(file, times), inUse);
    await utimes(file, 1, 1);
    await (await PairLock.acquire(file, times)).release();
    await rm(file, { force: true });
  });
});

function ownedBy({ pid }: ChildProcess): string {
  return JSON.stringify({ pid, host: hostname(), token: 'theirs' });
}
