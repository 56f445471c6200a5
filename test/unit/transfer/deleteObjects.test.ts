import assert from 'node:assert/strict';
import { StoreError } from '../../../src/core/storeError.ts';
import { deleteObjects, deletePrefix } from '../../../src/transfer/deleteObjects.ts';
import { MemoryStore } from '../doubles/memoryStore.ts';
import { memoryStores } from '../doubles/memoryStores.ts';
import { PlannedKeys } from '../doubles/plannedKeys.ts';

const any = { type: 'any' } as const;

async function filled(store: MemoryStore, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) {
    await store.put(store.address(key), new Uint8Array(), { condition: any });
  }
  store.requests.length = 0;
}

describe('deleteObjects', () => {
  it('takes 1,000 a request', async () => {
    const store = new MemoryStore();
    const keys = Array.from({ length: 2001 }, (_, index) => `a/${index}`);
    await filled(store, ...keys);
    const context = { stores: memoryStores(store), keys: new PlannedKeys([]) };
    const addresses = keys.map((key) => store.address(key));
    const report = await deleteObjects(context, addresses);
    assert.deepEqual(store.requests, ['deleteMany 1000', 'deleteMany 1000', 'deleteMany 1']);
    assert.equal(report.succeeded.length, 2001);
    assert.equal(context.keys.forgotten.length, 2001);
  });

  it('collects the failures of objects and of requests', async () => {
    const store = new MemoryStore({ undeletable: ['a/2'] }, 'bucket', 'second');
    await filled(store, 'a/1', 'a/2');
    const context = { stores: memoryStores(store), keys: new PlannedKeys([]) };
    const addresses = ['a/1', 'a/2'].map((key) => store.address(key));
    const report = await deleteObjects(context, addresses);
    assert.deepEqual(report.succeeded, [store.address('a/1')]);
    assert.deepEqual(
      report.failures.map(({ address }) => address),
      [store.address('a/2')],
    );
    store.failures.push({ verb: 'deleteMany', error: new StoreError('server', 'Down.') });
    const elsewhere = store.address('b', 'second');
    const second = await deleteObjects(context, [store.address('a/1'), elsewhere]);
    assert.deepEqual(second.succeeded, [elsewhere]);
    assert.equal(second.failures.length, 1);
  });
});

describe('deletePrefix', () => {
  it('deletes what stands below and nothing beside', async () => {
    const store = new MemoryStore();
    await filled(store, 'a', 'a/', 'a//', 'a/b/c', 'ab');
    const context = { stores: memoryStores(store), keys: new PlannedKeys([]) };
    const found: number[] = [];
    await deletePrefix(
      context,
      { connection: 'memory', bucket: 'bucket', prefix: 'a/' },
      { onFound: (count) => found.push(count) },
    );
    assert.deepEqual(found, [3]);
    const { objects } = await store.list({ bucket: 'bucket', prefix: '' });
    assert.deepEqual(
      objects.map(({ key }) => key),
      ['a', 'ab'],
    );
  });
});
