import assert from 'node:assert/strict';
import { StoreError } from '../../../src/core/storeError.ts';
import type { ListPage, ListRequest } from '../../../src/core/objectStore.ts';
import { listRemote } from '../../../src/transfer/sync/listRemote.ts';

/** Pages by continuation token; an error is thrown. */
function storeOf(pages: Record<string, ListPage | Error>): {
  readonly requests: ListRequest[];
  list(request: ListRequest): Promise<ListPage>;
} {
  const requests: ListRequest[] = [];
  return {
    requests,
    list(request) {
      requests.push(request);
      const page = pages[request.continuationToken ?? ''] ?? new Error('No such page.');
      return page instanceof Error ? Promise.reject(page) : Promise.resolve(page);
    },
  };
}

function page(keys: readonly string[], continuationToken?: string): ListPage {
  const lastModified = new Date(1_500);
  const objects = keys.map((key) => ({ key, size: key.length, etag: `e-${key}`, lastModified }));
  return { objects, prefixes: [], continuationToken };
}

describe('listRemote', () => {
  it('lists all pages, also empty ones, relative to the prefix', async () => {
    const store = storeOf({
      '': page(['p/', 'p/a'], 'two'),
      two: page([], 'three'),
      three: page(['p/b//c', 'p/d/']),
    });
    const entries = [];
    for await (const entry of listRemote(store, { bucket: 'b', prefix: 'p/' })) entries.push(entry);
    assert.deepEqual(entries[0], {
      type: 'object',
      path: 'a',
      size: 3,
      etag: 'e-p/a',
      lastModified: 1_500,
    });
    assert.deepEqual(
      entries.map(({ path }) => path),
      ['a', 'b//c', 'd/'],
    );
    assert.equal(store.requests.length, 3);
    assert.ok(store.requests.every(({ bucket, prefix }) => bucket === 'b' && prefix === 'p/'));
  });

  it('asks for one page ahead and no more', async () => {
    const store = storeOf({
      '': page(['a'], 'two'),
      two: page(['b'], 'three'),
      three: page(['c']),
    });
    for await (const { path } of listRemote(store, { bucket: 'b', prefix: '' })) {
      assert.equal(path, 'a');
      assert.equal(store.requests.length, 2);
      break;
    }
    assert.equal(store.requests.length, 2);
  });

  it('fails where a page fails, and only there', async () => {
    const store = storeOf({ '': page(['a'], 'two'), two: new StoreError('network', 'Cut off.') });
    const paths: string[] = [];
    await assert.rejects(async () => {
      for await (const { path } of listRemote(store, { bucket: 'b', prefix: '' })) paths.push(path);
    }, StoreError);
    assert.deepEqual(paths, ['a']);
  });

  it('refuses a prefix in the middle of a name', async () => {
    const store = storeOf({});
    await assert.rejects(listRemote(store, { bucket: 'b', prefix: 'p' }).next(), RangeError);
  });
});
