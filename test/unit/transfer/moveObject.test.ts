import assert from 'node:assert/strict';
import { CustomerKey } from '../../../src/core/customerKey.ts';
import { isStoreError, StoreError } from '../../../src/core/storeError.ts';
import { moveObject } from '../../../src/transfer/moveObject.ts';
import { MemoryStore } from '../doubles/memoryStore.ts';
import { memoryStores } from '../doubles/memoryStores.ts';
import { PlannedKeys } from '../doubles/plannedKeys.ts';

const secret = CustomerKey.generate();
const content = new TextEncoder().encode('confidential');
const any = { type: 'any' } as const;

interface Scene {
  readonly from: MemoryStore;
  readonly to: MemoryStore;
  readonly keys: PlannedKeys;
  readonly context: Parameters<typeof moveObject>[0];
}

async function scene(): Promise<Scene> {
  const from = new MemoryStore({ name: 'here' });
  const to = new MemoryStore({ name: 'there' });
  const keys = new PlannedKeys([secret]);
  await from.put(from.address('a.txt'), content, { customerKey: secret, condition: any });
  return { from, to, keys, context: { stores: memoryStores(from, to), keys } };
}

describe('moveObject', () => {
  it('deletes the source after the target was verified', async () => {
    for (const connection of ['here', 'there']) {
      const { from, to, keys, context } = await scene();
      const store = connection === 'here' ? from : to;
      await moveObject(context, from.address('a.txt'), store.address('b.txt'));
      assert.equal(from.stored('a.txt'), undefined);
      assert.deepEqual(store.stored('b.txt')?.bytes, content);
      assert.deepEqual(keys.forgotten, ['a.txt']);
      assert.equal(from.requests.at(-1), 'delete a.txt');
    }
  });

  it('leaves the source if the target fails', async () => {
    const { from, to, context } = await scene();
    const error = new StoreError('forbidden', 'Not any more.');
    to.failures.push({ verb: 'put', error });
    await assert.rejects(moveObject(context, from.address('a.txt'), to.address('b.txt')), error);
    // The bytes arrived and the verification failed: it is not known what stands there.
    to.failures.push({ verb: 'head', error });
    await assert.rejects(moveObject(context, from.address('a.txt'), to.address('b.txt')), error);
    assert.deepEqual(from.stored('a.txt')?.bytes, content);
  });

  it('leaves a source that was changed meanwhile, whatever it is now', async () => {
    for (const customerKey of [secret, CustomerKey.generate(), undefined]) {
      const { from, to, context } = await scene();
      const put = to.put.bind(to);
      to.put = async (...args) => {
        const result = await put(...args);
        await from.put(from.address('a.txt'), content, { customerKey, condition: any });
        return result;
      };
      await assert.rejects(
        moveObject(context, from.address('a.txt'), to.address('b.txt')),
        (error) =>
          isStoreError(error, 'conflict') && /copied .* but not deleted/.test(error.message),
      );
      assert.notEqual(from.stored('a.txt'), undefined);
      assert.deepEqual(to.stored('b.txt')?.bytes, content);
    }
  });

  it('is content with a source that somebody else deleted meanwhile', async () => {
    const { from, to, context } = await scene();
    const put = to.put.bind(to);
    to.put = async (...args) => {
      const result = await put(...args);
      await from.delete(from.address('a.txt'));
      return result;
    };
    await moveObject(context, from.address('a.txt'), to.address('b.txt'));
    assert.deepEqual(to.stored('b.txt')?.bytes, content);
  });

  it('leaves the source if the deletion fails, and says that it was copied', async () => {
    const { from, context } = await scene();
    from.failures.push({ verb: 'delete', error: new StoreError('forbidden', 'No right.') });
    await assert.rejects(
      moveObject(context, from.address('a.txt'), from.address('b.txt')),
      (error) => isStoreError(error, 'forbidden') && error.message.includes('but not deleted'),
    );
    assert.notEqual(from.stored('a.txt'), undefined);
    assert.notEqual(from.stored('b.txt'), undefined);
  });
});
