import assert from 'node:assert/strict';
import { isStoreError } from '../../../src/core/storeError.ts';
import { copyPrefix } from '../../../src/transfer/copyPrefix.ts';
import { movePrefix } from '../../../src/transfer/movePrefix.ts';
import { overwritesOf, remainingOf } from '../../../src/transfer/prefixPlan.ts';
import {
  planSelection,
  type SelectedItem,
  type SelectionOptions,
  type SelectionPlan,
} from '../../../src/transfer/selectionPlan.ts';
import { StoreError } from '../../../src/core/storeError.ts';
import { MemoryStore } from '../doubles/memoryStore.ts';
import { memoryStores } from '../doubles/memoryStores.ts';
import { PlannedKeys } from '../doubles/plannedKeys.ts';

class Scene {
  readonly store = new MemoryStore({}, 'bucket', 'other');
  readonly there = new MemoryStore({ name: 'there' }, 'bucket');
  readonly context = {
    stores: memoryStores(this.store, this.there),
    keys: new PlannedKeys(['none']),
  };

  /** Objects whose content is their key. */
  async put(...keys: readonly string[]): Promise<void> {
    const condition = { type: 'any' } as const;
    for (const key of keys) {
      await this.store.put(this.store.address(key), Buffer.from(key), { condition });
    }
  }

  /** Keys ending with a slash are prefixes. */
  items(...keys: readonly string[]): SelectedItem[] {
    return keys.map((key) =>
      key.endsWith('/') || key === ''
        ? { type: 'prefix', address: { connection: 'memory', bucket: 'bucket', prefix: key } }
        : { type: 'object', address: this.store.address(key) },
    );
  }

  async plan(
    keys: readonly string[],
    prefix: string,
    options?: SelectionOptions,
  ): Promise<SelectionPlan> {
    const target = { connection: 'memory', bucket: 'bucket', prefix };
    return await planSelection(this.context, this.items(...keys), target, options);
  }

  /** Object keys to their contents. */
  async content(store = this.store): Promise<Record<string, string>> {
    const { objects } = await store.list({ bucket: 'bucket', prefix: '' });
    return Object.fromEntries(
      objects.map(({ key }) => [key, Buffer.from(store.stored(key)?.bytes ?? []).toString()]),
    );
  }
}

describe('planSelection', () => {
  it('puts objects and prefixes under their own names into the target', async () => {
    const scene = new Scene();
    await scene.put('a.txt', 'p/q/1', 'p/q/2/3', 'p/r', 'beside');
    const plan = await scene.plan(['a.txt', 'p/q/', 'p/r'], 't/');
    assert.equal(plan.count, 4);
    assert.equal(plan.items.length, 3);
    const report = await movePrefix(scene.context, plan);
    assert.deepEqual(report.failures, []);
    assert.deepEqual(await scene.content(), {
      beside: 'beside',
      't/a.txt': 'a.txt',
      't/q/1': 'p/q/1',
      't/q/2/3': 'p/q/2/3',
      't/r': 'p/r',
    });
  });

  it('counts once what stands below a prefix that is selected too', async () => {
    const scene = new Scene();
    await scene.put('p/q/1', 'p/q/2', 'p/3');
    const plan = await scene.plan(['p/q/1', 'p/q/', 'p/', 'p/', 'p/3'], 't/');
    assert.equal(plan.count, 3);
    assert.equal(plan.items.length, 1);
  });

  it('leaves what is there already, or copies it beside itself', async () => {
    const scene = new Scene();
    await scene.put('p/a.txt', 'p/a copy.txt', 'p/q/1', 'b');
    const move = await scene.plan(['p/a.txt', 'p/q/', 'b'], 'p/');
    assert.deepEqual(
      move.waves.flat().map(({ target }) => target.key),
      ['p/b'],
    );
    const copy = await scene.plan(['p/a.txt', 'p/q/'], 'p/', { inPlace: 'beside' });
    await copyPrefix(scene.context, copy);
    const { 'p/a copy 2.txt': object, 'p/q copy/1': below } = await scene.content();
    assert.deepEqual([object, below], ['p/a.txt', 'p/q/1']);
  });

  it('sees what would be overwritten', async () => {
    const scene = new Scene();
    await scene.put('a', 'p/1', 't/a', 't/p/1', 't/p/2');
    const plan = await scene.plan(['a', 'p/'], 't/');
    assert.deepEqual(
      overwritesOf(plan, true).map(({ target }) => target.key),
      ['t/a', 't/p/1'],
    );
    const report = await movePrefix(scene.context, plan);
    assert.equal(report.failures.length, 2);
    assert.equal((await scene.content())['a'], 'a');
    await movePrefix(scene.context, await scene.plan(['a', 'p/'], 't/'), { overwrite: true });
    const after = { 't/a': 'a', 't/p/1': 'p/1', 't/p/2': 't/p/2' };
    assert.deepEqual(await scene.content(), after);
  });

  it('refuses two items of the same name, and a prefix into itself', async () => {
    const scene = new Scene();
    await scene.put('p/a', 'q/a', 'p/r/b');
    for (const [keys, prefix, kind] of [
      [['p/a', 'q/a'], 't/', 'conflict'],
      [['p/'], 'p/r/', 'invalid'],
      [['nothing/'], 't/', 'notFound'],
    ] as const) {
      await assert.rejects(scene.plan(keys, prefix), (error) => isStoreError(error, kind));
    }
  });

  it('moves a prefix and what its objects become names of, without mixing up', async () => {
    const scene = new Scene();
    await scene.put('t/a/a/x', 't/a/a/a/x', 't/c/y', 'd/c/y');
    const plan = await scene.plan(['t/a/a/', 'd/c/'], 't/');
    const report = await movePrefix(scene.context, plan);
    assert.deepEqual(
      report.failures.map(({ address }) => address.key),
      ['d/c/y'],
    );
    assert.deepEqual(await scene.content(), {
      't/a/x': 't/a/a/x',
      't/a/a/x': 't/a/a/a/x',
      't/c/y': 't/c/y',
      'd/c/y': 'd/c/y',
    });
  });

  it('makes a bucket a prefix of its name, on another connection', async () => {
    const scene = new Scene();
    await scene.put('a', 'p/b');
    const target = { connection: 'there', bucket: 'bucket', prefix: '' };
    const plan = await planSelection(scene.context, scene.items(''), target);
    await copyPrefix(scene.context, plan);
    assert.deepEqual(await scene.content(scene.there), { 'bucket/a': 'a', 'bucket/p/b': 'p/b' });
  });

  it('knows what a run left to be done', async () => {
    const scene = new Scene();
    await scene.put('p/1', 'p/2', 'p/3', 'a');
    const plan = await scene.plan(['p/', 'a'], 't/');
    scene.store.failures.push({ verb: 'head', error: new StoreError('forbidden', 'No.') });
    const first = await movePrefix(scene.context, plan, { concurrency: 1 });
    assert.equal(first.failures.length, 1);
    const rest = remainingOf(plan, first.succeeded);
    assert.equal(rest.count, 1);
    const second = await movePrefix(scene.context, rest);
    assert.deepEqual(second.failures, []);
    assert.deepEqual(Object.keys(await scene.content()), ['t/a', 't/p/1', 't/p/2', 't/p/3']);
  });
});
