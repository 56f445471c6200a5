import assert from 'node:assert/strict';
import { CustomerKey } from '../../../src/core/customerKey.ts';
import type { OpenedWith } from '../../../src/core/keyAccess.ts';
import type { ObjectProperties } from '../../../src/core/objectStore.ts';
import { isStoreError } from '../../../src/core/storeError.ts';
import { copyObject } from '../../../src/transfer/copyObject.ts';
import { MemoryStore, type Oddities } from '../doubles/memoryStore.ts';
import { memoryStores } from '../doubles/memoryStores.ts';
import { PlannedKeys } from '../doubles/plannedKeys.ts';

const secret = CustomerKey.generate();
const other = CustomerKey.generate();
const content = new TextEncoder().encode('confidential');
const tags = { project: 'x' };
const properties: ObjectProperties = {
  contentType: 'text/x-strange',
  cacheControl: 'max-age=1',
  storageClass: 'STANDARD_IA',
  metadata: { mtime: '1.5', owner: 'me' },
};

interface Scene {
  readonly from: MemoryStore;
  readonly to: MemoryStore;
  readonly keys: PlannedKeys;
  readonly context: Parameters<typeof copyObject>[0];
}

/** A source `a.txt`, and a second connection. */
async function scene(openedWith: OpenedWith = secret, targetOddities?: Oddities): Promise<Scene> {
  const from = new MemoryStore({ name: 'here' }, 'bucket', 'second');
  const to = new MemoryStore({ ...targetOddities, name: 'there' });
  const keys = new PlannedKeys([other, openedWith]);
  const customerKey = openedWith === 'none' ? undefined : openedWith;
  const written = { customerKey, condition: { type: 'any' }, properties, tags } as const;
  await from.put(from.address('a.txt'), content, written);
  from.requests.length = 0;
  return { from, to, keys, context: { stores: memoryStores(from, to), keys } };
}

