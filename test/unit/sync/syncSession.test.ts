import assert from 'node:assert/strict';
import type { SyncPair } from '../../../src/transfer/sync/syncPair.ts';
import { MemoryStore } from '../doubles/memoryStore.ts';
import { memoryStores } from '../doubles/memoryStores.ts';
import { PlannedKeys } from '../doubles/plannedKeys.ts';
import type { TransferContext } from '../../../src/transfer/transferContext.ts';
import { keyOf } from '../keys/windows.ts';
import { runnable, SyncBench, told } from './syncBench.ts';

const key = keyOf(1);

describe('SyncSession', () => {
  let bench: SyncBench;
  let store: MemoryStore;
  let keys: PlannedKeys;
  let context: TransferContext;

  beforeEach(async () => {
    bench = await SyncBench.create();
    store = new MemoryStore();
    keys = new PlannedKeys([key, 'none']);
    keys.forNew = key;
    context = { stores: memoryStores(store), keys };
  });
  afterEach(() => bench.dispose());

  function pair(more: Partial<SyncPair> = {}): SyncPair {
    return {
      near: { type: 'local', folder: bench.folder },
      far: { connection: 'memory', bucket: 'bucket', prefix: 'p/' },
      direction: 'bothWays',
      deletions: 'propagated',
      ...more,
    };
  }

  it('uploads what is new, and does nothing the second time but one LIST', async () => {
    await bench.write('a.txt', 'one');
    await bench.write('d/b.txt', 'two');
    const { report } = await bench.sync(context, pair());
    assert.deepEqual(report.failures, []);
    assert.equal(store.stored('p/d/b.txt')?.fingerprint, key.fingerprint);
    store.requests.length = 0;
    const second = await bench.sync(context, pair());
    assert.deepEqual(told(second.plan), []);
    assert.deepEqual(store.requests, ['list p/']);
    assert.deepEqual(runnable(second.plan), []);
  });

  it('downloads what is new', async () => {
    const condition = { type: 'any' } as const;
    await store.put(store.address('p/x/y.txt'), Buffer.from('far'), {
      customerKey: key,
      condition,
    });
    const { report } = await bench.sync(context, pair());
    assert.deepEqual(report.failures, []);
    assert.deepEqual(await bench.files(), { 'x/y.txt': 'far' });
    const second = await bench.sync(context, pair());
    assert.deepEqual(told(second.plan), []);
  });
});
