import { createHash } from 'node:crypto';
import { formatAddress } from '../core/address.ts';
import type { ObjectInfo } from '../core/objectStore.ts';
import { isStoreError, StoreError } from '../core/storeError.ts';
import { collectBody } from './body.ts';
import { findListed } from './findListed.ts';
import { withRetries } from './retry.ts';
import { collectSource, statedMd5, wrongContent } from './sourceBytes.ts';
import type { StreamTask } from './streamObject.ts';

/** Copies a small object: its bytes in memory, one GET, one PUT, and a HEAD that verifies. */
export async function streamWhole(task: StreamTask): Promise<ObjectInfo> {
  const { to, targetKey: customerKey, limits, signal, onProgress } = task;
  const { size } = task.from.info;
  return await limits.slots.run(async () => {
    const bytes = await readChecked(task);
    await limits.bandwidth.take(size, signal);
    const put = async (): Promise<void> => {
      const { condition, properties, tags } = task;
      const request = { customerKey, condition, properties, tags, signal };
      try {
        await to.store.put(to.address, bytes, request);
      } catch (error) {
        // An answer may have got lost, so that a retry met what it had written itself.
        const isMet = isStoreError(error, 'conflict', 'notFound') && (await holds(task, bytes));
        if (!isMet) throw error;
      }
    };
    await withRetries(put, task);
    onProgress?.(size);
    return await verified(task);
  }, signal);
}

async function readChecked(task: StreamTask): Promise<Uint8Array> {
  const { from, signal } = task;
  const expected = statedMd5(from.info);
  const read = (): Promise<Uint8Array> =>
    withRetries(() => collectSource(task, undefined, signal), task);
  const isRight = (bytes: Uint8Array): boolean =>
    expected === undefined || createHash('md5').update(bytes).digest('base64') === expected;
  const bytes = await read();
  if (isRight(bytes)) return bytes;
  // It may have been the way; the second time it is the object.
  const again = await read();
  if (isRight(again)) return again;
  throw wrongContent(from.info);
}

/** Whether the target is what was to be written: bytes, metadata and encryption. */
async function holds(task: StreamTask, bytes: Uint8Array): Promise<boolean> {
  const { to, targetKey: customerKey, properties, signal } = task;
  try {
    const listed = await findListed(to.store, to.address, signal);
    if (listed?.size !== bytes.length) return false;
    const read = { customerKey, ifMatch: listed.etag, signal };
    const { info, body } = await to.store.get(to.address, read);
    const found = await collectBody(body, info.size);
    const [wanted, has] = [properties, info.properties].map(({ metadata = {} }) => metadata);
    return (
      Buffer.compare(found, bytes) === 0 &&
      (info.encryption.type === 'customerKey') === (customerKey !== undefined) &&
      Object.entries(wanted ?? {}).every(([name, value]) => has?.[name] === value)
    );
  } catch {
    // It cannot be read with this key, or changed again: somebody else's in any case.
    return false;
  }
}

/**
 * The target as a HEAD with the customer key tells it. Some servers take a key for a plain object
 * or leave out the echo: then one without the key must be refused.
 *
 * @throws StoreError `corrupted`, `storedInPlaintext`
 */
async function verified(task: StreamTask): Promise<ObjectInfo> {
  const { to, targetKey: customerKey, signal } = task;
  const { store, address } = to;
  const { size } = task.from.info;
  const info = await withRetries(() => store.head(address, { customerKey, signal }), task);
  if (info.size !== size) {
    throw new StoreError(
      'corrupted',
      `${formatAddress(address)} has ${info.size} bytes after the copy instead of ${size}.`,
      address,
    );
  }
  if (customerKey === undefined) return info;
  const { encryption } = info;
  if (encryption.type === 'customerKey' && encryption.fingerprint === customerKey.fingerprint) {
    return info;
  }
  try {
    await store.head(address, { signal });
  } catch (error) {
    if (isStoreError(error, 'customerKeyRequired')) return info;
    throw error;
  }
  await store.delete(address);
  throw new StoreError(
    'storedInPlaintext',
    `${formatAddress(address)} was stored unencrypted in spite of the customer key; it was removed again.`,
    { ...address, fingerprint: customerKey.fingerprint },
  );
}
