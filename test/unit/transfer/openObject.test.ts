import assert from 'node:assert/strict';
import { CustomerKey } from '../../../src/core/customerKey.ts';
import { isStoreError, StoreError, type StoreErrorKind } from '../../../src/core/storeError.ts';
import { inspectObject, openObject } from '../../../src/transfer/openObject.ts';
import { MemoryStore } from '../doubles/memoryStore.ts';
import { PlannedKeys } from '../doubles/plannedKeys.ts';

const right = CustomerKey.generate();
const wrong = CustomerKey.generate();
const text = Buffer.from('the text');
const any = { type: 'any' } as const;

async function storeWith(
  customerKey: CustomerKey | undefined,
  ...parameters: ConstructorParameters<typeof MemoryStore>
): Promise<MemoryStore> {
  const store = new MemoryStore(...parameters);
  await store.put(store.address('a.txt'), text, { customerKey, condition: any });
  store.requests.length = 0;
  return store;
}

function ofKind(kind: StoreErrorKind): (error: unknown) => boolean {
  return (error) => isStoreError(error, kind);
}

describe('openObject', () => {
  it('takes one GET if the first candidate fits, and asks for no other', async () => {
    const store = await storeWith(right);
    const keys = new PlannedKeys([right, wrong, 'none']);
    const { bytes, info, openedWith } = await openObject(store, keys, store.address('a.txt'));
    assert.deepEqual(Buffer.from(bytes), text);
    assert.equal(info.size, text.length);
    assert.equal(openedWith, right);
    assert.deepEqual(store.requests, [`get a.txt +${right.fingerprint}`]);
    assert.equal(keys.yielded, 1);
    assert.deepEqual(keys.remembered, [{ key: 'a.txt', openedWith: right }]);
  });

  it('opens a plain object without a key', async () => {
    const store = await storeWith(undefined);
    const { openedWith } = await openObject(
      store,
      new PlannedKeys(['none']),
      store.address('a.txt'),
    );
    assert.equal(openedWith, 'none');
    assert.deepEqual(store.requests, ['get a.txt']);
  });

  it('goes on after a wrong, a missing and a needless key', async () => {
    const encrypted = await storeWith(right);
    const keys = new PlannedKeys([wrong, 'none', right]);
    const { openedWith } = await openObject(encrypted, keys, encrypted.address('a.txt'));
    assert.equal(openedWith, right);
    const plain = await storeWith(undefined);
    const opened = await openObject(
      plain,
      new PlannedKeys([wrong, 'none']),
      plain.address('a.txt'),
    );
    assert.equal(opened.openedWith, 'none');
  });

  it('knows that an object is plain where the server takes keys for plain objects', async () => {
    const store = await storeWith(undefined, { takesKeysForPlainObjects: true });
    const { openedWith } = await openObject(
      store,
      new PlannedKeys([wrong]),
      store.address('a.txt'),
    );
    assert.equal(openedWith, 'none');
  });

  it('knows that an object is encrypted where the server omits the echo', async () => {
    const store = await storeWith(right, { omitsEcho: true });
    const { openedWith } = await openObject(
      store,
      new PlannedKeys([right]),
      store.address('a.txt'),
    );
    assert.equal(openedWith, right);
  });

  it('asks until a key fits, and remembers only that one', async () => {
    const store = await storeWith(right);
    const keys = new PlannedKeys(['none'], [wrong, right]);
    const { openedWith } = await openObject(store, keys, store.address('a.txt'));
    assert.equal(openedWith, right);
    assert.deepEqual(keys.questions, ['noneKnown', 'noneFits']);
    assert.deepEqual(keys.remembered, [{ key: 'a.txt', openedWith: right }]);
  });

  it('says whether the key was missing or wrong when the person gives up', async () => {
    const store = await storeWith(right);
    const address = store.address('a.txt');
    const missing = openObject(store, new PlannedKeys(['none'], [undefined]), address);
    await assert.rejects(missing, ofKind('customerKeyRequired'));
    const mismatch = openObject(store, new PlannedKeys(['none', wrong], [undefined]), address);
    await assert.rejects(mismatch, ofKind('customerKeyMismatch'));
  });

  it('does not ask if it may not', async () => {
    const store = await storeWith(right);
    const keys = new PlannedKeys(['none'], [right]);
    const opening = openObject(store, keys, store.address('a.txt'), { mayAsk: false });
    await assert.rejects(opening, ofKind('customerKeyRequired'));
    assert.deepEqual(keys.questions, []);
  });

  it('tries no further key after any other failure', async () => {
    for (const kind of ['forbidden', 'noSuchBucket', 'network', 'credentials'] as const) {
      const store = await storeWith(right);
      store.failures.push({ verb: 'get', error: new StoreError(kind, kind) });
      const keys = new PlannedKeys([wrong, right], [right]);
      await assert.rejects(openObject(store, keys, store.address('a.txt')), ofKind(kind));
      assert.equal(store.requests.length, 1);
      assert.deepEqual(keys.questions, []);
    }
    const store = await storeWith(right);
    const missing = openObject(store, new PlannedKeys([right]), store.address('b.txt'));
    await assert.rejects(missing, ofKind('notFound'));
  });

  it('says that the endpoint is insecure instead of asking for a key that cannot travel', async () => {
    const store = await storeWith(right);
    const error = new StoreError('insecureEndpoint', 'Use https.');
    store.failures.push({ verb: 'get', error });
    const keys = new PlannedKeys([right, 'none'], [right]);
    await assert.rejects(
      openObject(store, keys, store.address('a.txt')),
      ofKind('insecureEndpoint'),
    );
    assert.deepEqual(keys.questions, []);
  });

  it('lets the caller refuse by the headers, knowing the key already', async () => {
    const store = await storeWith(right);
    const keys = new PlannedKeys([right]);
    const opening = openObject(store, keys, store.address('a.txt'), {
      admit: ({ size }) => {
        throw new RangeError(String(size));
      },
    });
    await assert.rejects(opening, { name: 'RangeError', message: '8' });
    assert.equal(keys.remembered.length, 1);
  });

  it('refuses a body of another length than the headers say', async () => {
    const store = await storeWith(undefined);
    const get = store.get.bind(store);
    store.get = async (...parameters) => {
      const { info, body } = await get(...parameters);
      return { info: { ...info, size: info.size + 1 }, body };
    };
    const opening = openObject(store, new PlannedKeys(['none']), store.address('a.txt'));
    await assert.rejects(opening, ofKind('corrupted'));
  });
});

describe('inspectObject', () => {
  it('finds the key by HEAD', async () => {
    const store = await storeWith(right);
    const keys = new PlannedKeys(['none', right]);
    const { info, openedWith } = await inspectObject(store, keys, store.address('a.txt'));
    assert.equal(openedWith, right);
    assert.equal(info.size, 8);
    assert.deepEqual(store.requests, ['head a.txt', `head a.txt +${right.fingerprint}`]);
  });
});
