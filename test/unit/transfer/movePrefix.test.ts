import assert from 'node:assert/strict';
import type { PrefixAddress } from '../../../src/core/address.ts';
import { CustomerKey } from '../../../src/core/customerKey.ts';
import { isStoreError, StoreError } from '../../../src/core/storeError.ts';
import { copyPrefix } from '../../../src/transfer/copyPrefix.ts';
import { movePrefix } from '../../../src/transfer/movePrefix.ts';
import { overwritesOf, planPrefix } from '../../../src/transfer/prefixPlan.ts';
import { MemoryStore } from '../doubles/memoryStore.ts';
import { memoryStores } from '../doubles/memoryStores.ts';
import { PlannedKeys } from '../doubles/plannedKeys.ts';

const any = { type: 'any' } as const;

class Scene {
  readonly store = new MemoryStore({}, 'bucket');
  readonly context = { stores: memoryStores(this.store), keys: new PlannedKeys(['none']) };

  /** Objects whose content is their key. */
  async put(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      const condition = any;
      await this.store.put(this.store.address(key), new TextEncoder().encode(key), { condition });
    }
  }

  prefix(prefix: string): PrefixAddress {
    return { connection: 'memory', bucket: 'bucket', prefix };
  }

  /** Object keys to their contents. */
  async content(): Promise<Record<string, string>> {
    const { objects } = await this.store.list({ bucket: 'bucket', prefix: '' });
    const decoder = new TextDecoder();
    return Object.fromEntries(
      objects.map(({ key }) => [key, decoder.decode(this.store.stored(key)?.bytes)]),
    );
  }
}

