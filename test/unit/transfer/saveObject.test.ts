import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { CustomerKey } from '../../../src/core/customerKey.ts';
import type { OpenedWith } from '../../../src/core/keyAccess.ts';
import type { ObjectProperties, ObjectTags } from '../../../src/core/objectStore.ts';
import { StoreError } from '../../../src/core/storeError.ts';
import { openObject, type OpenedObject } from '../../../src/transfer/openObject.ts';
import {
  createObject,
  SaveConflict,
  saveObject,
  TagsUnreadable,
} from '../../../src/transfer/saveObject.ts';
import { MemoryStore, type Oddities } from '../doubles/memoryStore.ts';
import { PlannedKeys } from '../doubles/plannedKeys.ts';

const secret = CustomerKey.generate();
const any = { type: 'any' } as const;
const properties: ObjectProperties = {
  contentType: 'text/x-strange',
  cacheControl: 'max-age=1',
  contentDisposition: 'inline',
  contentEncoding: 'identity',
  contentLanguage: 'tlh',
  expires: 'soon',
  websiteRedirectLocation: '/elsewhere',
  storageClass: 'STANDARD_IA',
  metadata: { author: 'she', owner: 'me' },
};

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

async function opened(
  openedWith: OpenedWith = secret,
  tags: ObjectTags = {},
  oddities: Oddities = {},
): Promise<{ store: MemoryStore; keys: PlannedKeys; object: OpenedObject }> {
  const store = new MemoryStore(oddities);
  const keys = new PlannedKeys([openedWith]);
  const customerKey = openedWith === 'none' ? undefined : openedWith;
  const address = store.address('a.txt');
  await store.put(address, bytes('old'), { customerKey, condition: any, properties, tags });
  const object = await openObject(store, keys, address);
  store.requests.length = 0;
  return { store, keys, object };
}

async function conflictOf(saving: Promise<unknown>): Promise<SaveConflict> {
  try {
    await saving;
  } catch (error) {
    if (error instanceof SaveConflict) return error;
    throw error;
  }
  assert.fail('It was saved.');
}

describe('saveObject', () => {
  it('is one PUT with the key that the object was opened with, restating everything', async () => {
    const { store, keys, object } = await opened();
    const saved = await saveObject(store, keys, object, bytes('new'));
    assert.deepEqual(store.requests, [`put a.txt +${secret.fingerprint}`]);
    const stored = store.stored('a.txt');
    assert.equal(stored?.fingerprint, secret.fingerprint);
    assert.deepEqual(stored.properties, properties);
    assert.equal(saved.info.etag, stored.etag);
    await saveObject(store, keys, saved, bytes('newer'));
    assert.deepEqual(store.stored('a.txt')?.bytes, bytes('newer'));
  });

  it('tells rclone and s3cmd of the new content, not of the one before', async () => {
    const store = new MemoryStore();
    const keys = new PlannedKeys([secret]);
    const address = store.address('a.txt');
    const stale = 'd41d8cd98f00b204e9800998ecf8427e';
    const metadata = {
      ...{ mtime: '1.5', md5chksum: Buffer.from(stale, 'hex').toString('base64'), owner: 'me' },
      's3cmd-attrs': `atime:1/gname:root/md5:${stale}/mode:33188/mtime:1`,
    };
    await store.put(address, bytes(''), {
      ...{ customerKey: secret, condition: any, properties: { metadata } },
    });
    const before = Math.floor(Date.now() / 1000);
    await saveObject(store, keys, await openObject(store, keys, address), bytes('new'));
    const stored = store.stored('a.txt')?.properties.metadata ?? {};
    const md5 = createHash('md5').update('new').digest();
    assert.equal(stored['md5chksum'], md5.toString('base64'));
    assert.ok(Number(stored['mtime']) >= before, stored['mtime']);
    const mtime = Math.floor(Number(stored['mtime']));
    assert.equal(
      stored['s3cmd-attrs'],
      `atime:1/gname:root/md5:${md5.toString('hex')}/mode:33188/mtime:${mtime}`,
    );
    assert.equal(stored['owner'], 'me');
  });

  it('keeps a plain object plain', async () => {
    const { store, keys, object } = await opened('none');
    keys.forNew = secret;
    await saveObject(store, keys, object, bytes('new'));
    assert.equal(store.stored('a.txt')?.fingerprint, undefined);
  });

  it('restates the tags, also where the server does not say how many there are', async () => {
    for (const oddities of [{}, { hidesTagCount: true }]) {
      const { store, keys, object } = await opened(secret, { colour: 'red' }, oddities);
      const saved = await saveObject(store, keys, object, bytes('new'));
      assert.deepEqual(store.stored('a.txt')?.tags, { colour: 'red' });
      await saveObject(store, keys, saved, bytes('newer'));
      assert.deepEqual(store.stored('a.txt')?.tags, { colour: 'red' });
    }
  });

  it('does not drop tags that it may not read unless told so', async () => {
    const { store, keys, object } = await opened(secret, { colour: 'red' }, { forbidsTags: true });
    await assert.rejects(saveObject(store, keys, object, bytes('new')), TagsUnreadable);
    assert.deepEqual(store.stored('a.txt')?.bytes, bytes('old'));
    await saveObject(store, keys, object, bytes('new'), { dropUnreadableTags: true });
    assert.deepEqual(store.stored('a.txt')?.bytes, bytes('new'));
  });

  it('overwrites no change of somebody else, and tells what stands there', async () => {
    const { store, keys, object } = await opened();
    await store.put(object.info.address, bytes('theirs'), { customerKey: secret, condition: any });
    const conflict = await conflictOf(saveObject(store, keys, object, bytes('mine')));
    assert.equal(conflict.remote?.size, 6);
    assert.equal(conflict.remote.etag, store.stored('a.txt')?.etag);
    assert.deepEqual(store.stored('a.txt')?.bytes, bytes('theirs'));
  });

  it('sees that an object of the same length was changed', async () => {
    const { store, keys, object } = await opened();
    await store.put(object.info.address, bytes('hers'), { customerKey: secret, condition: any });
    await conflictOf(saveObject(store, keys, object, bytes('mine')));
    assert.deepEqual(store.stored('a.txt')?.bytes, bytes('hers'));
  });

  it('does not make a deleted object again', async () => {
    const { store, keys, object } = await opened();
    await store.delete(object.info.address);
    const conflict = await conflictOf(saveObject(store, keys, object, bytes('mine')));
    assert.equal(conflict.remote, undefined);
    assert.equal(store.stored('a.txt'), undefined);
  });

  it('takes its own PUT, whose answer got lost, for no conflict', async () => {
    const { store, keys, object } = await opened();
    const error = new StoreError('conflict', 'a retry met the first attempt');
    store.failures.push({ verb: 'put', error, after: true });
    const saved = await saveObject(store, keys, object, bytes('mine'));
    assert.equal(saved.info.etag, store.stored('a.txt')?.etag);
  });

  it("does not take somebody's plaintext of the same content for its own", async () => {
    const { store, keys, object } = await opened(secret, {}, { takesKeysForPlainObjects: true });
    await store.put(object.info.address, bytes('mine'), { condition: any });
    await conflictOf(saveObject(store, keys, object, bytes('mine')));
  });

  it('takes what a server says of the key of a conditional PUT for a conflict', async () => {
    for (const kind of ['customerKeyMismatch', 'customerKeyRequired', 'notEncrypted'] as const) {
      const { store, keys, object } = await opened();
      await store.put(object.info.address, bytes('theirs'), { condition: any });
      store.failures.push({ verb: 'put', error: new StoreError(kind, kind) });
      const conflict = await conflictOf(saveObject(store, keys, object, bytes('mine')));
      assert.equal(conflict.remote?.size, 6);
    }
  });

  it('encrypts otherwise than what stands there only if told so', async () => {
    for (const mayReencrypt of [false, true]) {
      const { store, keys, object } = await opened();
      const refused = new StoreError('customerKeyMismatch', 'MinIO compares by reading');
      store.failures.push({ verb: 'put', error: refused });
      const other = { ...object, openedWith: CustomerKey.generate() };
      const saving = saveObject(store, keys, other, bytes('mine'), { mayReencrypt });
      if (!mayReencrypt) await conflictOf(saving);
      else assert.equal((await saving).openedWith, other.openedWith);
      const expected = mayReencrypt ? 'mine' : 'old';
      assert.deepEqual(store.stored('a.txt')?.bytes, bytes(expected));
    }
  });

  it('lets every other failure through', async () => {
    const { store, keys, object } = await opened();
    store.failures.push({ verb: 'put', error: new StoreError('ssecBlocked', 'blocked') });
    const saving = saveObject(store, keys, object, bytes('mine'));
    await assert.rejects(saving, { kind: 'ssecBlocked' });
  });
});

