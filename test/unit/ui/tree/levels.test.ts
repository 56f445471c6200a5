import assert from 'node:assert/strict';
import type { ObjectAddress, PrefixAddress } from '../../../../src/core/address.ts';
import { StoreError } from '../../../../src/core/storeError.ts';
import { Levels } from '../../../../src/ui/tree/levels.ts';
import { MemoryStore } from '../../doubles/memoryStore.ts';
import { memoryStores } from '../../doubles/memoryStores.ts';

const seen = { size: 0, etag: 'new', lastModified: new Date(0) };

class Scene {
  readonly store = new MemoryStore();
  readonly levels: Levels;

  constructor(pageSize = 1000) {
    this.levels = new Levels({
      ...{ stores: memoryStores(this.store), pageSize: () => pageSize },
      seen: () => seen,
    });
  }

  static async with(keys: readonly string[], pageSize?: number): Promise<Scene> {
    const scene = new Scene(pageSize);
    for (const key of keys) await scene.put(key);
    scene.store.requests.length = 0;
    return scene;
  }

  async put(key: string, size = 0): Promise<void> {
    const condition = { type: 'any' } as const;
    await this.store.put(this.object(key), new Uint8Array(size), { condition });
  }

  object(key: string): ObjectAddress {
    return this.store.address(key);
  }

  prefix(prefix: string): PrefixAddress {
    return { connection: 'memory', bucket: 'bucket', prefix };
  }

  /** What a level shows: prefixes, then objects. */
  async shown(prefix: string): Promise<string[]> {
    const level = await this.levels.load(this.prefix(prefix));
    return [...level.prefixes, ...level.objects.map(({ key }) => key)];
  }
}

function prefixesOf(addresses: readonly PrefixAddress[]): string[] {
  return addresses.map(({ prefix }) => prefix);
}

describe('Levels', () => {
  it('lists a level once, by one request', async () => {
    const scene = await Scene.with(['a', 'a/b', 'c']);
    const [one, other] = await Promise.all([scene.shown(''), scene.shown('')]);
    assert.deepEqual(one, ['a/', 'a', 'c']);
    assert.deepEqual(other, one);
    await scene.shown('');
    assert.deepEqual(scene.store.requests, ['list']);
  });

  it('loads more by one request a page', async () => {
    const scene = await Scene.with(['a', 'b/x', 'b/y', 'c', 'd'], 2);
    assert.deepEqual(await scene.shown(''), ['b/', 'a']);
    await scene.levels.loadMore(scene.prefix(''));
    assert.deepEqual(await scene.shown(''), ['b/', 'a', 'c', 'd']);
    await scene.levels.loadMore(scene.prefix(''));
    assert.deepEqual(scene.store.requests, ['list', 'list']);
  });

  it('goes on where a page is empty though more follow', async () => {
    const scene = await Scene.with(['a']);
    const list = scene.store.list.bind(scene.store);
    scene.store.list = async (request) =>
      request.continuationToken === undefined
        ? { objects: [], prefixes: [], continuationToken: '!' }
        : await list(request);
    assert.deepEqual(await scene.shown(''), ['a']);
  });

  it('lets the server filter, also across delimiters', async () => {
    const scene = await Scene.with(['a/report.txt', 'a/rest/x', 'a/other', 'a/rest/y/z']);
    scene.levels.setFilter(scene.prefix('a/'), 're');
    assert.deepEqual(await scene.shown('a/'), ['a/rest/', 'a/report.txt']);
    scene.levels.setFilter(scene.prefix('a/'), 'rest/');
    assert.deepEqual(await scene.shown('a/'), ['a/rest/y/', 'a/rest/x']);
    scene.levels.setFilter(scene.prefix('a/'), '');
    assert.deepEqual(await scene.shown('a/'), ['a/rest/', 'a/other', 'a/report.txt']);
    assert.deepEqual(scene.store.requests, ['list a/re', 'list a/rest/', 'list a/']);
  });

  it('shows odd keys once each, and a marker only if it has content', async () => {
    const scene = await Scene.with(['a', 'a/', 'a//', 'a//b', 'a/b', '/x', 'a/\u0001']);
    assert.deepEqual(await scene.shown(''), ['/', 'a/', 'a']);
    assert.deepEqual(await scene.shown('a/'), ['a//', 'a/\u0001', 'a/b']);
    await scene.put('m/', 1);
    assert.deepEqual(await scene.shown('m/'), ['m/']);
  });

  it('orders as S3 does, not as JavaScript does', async () => {
    const scene = await Scene.with(['\u{1F600}', '\uFF5E', 'é', 'z']);
    assert.deepEqual(await scene.shown(''), ['z', 'é', '\uFF5E', '\u{1F600}']);
  });

  it('keeps a failure until it is tried again, with the pages before it', async () => {
    const scene = await Scene.with(['a', 'b'], 1);
    const failure = new StoreError('network', 'Gone.');
    scene.store.failures.push({ verb: 'list', error: failure });
    const level = await scene.levels.load(scene.prefix(''));
    assert.equal(level.failure, failure);
    await scene.shown('');
    assert.equal(scene.store.requests.length, 1);
    await scene.levels.loadMore(scene.prefix(''));
    assert.deepEqual(await scene.shown(''), ['a']);
    scene.store.failures.push({ verb: 'list', error: failure });
    await scene.levels.loadMore(scene.prefix(''));
    assert.equal(level.failure, failure);
    assert.deepEqual(await scene.shown(''), ['a']);
    await scene.levels.loadMore(scene.prefix(''));
    assert.equal(level.failure, undefined);
    assert.deepEqual(await scene.shown(''), ['a', 'b']);
  });
});