describe('movePrefix', () => {
  it('moves everything below, nasty keys included, and nothing beside', async () => {
    const scene = new Scene();
    const nasty = [
      'a/',
      'a//x',
      'a/./y',
      'a/../z',
      'a/\u0001',
      'a/%2F',
      'a/b/c',
      'a/ü',
      'a/u\u0308',
    ];
    await scene.put('a', 'ab', ...nasty);
    const plan = await planPrefix(scene.context, scene.prefix('a/'), scene.prefix('t/'));
    assert.equal(plan.count, nasty.length);
    const report = await movePrefix(scene.context, plan);
    assert.deepEqual(report.failures, []);
    const expected = nasty.map((key) => [`t/${key.slice(2)}`, key]);
    assert.deepEqual(await scene.content(), { a: 'a', ab: 'ab', ...Object.fromEntries(expected) });
  });

  it('lists all pages before it begins', async () => {
    const scene = new Scene();
    await scene.put(...Array.from({ length: 1001 }, (_, index) => `a/${index}`));
    scene.store.requests.length = 0;
    const plan = await planPrefix(scene.context, scene.prefix('a/'), scene.prefix('b/'));
    assert.deepEqual(scene.store.requests, ['list a/', 'list a/', 'list b/']);
    assert.equal(plan.count, 1001);
    const progress: number[] = [];
    const onProgress = ({ done }: { done: number }): void => void progress.push(done);
    const report = await movePrefix(scene.context, plan, { onProgress });
    assert.equal(report.succeeded.length, 1001);
    assert.equal(progress.at(-1), 1001);
  });

  it('goes on after a failure and leaves that source', async () => {
    const scene = new Scene();
    await scene.put('a/1', 'a/2', 'a/3', 'b/2');
    const plan = await planPrefix(scene.context, scene.prefix('a/'), scene.prefix('b/'));
    const [overwrite] = overwritesOf(plan, true);
    assert.equal(overwrite?.target.key, 'b/2');
    const report = await movePrefix(scene.context, plan);
    assert.deepEqual(
      report.failures.map(({ address }) => address.key),
      ['a/2'],
    );
    const after = { 'a/2': 'a/2', 'b/1': 'a/1', 'b/2': 'b/2', 'b/3': 'a/3' };
    assert.deepEqual(await scene.content(), after);
  });

  it('overwrites only what the plan showed', async () => {
    const scene = new Scene();
    await scene.put('a/1', 'a/2', 'a/3', 'b/1', 'b/2');
    const plan = await planPrefix(scene.context, scene.prefix('a/'), scene.prefix('b/'));
    await scene.put('b/2', 'b/3');
    const report = await movePrefix(scene.context, plan, { overwrite: true });
    assert.equal(report.failures.length, 2);
    const kept = { 'a/2': 'a/2', 'a/3': 'a/3', 'b/2': 'b/2', 'b/3': 'b/3' };
    assert.deepEqual(await scene.content(), { 'b/1': 'a/1', ...kept });
  });

  it('moves a prefix to the one that it stands in without mixing up', async () => {
    const scene = new Scene();
    await scene.put('a/a/', 'a/a/x', 'a/a/a/x', 'a/a/a/a/x', 'a/y');
    const plan = await planPrefix(scene.context, scene.prefix('a/a/'), scene.prefix('a/'));
    assert.equal(overwritesOf(plan, true).length, 0);
    const report = await movePrefix(scene.context, plan, { concurrency: 8 });
    assert.deepEqual(report.failures, []);
    assert.deepEqual(await scene.content(), {
      'a/': 'a/a/',
      'a/x': 'a/a/x',
      'a/a/x': 'a/a/a/x',
      'a/a/a/x': 'a/a/a/a/x',
      'a/y': 'a/y',
    });
  });

  it('does not overwrite a source that could not be moved away', async () => {
    const scene = new Scene();
    await scene.put('a/a/x', 'a/a/a/x', 'a/x');
    const plan = await planPrefix(scene.context, scene.prefix('a/a/'), scene.prefix('a/'));
    const before = await scene.content();
    const report = await movePrefix(scene.context, plan);
    assert.equal(report.failures.length, 2);
    assert.deepEqual(await scene.content(), before);
  });

  it('moves to the root of a bucket, where no folder marker is needed', async () => {
    const scene = new Scene();
    await scene.put('a/', 'a/x');
    const plan = await planPrefix(scene.context, scene.prefix('a/'), scene.prefix(''));
    const report = await movePrefix(scene.context, plan);
    assert.deepEqual(report.failures, []);
    assert.deepEqual(await scene.content(), { x: 'a/x' });
  });

  it('refuses to move a prefix into itself, and one with nothing below', async () => {
    const scene = new Scene();
    await scene.put('a/x');
    for (const target of ['a/', 'a/b/']) {
      await assert.rejects(
        planPrefix(scene.context, scene.prefix('a/'), scene.prefix(target)),
        (error) => isStoreError(error, 'invalid'),
      );
    }
    await assert.rejects(
      planPrefix(scene.context, scene.prefix('c/'), scene.prefix('d/')),
      (error) => isStoreError(error, 'notFound'),
    );
  });

  it('skips the rest when it is cancelled', async () => {
    const scene = new Scene();
    await scene.put('a/1', 'a/2', 'a/3');
    const plan = await planPrefix(scene.context, scene.prefix('a/'), scene.prefix('b/'));
    const controller = new AbortController();
    const report = await movePrefix(scene.context, plan, {
      ...{ concurrency: 1, signal: controller.signal },
      onProgress: () => {
        controller.abort();
      },
    });
    assert.equal(report.succeeded.length, 1);
    assert.equal(report.skipped, 2);
    assert.deepEqual(Object.keys(await scene.content()), ['a/2', 'a/3', 'b/1']);
  });

  it('asks for no key any more once the person gave up', async () => {
    const scene = new Scene();
    const { store, context } = scene;
    const condition = any;
    const customerKey = CustomerKey.generate();
    for (const key of ['a/1', 'a/2', 'a/3']) {
      await store.put(store.address(key), new Uint8Array(), { condition, customerKey });
    }
    const plan = await planPrefix(context, scene.prefix('a/'), scene.prefix('b/'));
    const report = await movePrefix(context, plan, { concurrency: 1 });
    assert.equal(report.failures.length, 3);
    assert.equal(context.keys.questions.length, 1);
  });

  it('does not begin the rest when the credentials expired', async () => {
    const scene = new Scene();
    await scene.put('a/1', 'a/2', 'a/3');
    const plan = await planPrefix(scene.context, scene.prefix('a/'), scene.prefix('b/'));
    scene.store.failures.push({ verb: 'head', error: new StoreError('credentials', 'Expired.') });
    const report = await movePrefix(scene.context, plan, { concurrency: 1 });
    assert.equal(report.failures.length, 1);
    assert.equal(report.skipped, 2);
  });
});

describe('copyPrefix', () => {
  it('copies and leaves the sources', async () => {
    const scene = new Scene();
    await scene.put('a/x', 'a/y/z');
    const plan = await planPrefix(scene.context, scene.prefix('a/'), scene.prefix('b/'));
    await copyPrefix(scene.context, plan);
    const copies = { 'b/x': 'a/x', 'b/y/z': 'a/y/z' };
    assert.deepEqual(await scene.content(), { 'a/x': 'a/x', 'a/y/z': 'a/y/z', ...copies });
  });

  it('copies what is to be overwritten before it is', async () => {
    const scene = new Scene();
    await scene.put('a/a/x', 'a/a/a/x');
    const plan = await planPrefix(scene.context, scene.prefix('a/a/'), scene.prefix('a/'));
    assert.equal(overwritesOf(plan, false).length, 1);
    const report = await copyPrefix(scene.context, plan, { overwrite: true });
    assert.deepEqual(report.failures, []);
    const after = { 'a/a/a/x': 'a/a/a/x', 'a/a/x': 'a/a/a/x', 'a/x': 'a/a/x' };
    assert.deepEqual(await scene.content(), after);
  });
});
