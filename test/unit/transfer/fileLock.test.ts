import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFile, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { isLocked, takeLock } from '../../../src/transfer/fileLock.ts';
import { withFolder } from '../support/folders.ts';

describe('takeLock', () => {
  const folder = withFolder();
  let count = 0;
  const fresh = (): string => folder.path(`lock${(count += 1)}`);
  const ended = spawnSync(process.execPath, ['-e', '']).pid;

  it('is had by one at a time', async () => {
    const path = fresh();
    const held = await Promise.all(Array.from({ length: 20 }, () => takeLock(path)));
    const [winner, ...others] = held.filter((lock) => lock !== undefined);
    assert.ok(winner);
    assert.equal(others.length, 0);
    assert.equal(await isLocked(path), true);
    await winner.release();
    assert.equal(await isLocked(path), false);
    const next = await takeLock(path);
    assert.ok(next);
    await next.release();
    assert.deepEqual(
      (await folder.names()).filter((name) => name.startsWith('lock1')),
      [],
    );
  });

  it('is taken over from a process that ended', async () => {
    const path = fresh();
    await writeFile(path, `${hostname()}\n${ended}\nx`);
    assert.equal(await isLocked(path), false);
    const held = await Promise.all(Array.from({ length: 20 }, () => takeLock(path)));
    const winners = held.filter((lock) => lock !== undefined);
    assert.equal(winners.length, 1);
    await winners[0]?.release();
  });

  it('is taken over from another computer only after long silence', async () => {
    const path = fresh();
    await writeFile(path, 'elsewhere.example\n1\nx');
    assert.equal(await takeLock(path), undefined);
    const long = new Date(Date.now() - 60_000);
    await utimes(path, long, long);
    const held = await takeLock(path);
    assert.ok(held);
    await held.release();
  });

  it('does not release what somebody else has taken over', async () => {
    const path = fresh();
    const held = await takeLock(path);
    await writeFile(path, 'elsewhere.example\n1\nx');
    await held?.release();
    assert.equal(await readFile(path, 'utf8'), 'elsewhere.example\n1\nx');
  });
});
