import assert from 'node:assert/strict';
import { rejects } from './rejects.ts';
import { at, keyA, onEveryServer } from './subject.ts';

const any = { type: 'any' } as const;

onEveryServer('deleting', ({ buckets, open }) => {
  const { store, operations } = open();
  let bucket: string;
  before(async () => {
    bucket = await buckets.create();
    await store.headBucket(bucket);
  });

  async function write(keys: readonly string[]): Promise<void> {
    const waiting = keys.values();
    const worker = async (): Promise<void> => {
      for (const key of waiting) {
        await store.put(at(bucket, key), Buffer.from('x'), { customerKey: keyA, condition: any });
      }
    };
    await Promise.all(Array.from({ length: 16 }, worker));
  }

  async function left(): Promise<string[]> {
    const { objects } = await store.list({ bucket, prefix: '' });
    return objects.map(({ key }) => key);
  }

  it('deletes an encrypted object without its key, and what is not there', async () => {
    await write(['one']);
    operations();
    await store.delete(at(bucket, 'one'));
    await store.delete(at(bucket, 'one'));
    assert.deepEqual(operations(), ['DeleteObject', 'DeleteObject']);
    assert.deepEqual(await left(), []);
  });

  it('deletes more than a request takes', async () => {
    const keys = Array.from({ length: 1003 }, (_, index) => `many/${index}`);
    await write(keys);
    operations();
    assert.deepEqual(await store.deleteMany(bucket, keys), []);
    assert.deepEqual(operations(), ['DeleteObjects', 'DeleteObjects']);
    assert.deepEqual(await left(), []);
  }).timeout(120_000);

  it('deletes keys that XML cannot carry or changes', async () => {
    const keys = [
      'a&b<c>"d"',
      ' a ',
      'a\nb\r',
      'c\u0001',
      '\uffff',
      'e\u0085\u2028',
      '😀',
      '%2F',
      'dir/',
    ];
    await write(keys);
    assert.deepEqual((await left()).length, keys.length);
    assert.deepEqual(await store.deleteMany(bucket, keys), []);
    assert.deepEqual(await left(), []);
  });

  it('says which could not be deleted, and deletes the others', async () => {
    await write(['good', 'better']);
    const bad = 'n'.repeat(2000);
    const failures = await store.deleteMany(bucket, ['good', bad, 'better']);
    assert.deepEqual(await left(), []);
    assert.ok(failures.every(({ key }) => key === bad));
  });

  it('deletes nothing without keys, and names a missing bucket', async () => {
    operations();
    assert.deepEqual(await store.deleteMany(bucket, []), []);
    assert.deepEqual(operations(), []);
    const failures = await store.deleteMany(`${bucket}-not`, ['x']);
    for (const { error } of failures) await rejects(Promise.reject(error), 'noSuchBucket');
    assert.equal(failures.length, 1);
  });

  it('can be cancelled', async () => {
    const signal = AbortSignal.abort();
    await rejects(store.deleteMany(bucket, ['x'], signal), 'aborted');
    await rejects(store.delete(at(bucket, 'x'), { signal }), 'aborted');
  });
});
