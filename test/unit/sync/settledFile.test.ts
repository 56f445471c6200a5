import assert from 'node:assert/strict';
import { stat, symlink, utimes } from 'node:fs/promises';
import { settledFile } from '../../../src/transfer/sync/settledFile.ts';
import { withFolder } from '../support/folders.ts';

describe('settledFile', () => {
  const folder = withFolder();

  it('waits until a later write of a file would show in its time', async () => {
    const path = await folder.write('new', Buffer.from('x'));
    const { size, mtimeNs, settled } = await settledFile(path, {});
    const age = Date.now() - Number(mtimeNs / 1_000_000n);
    assert.ok(age >= 20, `${age} ms`);
    assert.deepEqual({ size, settled }, { size: 1, settled: true });
    await folder.write('new', Buffer.from('y'));
    assert.notEqual((await stat(path, { bigint: true })).mtimeNs, mtimeNs);
  });

  it('does not wait for what is old, or ahead of its time', async () => {
    const path = await folder.write('old', Buffer.from('x'));
    for (const seconds of [1_000_000_000, Date.now() / 1000 + 3600]) {
      await utimes(path, seconds, seconds);
      // Waiting would throw.
      assert.equal((await settledFile(path, { signal: AbortSignal.abort() })).settled, true);
    }
  });

  it('is about files only', async () => {
    const path = await folder.write('target', Buffer.from('x'));
    await symlink(path, folder.path('link'));
    await assert.rejects(settledFile(folder.path('link'), {}), { reason: 'noFile' });
    assert.equal((await settledFile(folder.path('link'), { followLink: true })).size, 1);
    await assert.rejects(settledFile(folder.path('none'), {}), { reason: 'noFile' });
  });
});