/** A second connection to the same server by another host name. */
function underAnotherName(store: MemoryStore): MemoryStore {
  const names = { connection: 'alias', host: 'alias.example' };
  return new Proxy(store, {
    get: (target, name) => {
      if (name in names) return names[name as keyof typeof names];
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

describe('copyObject', () => {
  it('keeps key, properties and tags within a connection', async () => {
    const { from, keys, context } = await scene();
    const target = from.address('b.txt', 'second');
    const copied = await copyObject(context, from.address('a.txt'), target);
    const stored = from.stored('b.txt', 'second');
    assert.deepEqual(stored?.bytes, content);
    assert.equal(stored.fingerprint, secret.fingerprint);
    assert.deepEqual(stored.properties, properties);
    assert.deepEqual(stored.tags, tags);
    assert.equal(copied.source.etag, from.stored('a.txt')?.etag);
    assert.equal(copied.droppedStorageClass, undefined);
    assert.equal(keys.known(target), secret.fingerprint);
  });

  it('keeps key, properties and tags between connections, and verifies by HEAD', async () => {
    const { from, to, context } = await scene();
    const target = to.address('b.txt');
    const copied = await copyObject(context, from.address('a.txt'), target);
    const stored = to.stored('b.txt');
    assert.deepEqual(stored?.bytes, content);
    assert.equal(stored.fingerprint, secret.fingerprint);
    assert.deepEqual(stored.tags, tags);
    // Storage classes are the server's own.
    assert.deepEqual(stored.properties, { ...properties, storageClass: undefined });
    const key = `+${secret.fingerprint}`;
    assert.deepEqual(to.requests, [`put b.txt ${key}`, `head b.txt ${key}`]);
    assert.equal(copied.method, 'streamed');
    assert.equal(copied.droppedStorageClass, 'STANDARD_IA');
  });

  it('leaves a plain object plain, and encrypts it if asked to', async () => {
    const { from, context } = await scene('none');
    await copyObject(context, from.address('a.txt'), from.address('plain.txt'));
    assert.equal(from.stored('plain.txt')?.fingerprint, undefined);
    const targetKey = other;
    const options = { targetKey };
    await copyObject(context, from.address('a.txt'), from.address('encrypted.txt'), options);
    assert.equal(from.stored('encrypted.txt')?.fingerprint, other.fingerprint);
  });

  it('encrypts by rule if asked to', async () => {
    const { from, to, keys, context } = await scene();
    keys.forNew = other;
    await copyObject(context, from.address('a.txt'), to.address('b.txt'), { targetKey: 'byRule' });
    assert.equal(to.stored('b.txt')?.fingerprint, other.fingerprint);
  });

  it('stores nothing without its customer key, unless told so', async () => {
    const { from, to, keys, context } = await scene();
    keys.forNew = 'none';
    for (const target of [from.address('b.txt'), to.address('b.txt')]) {
      for (const targetKey of ['none', 'byRule'] as const) {
        const copying = copyObject(context, from.address('a.txt'), target, { targetKey });
        await assert.rejects(copying, (error) => isStoreError(error, 'invalid'));
      }
      const options = { targetKey: 'none', mayDecrypt: true } as const;
      await copyObject(context, from.address('a.txt'), target, options);
    }
    assert.deepEqual(to.stored('b.txt')?.bytes, content);
    assert.equal(to.stored('b.txt')?.fingerprint, undefined);
    assert.equal(from.stored('b.txt')?.fingerprint, undefined);
  });

  it('refuses an existing target unless told otherwise', async () => {
    const { from, to, context } = await scene();
    for (const target of [from.address('b.txt'), to.address('b.txt')]) {
      const store = await context.stores.get(target.connection);
      await store.put(target, new Uint8Array(1), { condition: { type: 'any' } });
      await assert.rejects(copyObject(context, from.address('a.txt'), target), (error) =>
        isStoreError(error, 'conflict'),
      );
      await copyObject(context, from.address('a.txt'), target, { condition: { type: 'any' } });
    }
    assert.deepEqual(from.stored('b.txt')?.bytes, content);
    assert.deepEqual(to.stored('b.txt')?.bytes, content);
  });

  it('refuses to copy an object onto itself, also by another name of the server', async () => {
    const { from, context, keys } = await scene('none');
    const same = from.address('a.txt');
    await assert.rejects(copyObject(context, same, same, { condition: { type: 'any' } }), (error) =>
      isStoreError(error, 'invalid'),
    );
    const alias = underAnotherName(from);
    const aliased = { stores: memoryStores(from, alias), keys };
    const target = { ...same, connection: 'alias' };
    await assert.rejects(
      copyObject(aliased, same, target, { condition: { type: 'any' } }),
      (error) => isStoreError(error, 'invalid'),
    );
  });

  it('sends no key to a host that it is not bound to', async () => {
    const { from, to, keys, context } = await scene();
    keys.unbound.add(`${secret.fingerprint} ${to.host}`);
    await assert.rejects(copyObject(context, from.address('a.txt'), to.address('b.txt')), (error) =>
      isStoreError(error, 'keyNotBound'),
    );
    assert.deepEqual(to.requests, []);
  });

  it('asks for the key of the source if none fits, unless it may not', async () => {
    const { from, keys, context } = await scene();
    keys.candidatesToYield = [other];
    const [source, target] = [from.address('a.txt'), from.address('b.txt')];
    await assert.rejects(copyObject(context, source, target, { mayAsk: false }), (error) =>
      isStoreError(error, 'customerKeyMismatch'),
    );
    assert.deepEqual(keys.questions, []);
    keys.answers = [secret];
    await copyObject(context, source, target);
    assert.deepEqual(keys.questions, ['noneFits']);
  });

  it('removes a target that another server stored unencrypted', async () => {
    const { from, to, context } = await scene(secret, { takesKeysForPlainObjects: true });
    const put = to.put.bind(to);
    to.put = (address, body, options) => put(address, body, { ...options, customerKey: undefined });
    await assert.rejects(copyObject(context, from.address('a.txt'), to.address('b.txt')), (error) =>
      isStoreError(error, 'storedInPlaintext'),
    );
    assert.equal(to.stored('b.txt'), undefined);
    assert.notEqual(from.stored('a.txt'), undefined);
  });
});
