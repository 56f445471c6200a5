import assert from 'node:assert/strict';
import type { ListedObject, ListRequest, ObjectStore } from '../../src/core/objectStore.ts';
import { at, keyA, onEveryServer } from './subject.ts';

onEveryServer('listing', ({ buckets, open, raw }) => {
  const { store, operations } = open();
  let bucket: string;
  const keys = [
    ...Array.from({ length: 25 }, (_, index) => `many/${String(index).padStart(3, '0')}`),
    ...['a.txt', 'a/b', 'a/c/d', 'b/', 'b/x', 'z%2F', 'ä/1', 'ß'],
  ];
  before(async () => {
    bucket = await buckets.create();
    const customerKey = keyA.reveal();
    for (const key of keys) await raw.send({ method: 'PUT', bucket, key, body: key, customerKey });
  });

  it('lists a page in one request, without a customer key, in binary order', async () => {
    operations();
    const { objects, prefixes, continuationToken } = await store.list({ bucket, prefix: '' });
    assert.deepEqual(operations(), ['ListObjectsV2']);
    assert.deepEqual(prefixes, []);
    assert.equal(continuationToken, undefined);
    const sorted = [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    assert.deepEqual(
      objects.map(({ key }) => key),
      sorted,
    );
  });

  it('tells size, ETag and time of each object as a HEAD does', async () => {
    const { objects } = await store.list({ bucket, prefix: 'a.txt' });
    const listed = objects[0];
    assert.ok(listed);
    const info = await store.head(at(bucket, 'a.txt'), { customerKey: keyA });
    assert.equal(listed.size, info.size);
    assert.equal(listed.etag, info.etag);
    assert.ok(Math.abs(listed.lastModified.getTime() - info.lastModified.getTime()) < 1000);
  });

  it('groups by the delimiter', async () => {
    const { objects, prefixes } = await store.list({ bucket, prefix: '', delimiter: '/' });
    assert.deepEqual(
      objects.map(({ key }) => key),
      ['a.txt', 'z%2F', 'ß'],
    );
    assert.deepEqual(prefixes, ['a/', 'b/', 'many/', 'ä/']);
    const below = await store.list({ bucket, prefix: 'b/', delimiter: '/' });
    assert.deepEqual(
      below.objects.map(({ key }) => key),
      ['b/', 'b/x'],
    );
  });

  it('gives all of it page by page, each once, whatever the size of the pages', async () => {
    for (const maxKeys of [1, 2, 7, 1000]) {
      for (const delimiter of [undefined, '/'] as const) {
        const whole = await store.list({ bucket, prefix: '', delimiter });
        const request = { bucket, prefix: '', delimiter, maxKeys };
        const paged = await allPages(store, request);
        assert.deepEqual(paged, { objects: whole.objects, prefixes: whole.prefixes });
      }
    }
  });

  it('lists nothing below a prefix that is not there', async () => {
    const page = await store.list({ bucket, prefix: 'nothing/', delimiter: '/' });
    assert.deepEqual(page, { objects: [], prefixes: [], continuationToken: undefined });
  });
});

async function allPages(
  store: ObjectStore,
  request: ListRequest,
): Promise<{ objects: ListedObject[]; prefixes: string[] }> {
  const objects: ListedObject[] = [];
  const prefixes: string[] = [];
  let continuationToken: string | undefined;
  do {
    const page = await store.list({ ...request, continuationToken });
    assert.ok(page.objects.length + page.prefixes.length <= Math.max(request.maxKeys ?? 1000, 2));
    objects.push(...page.objects);
    prefixes.push(...page.prefixes);
    ({ continuationToken } = page);
  } while (continuationToken !== undefined);
  return { objects, prefixes };
}
