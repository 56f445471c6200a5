import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Ledger } from '../../../src/keys/ledger.ts';
import { nastyKey, prefix } from '../core/nastyKeys.ts';
import { MemoryStateStore } from '../doubles/memoryStateStore.ts';

const bucket = { connection: 'c', bucket: 'b' };

function object(key: string): { connection: string; bucket: string; key: string } {
  return { ...bucket, key };
}

describe('Ledger', () => {
  it('remembers what opened an object until it is forgotten', () => {
    const ledger = new Ledger(new MemoryStateStore());
    assert.equal(ledger.openedWith(object('a')), undefined);
    ledger.remember(object('a'), 'A');
    ledger.remember(object('b'), 'none');
    assert.equal(ledger.openedWith(object('a')), 'A');
    assert.equal(ledger.openedWith(object('b')), 'none');
    assert.equal(ledger.openedWith({ ...object('a'), connection: 'd' }), undefined);
    assert.equal(ledger.openedWith({ ...object('a'), bucket: 'x' }), undefined);
    ledger.remember(object('a'), 'B');
    assert.equal(ledger.openedWith(object('a')), 'B');
    ledger.forget(object('a'));
    assert.equal(ledger.openedWith(object('a')), undefined);
  });

  it('remembers prefixes, the longest first', () => {
    const ledger = new Ledger(new MemoryStateStore());
    ledger.rememberPrefix({ ...bucket, prefix: 'a/b/' }, 'AB');
    ledger.rememberPrefix({ ...bucket, prefix: 'a/' }, 'A');
    ledger.rememberPrefix({ ...bucket, prefix: '' }, 'none');
    assert.equal(ledger.forPrefixOf(object('a/b/c')), 'AB');
    assert.equal(ledger.forPrefixOf(object('a/c')), 'A');
    assert.equal(ledger.forPrefixOf(object('a')), 'none');
    assert.equal(ledger.forPrefixOf({ ...object('a/c'), bucket: 'b2' }), undefined);
    ledger.forgetPrefix({ ...bucket, prefix: 'a/b/' });
    assert.equal(ledger.forPrefixOf(object('a/b/c')), 'A');
  });

  it('is the same after it was written and read', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(nastyKey, fc.constantFrom('A', 'B', 'none')), { maxLength: 20 }),
        fc.array(fc.tuple(prefix, fc.constantFrom('A', 'C', 'none')), { maxLength: 5 }),
        async (objects, prefixes) => {
          const state = new MemoryStateStore();
          const ledger = new Ledger(state);
          for (const [key, entry] of objects) ledger.remember(object(key), entry);
          for (const [text, entry] of prefixes) {
            ledger.rememberPrefix({ ...bucket, prefix: text }, entry);
          }
          await ledger.flush();
          const read = new Ledger(state);
          assert.deepEqual(read.recentFingerprints(), ledger.recentFingerprints());
          for (const entry of ['A', 'B', 'none']) {
            assert.deepEqual(read.objectsOpenedWith(entry), ledger.objectsOpenedWith(entry));
          }
          for (const [key] of objects) {
            const address = object(key);
            assert.equal(read.openedWith(address), ledger.openedWith(address));
            assert.equal(read.forPrefixOf(address), ledger.forPrefixOf(address));
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('forgets the least recently used first', async () => {
    const state = new MemoryStateStore();
    const ledger = new Ledger(state, { capacity: 3 });
    for (const key of ['a', 'b', 'c']) ledger.remember(object(key), key);
    ledger.remember(object('a'), 'a');
    ledger.remember(object('d'), 'd');
    assert.equal(ledger.openedWith(object('b')), undefined);
    assert.deepEqual(ledger.recentFingerprints(), ['d', 'a', 'c']);
    await ledger.flush();
    const read = new Ledger(state, { capacity: 3 });
    read.remember(object('e'), 'e');
    assert.deepEqual(read.recentFingerprints(), ['e', 'd', 'a']);
    await read.flush();
  });

  it('writes once for many changes, after a while', async () => {
    const state = new MemoryStateStore();
    const ledger = new Ledger(state, { writeDelay: 5 });
    for (let i = 0; i < 100; i++) ledger.remember(object(`a${i}`), 'A');
    assert.equal(state.writes, 0);
    await new Promise((resolve) => setTimeout(resolve, 30));
    assert.equal(state.writes, 1);
    await ledger.flush();
    assert.equal(state.writes, 1);
    assert.equal(new Ledger(state).openedWith(object('a99')), 'A');
  });

  it('stays below the size that VS Code warns of', async () => {
    const state = new MemoryStateStore();
    const ledger = new Ledger(state);
    for (let i = 0; i < 12_000; i++) {
      const parent = `projects/2026/backup of the month/${Math.floor(i / 100)}/`;
      ledger.remember(object(`${parent}photo-${i}.jpeg`), 'Q2uTy2CxpUThcAfUAnc8mQ==');
    }
    await ledger.flush();
    assert.equal(ledger.objectsOpenedWith('Q2uTy2CxpUThcAfUAnc8mQ==').length, 10_000);
    assert.ok(state.dump().length < 512 * 1024, `${state.dump().length}`);
  });

  it('starts empty with what it cannot read', async () => {
    for (const stored of ['x', 5, { version: 2 }, { version: 1, objects: [] }]) {
      const state = new MemoryStateStore();
      await state.set('ledger', stored);
      assert.deepEqual(new Ledger(state).recentFingerprints(), []);
    }
    const state = new MemoryStateStore();
    const objects = [['c/b/', 'a', 7, 'b'], []];
    await state.set('ledger', { version: 1, openedWith: ['A'], objects, prefixes: [['c/b/', 9]] });
    assert.equal(new Ledger(state).openedWith(object('a')), undefined);
  });
});
