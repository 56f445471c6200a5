import assert from 'node:assert/strict';
import { expectations } from './expectations.ts';
import { nastyKeys } from './nastyKeys.ts';
import { rejects } from './rejects.ts';
import { at, keyA, onEveryServer, read, readText } from './subject.ts';

const any = { type: 'any' } as const;
const customerKey = keyA;

onEveryServer('object keys', ({ server, buckets, open, raw }) => {
  const { store, operations } = open();
  const { names } = expectations(server);
  let bucket: string;
  before(async () => {
    bucket = await buckets.create();
    await store.list({ bucket, prefix: '' });
  });

  for (const [title, key] of Object.entries(nastyKeys)) {
    const refused = names.refused.includes(title);
    it(`${refused ? 'refuses' : 'writes, reads, lists, copies and deletes'} ${title}`, async () => {
      const address = at(bucket, key);
      const body = Buffer.from(`at ${title}`);
      const put = store.put(address, body, { customerKey, condition: any });
      if (refused) {
        const error = await rejects(put, 'unsupportedName');
        assert.match(error.message, /does not support the object key|leading slash|cannot be/);
        await rejects(store.get(address, { customerKey }), ['unsupportedName', 'notFound']);
        return;
      }
      await put;
      const { info, bytes } = await read(store, address, { customerKey });
      assert.deepEqual(bytes, body);
      assert.equal(info.address.key, key);
      const byHand = await raw.send({ method: 'GET', bucket, key, customerKey: keyA.reveal() });
      assert.deepEqual(byHand.body, body);
      const { objects } = await store.list({ bucket, prefix: key });
      assert.ok(
        objects.some((object) => object.key === key),
        JSON.stringify(objects),
      );
      const copy = at(bucket, `${key}.copy`.slice(-key.length - 5));
      if (
        Buffer.byteLength(copy.key) <= 1024 &&
        Buffer.byteLength(title) > 0 &&
        !key.endsWith('/')
      ) {
        if (!/[^/]{250}/.test(copy.key)) {
          const options = { sourceKey: keyA, targetKey: keyA, condition: any };
          await store.copy(address, copy, options);
          assert.equal(await readText(store, copy, { customerKey }), body.toString());
          await store.delete(copy);
        }
      }
      await store.delete(address);
      await rejects(store.head(address, { customerKey }), 'notFound');
    });
  }

  it('keeps what differs only by normalisation, case or encoding apart', async () => {
    const keys = [
      'twin/é',
      'twin/e\u0301',
      'twin/%C3%A9',
      'twin/É',
      'twin/a b',
      'twin/a+b',
      'twin/a%20b',
    ];
    for (const key of keys) {
      await store.put(at(bucket, key), Buffer.from(key), { customerKey, condition: any });
    }
    for (const key of keys)
      assert.equal(await readText(store, at(bucket, key), { customerKey }), key);
    const { objects } = await store.list({ bucket, prefix: 'twin/' });
    const sorted = [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    assert.deepEqual(
      objects.map(({ key }) => key),
      sorted,
    );
  });

  it('never takes a leading slash for another object', async () => {
    await store.put(at(bucket, 'lead'), Buffer.from('mine'), { customerKey, condition: any });
    const slashed = at(bucket, '/lead');
    const attempts = [
      () => store.put(slashed, Buffer.from('theirs'), { customerKey, condition: any }),
      () =>
        store.copy(at(bucket, 'lead'), slashed, {
          sourceKey: keyA,
          targetKey: keyA,
          condition: any,
        }),
      () => store.delete(slashed),
      async () => {
        const [failure] = await store.deleteMany(bucket, ['/lead']);
        if (failure) throw failure.error;
      },
    ];
    for (const attempt of attempts) {
      if (names.leadingSlash === 'kept') await attempt();
      else await rejects(attempt(), 'unsupportedName');
      assert.equal(await readText(store, at(bucket, 'lead'), { customerKey }), 'mine');
      await rejects(
        store.head(slashed, { customerKey }).then(() => {
          if (names.leadingSlash === 'kept') return store.head(at(bucket, 'nothing'));
          return undefined;
        }),
        'notFound',
      );
    }
  });

  it('finds out what becomes of a leading slash before the first write of a store', async () => {
    for (const empty of [true, false]) {
      const own = await buckets.create();
      if (!empty) await raw.send({ method: 'PUT', bucket: own, key: 'one', body: 'mine' });
      const fresh = open();
      const put = fresh.store.put(at(own, '/one'), Buffer.from('x'), {
        customerKey,
        condition: any,
      });
      if (names.leadingSlash === 'kept') await put;
      else await rejects(put, 'unsupportedName');
      const { objects } = await fresh.store.list({ bucket: own, prefix: '' });
      const kept = [...(names.leadingSlash === 'kept' ? ['/one'] : []), ...(empty ? [] : ['one'])];
      assert.deepEqual(
        objects.map(({ key }) => key),
        kept,
      );
    }
  });

  it('sends nothing for an object without a key', async () => {
    operations();
    const nothing = at(bucket, '');
    await rejects(store.delete(nothing), 'unsupportedName');
    await rejects(store.put(nothing, Buffer.from('x'), { condition: any }), 'unsupportedName');
    await rejects(store.get(nothing), 'unsupportedName');
    assert.deepEqual(operations(), []);
    await store.headBucket(bucket);
  });

  it('refuses a key that is not well-formed text', async () => {
    const broken = at(bucket, 'a\ud800b');
    await rejects(store.put(broken, Buffer.from('x'), { condition: any }), 'unsupportedName');
    await rejects(store.get(broken), 'unsupportedName');
  });

  it('opens an object beside a prefix of its name', async () => {
    for (const key of ['beside', 'beside/inner']) {
      await store.put(at(bucket, key), Buffer.from(key), { customerKey, condition: any });
    }
    for (const key of ['beside', 'beside/inner']) {
      assert.equal(await readText(store, at(bucket, key), { customerKey }), key);
    }
    const { objects } = await store.list({ bucket, prefix: 'beside' });
    assert.deepEqual(
      objects.map(({ key }) => key),
      names.listsBelowObject ? ['beside', 'beside/inner'] : ['beside'],
    );
  });
});