describe('createObject', () => {
  it('encrypts as the rules say, with a content type by the name', async () => {
    const store = new MemoryStore();
    const keys = new PlannedKeys([]);
    keys.forNew = secret;
    await createObject(store, keys, store.address('b.json'), bytes('{}'));
    assert.equal(store.stored('b.json')?.fingerprint, secret.fingerprint);
    assert.equal(store.stored('b.json')?.properties.contentType, 'application/json');
    await createObject(store, keys, store.address('c.ts'), bytes(''));
    assert.equal(store.stored('c.ts')?.properties.contentType, undefined);
    assert.deepEqual(store.requests, [
      `put b.json +${secret.fingerprint}`,
      `put c.ts +${secret.fingerprint}`,
    ]);
  });

  it('is given what the rules say', async () => {
    const store = new MemoryStore();
    const keys = new PlannedKeys([]);
    const create = async (key: string, contentType?: string): Promise<void> => {
      const describeUpload = (): object => ({
        properties: { contentType, cacheControl: 'no-store', metadata: { a: '1' } },
        tags: { kind: 'x' },
      });
      await createObject(store, keys, store.address(key), bytes(''), { describeUpload });
    };
    await create('b.json');
    await create('c.json', 'text/x-own');
    const [b, c] = [store.stored('b.json'), store.stored('c.json')];
    assert.equal(b?.properties.contentType, 'application/json');
    assert.equal(b.properties.cacheControl, 'no-store');
    assert.deepEqual(b.properties.metadata, { a: '1' });
    assert.deepEqual(b.tags, { kind: 'x' });
    assert.equal(c?.properties.contentType, 'text/x-own');
  });

  it('overwrites nothing', async () => {
    const { store, keys, object } = await opened();
    const { address } = object.info;
    const conflict = await conflictOf(createObject(store, keys, address, bytes('mine')));
    assert.equal(conflict.remote?.etag, object.info.etag);
  });

  it('makes a deleted object again as it was', async () => {
    const { store, keys, object } = await opened();
    await store.delete(object.info.address);
    await createObject(store, keys, object.info.address, bytes('again'), {
      openedWith: object.openedWith,
      before: object,
    });
    assert.deepEqual(store.stored('a.txt')?.properties, properties);
    assert.equal(store.stored('a.txt')?.fingerprint, secret.fingerprint);
  });
});
