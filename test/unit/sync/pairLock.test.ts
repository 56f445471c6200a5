import { rm, writeFile } from 'node:fs/promises';
import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { lockPair } from '../../../src/transfer/sync/pairLock.ts';
import { withFolder } from '../support/folders.ts';

describe('lockPair', () => {
  const folder = withFolder();

  it('says that this window has the pair', async () => {
    const file = folder.path('ours.lock');
    const lock = await lockPair(file, 'documents');
    const message = /^This window is syncing the pair already\. Wait/;
    await assert.rejects(lockPair(file, 'documents'), refused(message));
    await lock.release();
    await (await lockPair(file, 'documents')).release();
  });

  it('says which other window has it, and where', async () => {
    const file = folder.path('theirs.lock');
    const owner = { pid: process.ppid, host: hostname(), token: 'x', window: 'photos' };
    const cases = [
      [owner, /^The window “photos” is syncing this pair already\. Wait/],
      [{ ...owner, host: 'far.example' }, /^The window “photos” on far\.example is syncing/],
      [{ ...owner, window: undefined }, /^This pair is being synced already, perhaps by another/],
    ] as const;
    for (const [written, message] of cases) {
      await writeFile(file, JSON.stringify(written));
      await assert.rejects(lockPair(file, undefined), refused(message));
      await rm(file);
    }
  });
});

function refused(message: RegExp): object {
  return { name: 'SyncError', reason: 'inUse', message };
}
