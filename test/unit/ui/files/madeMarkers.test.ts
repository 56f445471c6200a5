import assert from 'node:assert/strict';
import { MadeMarkers } from '../../../../src/ui/files/madeMarkers.ts';
import { MemoryStore } from '../../doubles/memoryStore.ts';
import { memoryStores } from '../../doubles/memoryStores.ts';

class Scene {
  readonly store = new MemoryStore();
  now = 0;
  readonly made = new MadeMarkers(memoryStores(this.store), () => this.now);

  async make(key: string, bytes = new Uint8Array()): Promise<void> {
    const address = this.store.address(key);
    const { etag } = await this.store.put(address, bytes, { condition: { type: 'any' } });
    this.made.note(address, etag);
  }

  async put(key: string): Promise<void> {
    const taken = this.made.take(this.store.address(key));
    const condition = { type: 'any' } as const;
    await this.store.put(this.store.address(key), new Uint8Array(1), { condition });
    await this.made.remove(taken);
  }

  async keys(): Promise<string[]> {
    const { objects } = await this.store.list({ bucket: 'bucket', prefix: '' });
    return objects.map(({ key }) => key);
  }
}

describe('MadeMarkers', () => {
  it('removes those around what is put there right after, and no other', async () => {
    const scene = new Scene();
    for (const key of ['a/', 'a/b/', 'c/']) await scene.make(key);
    await scene.put('a/b/x');
    assert.deepEqual(await scene.keys(), ['a/b/x', 'c/']);
  });

  it('leaves those that were made a while ago, however long the next took', async () => {
    const scene = new Scene();
    await scene.make('a/');
    scene.now += 900;
    await scene.make('a/b/');
    scene.now += 900;
    await scene.put('a/b/x');
    assert.deepEqual(await scene.keys(), ['a/b/x']);
    await scene.make('c/');
    scene.now += 1100;
    await scene.put('c/x');
    assert.deepEqual(await scene.keys(), ['a/b/x', 'c/', 'c/x']);
  });

  it('leaves one that is not what was made any more', async () => {
    const scene = new Scene();
    await scene.make('a/');
    const address = scene.store.address('a/');
    await scene.store.put(address, new Uint8Array(3), { condition: { type: 'any' } });
    await scene.put('a/x');
    assert.deepEqual(await scene.keys(), ['a/', 'a/x']);
  });
});