describe('Levels.apply', () => {
  it('follows what was made, changed and deleted without a request', async () => {
    const scene = await Scene.with(['a/x', 'b']);
    await scene.shown('');
    await scene.shown('a/');
    scene.store.requests.length = 0;
    const made = scene.levels.apply({ type: 'created', address: scene.object('a/y/z') });
    assert.deepEqual(prefixesOf(made.levels), ['a/']);
    assert.deepEqual(await scene.shown('a/'), ['a/y/', 'a/x']);
    const changed = scene.levels.apply({ type: 'changed', address: scene.object('b') });
    assert.deepEqual(changed, { levels: [], objects: [scene.object('b')] });
    assert.equal(scene.levels.loaded(scene.prefix(''))?.object('b')?.etag, 'new');
    const deleted = scene.levels.apply({ type: 'deleted', address: scene.object('b') });
    assert.deepEqual(prefixesOf(deleted.levels), ['']);
    assert.deepEqual(await scene.shown(''), ['a/']);
    assert.deepEqual(scene.store.requests, []);
  });

  it('lets prefixes go with the last object below them', async () => {
    const scene = await Scene.with(['a/b/x', 'c']);
    for (const prefix of ['', 'a/', 'a/b/']) await scene.shown(prefix);
    scene.store.requests.length = 0;
    const { levels } = scene.levels.apply({ type: 'deleted', address: scene.object('a/b/x') });
    assert.deepEqual(prefixesOf(levels), ['a/b/', 'a/', '']);
    assert.deepEqual(await scene.shown(''), ['c']);
    assert.deepEqual(scene.store.requests, []);
  });

  it('lets a prefix stay that has a marker', async () => {
    const scene = await Scene.with(['a/', 'a/x']);
    for (const prefix of ['', 'a/']) await scene.shown(prefix);
    scene.levels.apply({ type: 'deleted', address: scene.object('a/x') });
    assert.deepEqual(await scene.shown('a/'), []);
    assert.deepEqual(await scene.shown(''), ['a/']);
  });

  it('lists again where it cannot know', async () => {
    const scene = await Scene.with(['a/x', 'b']);
    await scene.shown('');
    await scene.store.delete(scene.object('a/x'));
    // The level of a/ was never loaded: whether there was more in it is not known.
    const { levels } = scene.levels.apply({ type: 'deleted', address: scene.object('a/x') });
    assert.deepEqual(prefixesOf(levels), ['']);
    assert.deepEqual(await scene.shown(''), ['b']);
  });

  it('lists again below and above a prefix that changed, and nothing beside', async () => {
    const scene = await Scene.with(['a/b/x', 'a/z', 'c/y']);
    for (const prefix of ['', 'a/', 'a/b/', 'c/']) await scene.shown(prefix);
    scene.store.requests.length = 0;
    const change = { type: 'prefixChanged', address: scene.prefix('a/b/') } as const;
    assert.deepEqual(prefixesOf(scene.levels.apply(change).levels), ['a/b/', 'a/']);
    for (const prefix of ['', 'a/', 'a/b/', 'c/']) await scene.shown(prefix);
    assert.deepEqual(scene.store.requests, ['list a/', 'list a/b/']);
  });

  it('lists further up, too, where a prefix stood alone', async () => {
    const scene = await Scene.with(['a/b/c/x', 'd']);
    for (const prefix of ['', 'a/', 'a/b/', 'a/b/c/']) await scene.shown(prefix);
    await scene.store.delete(scene.object('a/b/c/x'));
    const change = { type: 'prefixChanged', address: scene.prefix('a/b/c/') } as const;
    assert.deepEqual(prefixesOf(scene.levels.apply(change).levels), ['a/b/c/', 'a/b/', 'a/', '']);
    assert.deepEqual(await scene.shown(''), ['d']);
  });

  it('shows nothing that belongs on a page not loaded yet, or that is filtered out', async () => {
    const scene = await Scene.with(['a', 'b', 'c'], 2);
    await scene.shown('');
    scene.levels.apply({ type: 'created', address: scene.object('aa') });
    scene.levels.apply({ type: 'created', address: scene.object('bb') });
    assert.deepEqual(await scene.shown(''), ['a', 'aa', 'b']);
    scene.levels.setFilter(scene.prefix(''), 'c');
    assert.deepEqual(await scene.shown(''), ['c']);
    scene.levels.apply({ type: 'created', address: scene.object('d') });
    assert.deepEqual(await scene.shown(''), ['c']);
  });
});
