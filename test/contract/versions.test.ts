import assert from 'node:assert/strict';
import type { ListedVersion, ObjectStore } from '../../src/core/objectStore.ts';
import { rejects } from './rejects.ts';
import { at, keyA, keyB, onEveryServer, readText } from './subject.ts';

const any = { type: 'any' } as const;

onEveryServer('versions', ({ buckets, open }) => {
  const { store } = open();
  let bucket: string;
  before(async () => {
    bucket = await buckets.create({ versioned: true });
  });

  it('reads each version with its own key', async () => {
    const address = at(bucket, 'v');
    const written = [keyA, keyB, undefined].map((customerKey, index) => ({
      ...{ customerKey, text: `version ${index}`, versionId: '' },
    }));
    for (const each of written) {
      const { customerKey, text } = each;
      const options = { customerKey, condition: any };
      const { versionId } = await store.put(address, Buffer.from(text), options);
      assert.ok(versionId);
      each.versionId = versionId;
    }
    assert.equal(await readText(store, address), 'version 2');
    for (const { customerKey, text, versionId } of written) {
      const info = await store.head(address, { customerKey, versionId });
      assert.equal(info.versionId, versionId);
      assert.equal(await readText(store, address, { customerKey, versionId }), text);
      if (customerKey === undefined) continue;
      await rejects(store.get(address, { versionId }), 'customerKeyRequired');
      const other = customerKey === keyA ? keyB : keyA;
      await rejects(store.get(address, { customerKey: other, versionId }), 'customerKeyMismatch');
    }
    const listed = await versionsOf(store, bucket, 'v');
    assert.deepEqual(
      listed.map(({ versionId }) => versionId),
      written.map(({ versionId }) => versionId).reverse(),
    );
    assert.deepEqual(
      listed.map(({ isLatest }) => isLatest),
      [true, false, false],
    );
    assert.ok(listed.every(({ size, isDeleteMarker }) => size === 9 && !isDeleteMarker));
  });

  it('deletes by a marker, and one version for good', async () => {
    const address = at(bucket, 'd');
    const options = { customerKey: keyA, condition: any };
    const first = await store.put(address, Buffer.from('1'), options);
    await store.put(address, Buffer.from('2'), options);
    await store.delete(address);
    await rejects(store.head(address, { customerKey: keyA }), 'notFound');
    const [marker, second, oldest] = await versionsOf(store, bucket, 'd');
    assert.equal(marker?.isDeleteMarker, true);
    assert.equal(marker.isLatest, true);
    assert.equal(oldest?.versionId, first.versionId);
    const { versionId } = marker;
    await rejects(store.get(address, { customerKey: keyA, versionId }), 'notFound');

    await store.delete(address, { versionId });
    assert.equal(await readText(store, address, { customerKey: keyA }), '2');
    await store.delete(address, { versionId: second?.versionId });
    assert.equal(await readText(store, address, { customerKey: keyA }), '1');
  });

  it('copies an older version, and names the new one', async () => {
    const source = at(bucket, 's');
    const first = await store.put(source, Buffer.from('1'), { customerKey: keyA, condition: any });
    await store.put(source, Buffer.from('2'), { customerKey: keyB, condition: any });
    const options = { sourceKey: keyA, sourceVersionId: first.versionId, condition: any };
    for (const targetKey of [keyA, keyB, undefined]) {
      const target = at(bucket, 'copied');
      const { info } = await store.copy(source, target, { ...options, targetKey });
      assert.equal(await readText(store, target, { customerKey: targetKey }), '1');
      const [latest] = await versionsOf(store, bucket, 'copied');
      assert.equal(info.versionId, latest?.versionId);
    }
    // Onto itself: what an undo of a change is.
    await store.copy(source, source, { ...options, targetKey: keyA });
    assert.equal(await readText(store, source, { customerKey: keyA }), '1');
  });

  it('tells a version that is not there', async () => {
    const address = at(bucket, 'v');
    for (const versionId of ['6c1b5b1e-6b1e-4b1e-8b1e-6b1e4b1e8b1e', 'nonsense']) {
      await rejects(store.get(address, { versionId }), 'notFound');
      await rejects(store.head(address, { customerKey: keyA, versionId }), 'notFound');
    }
  });

  it('lists the versions of odd keys, page by page, newest first for each key', async () => {
    const own = await buckets.create({ versioned: true });
    const keys = ['a b+c%2F?', 'c\u0001', 'ä', '😀'];
    const waiting = Array.from({ length: 1010 }, (_, index) => keys[index % keys.length]).values();
    const worker = async (): Promise<void> => {
      for (const key of waiting) {
        await store.put(at(own, key ?? ''), Buffer.from('x'), { condition: any });
      }
    };
    await Promise.all(Array.from({ length: 16 }, worker));
    const listed = await versionsOf(store, own, '');
    assert.equal(listed.length, 1010);
    assert.deepEqual([...new Set(listed.map(({ key }) => key))], keys);
    assert.equal(new Set(listed.map(({ versionId }) => versionId)).size, 1010);
    for (const key of keys) {
      const [first, ...rest] = listed.filter((version) => version.key === key);
      assert.equal(first?.isLatest, true);
      assert.ok(rest.every(({ isLatest }) => !isLatest));
    }
  }).timeout(120_000);

  it('names no version where there are none', async () => {
    const own = await buckets.create();
    const put = await store.put(at(own, 'x'), Buffer.from('1'), { condition: any });
    assert.equal(put.versionId, undefined);
    assert.equal((await store.head(at(own, 'x'))).versionId, undefined);
    const [only] = await versionsOf(store, own, 'x');
    assert.equal(only?.versionId, 'null');
    assert.equal(await readText(store, at(own, 'x'), { versionId: 'null' }), '1');
  });
});

async function versionsOf(
  store: ObjectStore,
  bucket: string,
  prefix: string,
): Promise<ListedVersion[]> {
  const versions: ListedVersion[] = [];
  for await (const version of store.listVersions(bucket, prefix)) versions.push(version);
  return versions;
}
