import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSync, type SyncSession } from '../../../src/transfer/sync/syncSession.ts';
import { createLimits } from '../../../src/transfer/transferLimits.ts';
import { MemoryStore } from '../doubles/memoryStore.ts';
import { memoryStores } from '../doubles/memoryStores.ts';
import { PlannedKeys } from '../doubles/plannedKeys.ts';
import { messageOf, startChild } from '../support/childProcess.ts';
import type { WithoutRights } from './syncChild.ts';

const script = new URL('syncChild.ts', import.meta.url);

describe('syncs of other processes', function () {
  this.timeout(30_000);
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'ssec-processes-'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  function open(): Promise<SyncSession> {
    const context = { stores: memoryStores(new MemoryStore()), keys: new PlannedKeys([]) };
    const far = { connection: 'memory', bucket: 'bucket', prefix: 'p/' };
    const near = { type: 'local', folder: join(root, 'folder') } as const;
    const place = { stateFile: join(root, 'state.json'), limits: createLimits() };
    return openSync(context, { near, far, direction: 'bothWays' }, place);
  }

  for (const end of ['closes it', 'is killed'] as const) {
    it(`keep a pair from being synced by this one, until the other one ${end}`, async () => {
      const child = startChild(script, ['hold', root]);
      assert.equal(await messageOf(child), 'held');
      await assert.rejects(open(), {
        ...{ name: 'SyncError', reason: 'inUse' },
        message: /^The window “first” is syncing this pair already/,
      });
      const exit = once(child, 'exit');
      if (end === 'closes it') child.send('close');
      else child.kill('SIGKILL');
      await exit;
      await (await open()).close();
    });
  }

  it('delete nothing because of what may not be read, and do the rest', async () => {
    // Root may read everything.
    const nobody = process.getuid?.() === 0 ? 65_534 : undefined;
    if (nobody !== undefined) await chown(root, nobody, nobody);
    const found = (await messageOf(
      startChild(script, ['withoutRights', root], nobody),
    )) as WithoutRights;
    assert.deepEqual(found.plan, [
      'blocked unreadable closed',
      'blocked unreadable closed/in.txt',
      'upload changed open.txt',
      'upload changed secret.txt',
    ]);
    assert.equal(found.failures.length, 1, found.failures.join());
    assert.match(found.failures[0] ?? '', /^secret\.txt: .*cannot be read \(EACCES\)/);
    assert.deepEqual(found.objects, [
      ...['p/closed/in.txt', 'p/open.txt', 'p/secret.txt', 'put/folder/open.txt'],
    ]);
    assert.equal(found.uploaded, 1);
    assert.equal(found.problems.length, 2, found.problems.join());
  });
});
