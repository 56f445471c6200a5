import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { WriteCondition } from '../../src/core/objectStore.ts';
import { isStoreError } from '../../src/core/storeError.ts';
import { expectations } from './expectations.ts';
import { rejects } from './rejects.ts';
import { at, keyA, onEveryServer, readText } from './subject.ts';

const absent = { type: 'absent' } as const;
const any = { type: 'any' } as const;
const customerKey = keyA;

for (const versioned of [false, true]) {
  const title = versioned ? 'conditions in a versioned bucket' : 'conditions';
  onEveryServer(title, ({ server, buckets, open, raw }) => {
    const { store, operations } = open();
    const expected = expectations(server);
    const requests = expected.conditions[versioned ? 'versioned' : 'unversioned'];
    let bucket: string;
    before(async () => {
      bucket = await buckets.create({ versioned });
      // What opening an object or a prefix does before any save.
      await store.list({ bucket, prefix: '' });
    });

    it('creates what is absent and no more', async () => {
      operations();
      await store.put(at(bucket, 'new'), Buffer.from('1'), { customerKey, condition: absent });
      assert.deepEqual(operations(), requests.create);
      const again = store.put(at(bucket, 'new'), Buffer.from('2'), {
        customerKey,
        condition: absent,
      });
      await rejects(again, 'conflict');
      assert.equal(await readText(store, at(bucket, 'new'), { customerKey }), '1');
    });

    it('saves what matches', async () => {
      const address = at(bucket, 'saved');
      let { etag } = await store.put(address, Buffer.from('0'), { customerKey, condition: any });
      const saves: string[][] = [];
      operations();
      for (const text of ['1', '2', '3']) {
        const condition = { type: 'matches', etag } as const;
        ({ etag } = await store.put(address, Buffer.from(text), { customerKey, condition }));
        saves.push(operations());
        assert.equal(await readText(store, address, { customerKey }), text);
        operations();
      }
      assert.deepEqual(saves, [requests.firstSave, requests.laterSave, requests.laterSave]);
    });

    it('saves a stream that matches', async () => {
      const address = at(bucket, 'streamed');
      const { etag } = await store.put(address, Buffer.from('0'), { customerKey, condition: any });
      const matching = { type: 'matches', etag } as const;
      const put = (text: string, condition: WriteCondition): Promise<{ etag: string }> =>
        store.put(address, streamOf(text), { customerKey, condition });
      await put('1', matching);
      await rejects(put('2', matching), 'conflict');
      await rejects(put('3', absent), 'conflict');
      assert.equal(await readText(store, address, { customerKey }), '1');
    });

    it('overwrites nothing that somebody else changed', async () => {
      const address = at(bucket, 'changed');
      const { etag } = await store.put(address, Buffer.from('1'), { customerKey, condition: any });
      await raw.send({ method: 'PUT', bucket, key: 'changed', body: 'theirs' });
      const condition = { type: 'matches', etag } as const;
      await rejects(store.put(address, Buffer.from('2'), { customerKey, condition }), 'conflict');
      assert.equal(await readText(store, address), 'theirs');
    });

    it('makes nothing anew that somebody else deleted', async () => {
      const address = at(bucket, 'deleted');
      const { etag } = await store.put(address, Buffer.from('1'), { customerKey, condition: any });
      await raw.send({ method: 'DELETE', bucket, key: 'deleted' });
      const condition = { type: 'matches', etag } as const;
      await rejects(store.put(address, Buffer.from('2'), { customerKey, condition }), 'conflict');
      await rejects(store.head(address), 'notFound');
    });

    it('is sure of a store that has sent nothing yet', async () => {
      const address = at(bucket, 'first');
      const { etag } = await store.put(address, Buffer.from('1'), { customerKey, condition: any });
      const other = { type: 'matches', etag: '0'.repeat(32) } as const;
      const fresh = [open().store, open().store, open().store].values();
      const put = (
        condition: WriteCondition,
        text: string,
      ): Promise<{ etag: string }> | undefined =>
        fresh.next().value?.put(address, Buffer.from(text), { customerKey, condition });
      await rejects(Promise.resolve(put(absent, 'x')), 'conflict');
      await rejects(Promise.resolve(put(other, 'y')), 'conflict');
      await put({ type: 'matches', etag }, '2');
      assert.equal(await readText(store, address, { customerKey }), '2');
    });

    it('names a missing bucket as such', async () => {
      for (const condition of [absent, { type: 'matches', etag: '0'.repeat(32) } as const]) {
        const address = at(`${bucket}-not`, 'x');
        const put = store.put(address, Buffer.from('1'), { customerKey, condition });
        await rejects(put, condition === absent ? 'noSuchBucket' : ['noSuchBucket', 'conflict']);
      }
    });

    it('says in its traits how saves are guarded', () => {
      assert.equal(store.traits().conditionalPut, requests.traits);
    });

    // What compares before cannot win a race: there the reference says so, and the traits tell.
    if (requests.traits === 'atomic') {
      it('lets one of twenty writers create, and one of twenty save', async () => {
        const address = at(bucket, 'raced');
        const created = await race(absent);
        const condition = { type: 'matches', etag: created.etag } as const;
        const saved = await race(condition);
        assert.notEqual(saved.text, created.text);

        async function race(
          expectedState: WriteCondition,
        ): Promise<{ etag: string; text: string }> {
          const texts = Array.from({ length: 20 }, () => randomBytes(8).toString('hex'));
          const outcomes = await Promise.allSettled(
            texts.map(async (text) => {
              const options = { customerKey, condition: expectedState };
              return { text, ...(await store.put(address, Buffer.from(text), options)) };
            }),
          );
          const won = outcomes.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
          const lost = outcomes.flatMap((each) =>
            each.status === 'rejected' ? [each.reason as unknown] : [],
          );
          assert.deepEqual(
            lost.filter((error) => !isStoreError(error, 'conflict')),
            [],
          );
          assert.equal(won.length, 1);
          const [winner] = won;
          assert.ok(winner);
          assert.equal(await readText(store, address, { customerKey }), winner.text);
          return winner;
        }
      });
    }
  });
}

function streamOf(text: string): { size: number; stream: AsyncIterable<Uint8Array> } {
  const bytes = Buffer.from(text);
  return {
    size: bytes.length,
    stream: (async function* () {
      yield await Promise.resolve(bytes);
    })(),
  };
}
