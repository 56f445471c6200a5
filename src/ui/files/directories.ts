import * as vscode from 'vscode';
import type { PrefixAddress } from '../../core/address.ts';
import { entryName, toUriParts } from '../../core/objectUri.ts';
import type { ObjectStore } from '../../core/objectStore.ts';
import { isStoreError, StoreError } from '../../core/storeError.ts';
import type { TransferContext } from '../../transfer/transferContext.ts';

/**
 * What stands at one level below a prefix, all pages of it. The zero-byte marker of the directory
 * itself is not among it; a prefix beside an object of its name has a name of its own.
 *
 * @throws StoreError `notFound` if there is nothing (a bucket may be empty)
 */
export async function listDirectory(
  store: ObjectStore,
  { connection, bucket, prefix }: PrefixAddress,
): Promise<[name: string, type: vscode.FileType][]> {
  const files: string[] = [];
  const prefixes: string[] = [];
  let isThere = prefix === '';
  let continuationToken: string | undefined;
  do {
    const page = await store.list({ bucket, prefix, delimiter: '/', continuationToken });
    for (const { key, size } of page.objects) {
      isThere = true;
      if (key !== prefix || size > 0) files.push(key);
    }
    for (const each of page.prefixes) prefixes.push(each);
    continuationToken = page.continuationToken;
  } while (continuationToken !== undefined);
  if (!isThere && prefixes.length === 0) {
    const message = `There is nothing below ${bucket}/${prefix}.`;
    throw new StoreError('notFound', message, { connection, bucket, key: prefix });
  }
  const names = new Set(files);
  return [
    ...files.map((key): [string, vscode.FileType] => [entryName({ key }), vscode.FileType.File]),
    ...prefixes.map((each): [string, vscode.FileType] => [
      entryName({ prefix: each }, names.has(each.slice(0, -1))),
      vscode.FileType.Directory,
    ]),
  ];
}

/** The buckets of a connection, as directories. */
export async function listBucketDirectories(
  store: ObjectStore,
): Promise<[name: string, type: vscode.FileType][]> {
  const buckets = await store.listBuckets();
  return buckets.map(({ name: bucket }) => {
    const { path } = toUriParts({ connection: store.connection, bucket, prefix: '' });
    return [path.slice(1), vscode.FileType.Directory];
  });
}

/**
 * Makes a prefix that shows before anything is in it: by a zero-byte marker, as S3's own console
 * does. It is encrypted as any new object there. @returns undefined if there is one already
 */
export async function createMarker(
  { keys, stores }: TransferContext,
  { connection, bucket, prefix }: PrefixAddress,
): Promise<{ readonly etag: string } | undefined> {
  const address = { connection, bucket, key: prefix };
  const store = await stores.get(connection);
  const openedWith = await keys.forNewObject(address, store.host);
  let etag: string;
  try {
    ({ etag } = await store.put(address, new Uint8Array(), {
      customerKey: openedWith === 'none' ? undefined : openedWith,
      condition: { type: 'absent' },
      properties: { contentType: 'application/x-directory' },
    }));
  } catch (error) {
    if (isStoreError(error, 'conflict')) return undefined;
    throw error;
  }
  keys.remember(address, openedWith);
  return { etag };
}
