import assert from 'node:assert/strict';
import { fromUriParts } from '../../../../src/core/objectUri.ts';
import { FileFinder } from '../../../../src/ui/files/fileFinder.ts';
import { observeStore } from '../../../../src/ui/files/observedStore.ts';
import { SeenObjects } from '../../../../src/ui/files/seenObjects.ts';
import { MemoryStore } from '../../doubles/memoryStore.ts';

describe('FileFinder', () => {
  let store: MemoryStore;
  let finder: FileFinder;
  beforeEach(() => {
    store = new MemoryStore();
    const seen = new SeenObjects();
    const observed = observeStore(store, seen);
    finder = new FileFinder(() => Promise.resolve(observed), seen);
  });

  async function put(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      await store.put(store.address(key), new Uint8Array(1), { condition: { type: 'any' } });
    }
    store.requests.length = 0;
  }

  async function find(path: string): Promise<string | undefined> {
    const location = fromUriParts({ authority: 'memory', path: `/bucket${path}` });
    return (await finder.find(location, false))?.type;
  }

  it('finds objects and prefixes by one LIST, an object before a prefix of its name', async () => {
    await put('a', 'a/b', 'a-', 'd/e/f');
    assert.equal(await find('/a'), 'object');
    assert.equal(await find('/a%2F'), 'prefix');
    assert.equal(await find('/d/e'), 'prefix');
    assert.equal(await find('/x'), undefined);
    assert.deepEqual(store.requests, ['list a', 'list d/e', 'list x']);
  });

  it('finds a prefix behind many objects that start as it does', async () => {
    await put('a/b', ...Array.from({ length: 150 }, (_, index) => `a-${index}`));
    assert.equal(await find('/a'), 'prefix');
    assert.deepEqual(store.requests, ['list a', 'list a/']);
  });

  it('asks once for what is asked many times at once', async () => {
    await put('a');
    await Promise.all([find('/a'), find('/a'), find('/a')]);
    assert.deepEqual(store.requests, ['list a']);
    await find('/a');
    assert.deepEqual(store.requests, ['list a']);
  });

  it('answers probes by one listing of their place', async () => {
    await put('p/here');
    for (const name of ['1', '2', '3', '4', '5', '6/7', 'here']) await find(`/p/${name}`);
    assert.deepEqual(store.requests, ['list p/1', 'list p/2', 'list p/3', 'list p/']);
  });

  it('lists a hidden directory at once, once for all who ask', async () => {
    await put('.vscode/settings.json');
    const found = await Promise.all(
      ['settings.json', 'tasks.json', 'launch.json'].map((name) => find(`/.vscode/${name}`)),
    );
    assert.deepEqual(found, ['object', undefined, undefined]);
    assert.deepEqual(store.requests, ['list .vscode/']);
  });

  it('knows that something is missing from the answer that is on its way', async () => {
    await put('here');
    const at = (path: string): ReturnType<typeof fromUriParts> =>
      fromUriParts({ authority: 'memory', path: `/bucket/${path}` });
    assert.equal(await finder.isMissing(at('gone')), false);
    const stats = Promise.all([find('/gone'), find('/here')]);
    assert.equal(await finder.isMissing(at('gone')), true);
    assert.equal(await finder.isMissing(at('here')), false);
    await stats;
    assert.equal(await finder.isMissing(at('gone')), true);
    assert.equal(store.requests.length, 2);
  });

  it('knows a bucket without objects, and a connection', async () => {
    assert.equal(await find(''), 'prefix');
    assert.equal((await finder.find({ connection: 'memory' }, false))?.type, 'prefix');
    await assert.rejects(finder.find({ connection: 'memory', bucket: 'none', prefix: '' }, false), {
      kind: 'noSuchBucket',
    });
  });
});
