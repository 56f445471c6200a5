import assert from 'node:assert/strict';
import type { StateStore } from '../../../../src/keys/stores.ts';
import { FileBases } from '../../../../src/ui/files/fileBases.ts';

class MemoryState implements StateStore {
  value: unknown;
  get(): unknown {
    return this.value;
  }
  set(_name: string, value: unknown): Promise<void> {
    this.value = JSON.parse(JSON.stringify(value));
    return Promise.resolve();
  }
}

const base = { etag: 'e', mtime: 5, size: 7 };

describe('FileBases', () => {
  it('keeps what open files are based on over a restart, and nothing else', async () => {
    const state = new MemoryState();
    const bases = new FileBases(state, (uri) => uri === 'open');
    bases.set('open', base);
    bases.set('closed', base);
    await new Promise((resolve) => setTimeout(resolve, 700));
    const restored = new FileBases(state, () => true);
    assert.deepEqual(restored.get('open'), base);
    assert.equal(restored.get('closed'), undefined);
    restored.dispose();
  });

  it('never forgets an open file for the sake of others', () => {
    const bases = new FileBases(new MemoryState(), (uri) => uri === 'open');
    bases.set('open', base);
    for (let index = 0; index < 1_100; index++) bases.set(`other ${index}`, base);
    assert.deepEqual(bases.get('open'), base);
    assert.equal(bases.get('other 0'), undefined);
    bases.dispose();
  });

  it('passes over what it cannot read', () => {
    const state = new MemoryState();
    for (const value of [undefined, 'x', [1], [['uri', 'etag', 'no time', 1]], {}]) {
      state.value = value;
      assert.deepEqual(new FileBases(state, () => true).entries(), []);
    }
  });
});
