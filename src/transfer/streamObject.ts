import { formatAddress, type ObjectAddress } from '../core/address.ts';
import type {
  CopyOptions,
  CopyResult,
  ObjectBody,
  ObjectInfo,
  ObjectProperties,
  ObjectStore,
} from '../core/objectStore.ts';
import { isStoreError, StoreError } from '../core/storeError.ts';
import { discardBody } from './body.ts';

/** What one PutObject takes, in bytes. */
const maxPutSize = 5 * 1024 ** 3;

export interface StreamSource {
  readonly store: ObjectStore;
  /** The object as it was found; another state of it is not copied. */
  readonly info: ObjectInfo;
}

export interface StreamTarget {
  readonly store: ObjectStore;
  readonly address: ObjectAddress;
}

/**
 * Copies an object between two stores through this client, with its properties and tags, in
 * constant memory. Nothing of the source is guessed: a source that changed meanwhile is a
 * `conflict`. The target is verified by HEAD.
 */
export async function streamObject(
  from: StreamSource,
  to: StreamTarget,
  options: CopyOptions,
): Promise<CopyResult> {
  const { info } = from;
  const { sourceKey, targetKey: customerKey, condition, signal } = options;
  if (info.size > maxPutSize) {
    throw new StoreError(
      'unsupported',
      `${formatAddress(info.address)} is larger than 5 GiB: it cannot be copied to another connection in one request.`,
      to.address,
    );
  }
  const { versionId, etag: ifMatch } = info;
  const read = { customerKey: sourceKey, versionId, ifMatch, signal };
  const tags =
    info.tagCount === 0 ? undefined : await from.store.getTags(info.address, { versionId, signal });
  const { body } = await from.store.get(info.address, read);
  const streamed: ObjectBody = { size: info.size, stream: counted(body, options.onProgress) };
  const properties = options.properties ?? propertiesElsewhere(from, to);
  const put = { customerKey, condition, properties, tags, signal };
  try {
    await to.store.put(to.address, streamed, put);
  } catch (error) {
    await discardBody(body);
    throw error;
  }
  const copied = await verified(to, info.size, options);
  return { info: copied, source: info, method: 'streamed' };
}

/** Storage classes are the server's own: another server may refuse the name. */
function propertiesElsewhere({ store, info }: StreamSource, to: StreamTarget): ObjectProperties {
  if (store.host === to.store.host) return info.properties;
  return { ...info.properties, storageClass: undefined };
}

async function* counted(
  body: AsyncIterable<Uint8Array>,
  onProgress: CopyOptions['onProgress'],
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    yield chunk;
    onProgress?.(bytes);
  }
}

/**
 * The target as a HEAD with the customer key tells it. Some servers take a key for a plain object
 * or leave out the echo: then one without the key must be refused.
 *
 * @throws StoreError `corrupted`, `storedInPlaintext`
 */
async function verified(
  { store, address }: StreamTarget,
  size: number,
  { targetKey: customerKey, signal }: CopyOptions,
): Promise<ObjectInfo> {
  const info = await store.head(address, { customerKey, signal });
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
