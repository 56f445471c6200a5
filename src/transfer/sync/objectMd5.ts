import { createHash } from 'node:crypto';
import { quietGpg } from '../../core/gpg.ts';
import { readObjectAttributes } from '../../core/objectAttributes.ts';
import type { ObjectInfo } from '../../core/objectStore.ts';
import { withFittingPassphrase } from '../gpgBytes.ts';
import { discardBody } from '../body.ts';
import type { OpenedObject } from '../openObject.ts';
import { withRetries } from '../retry.ts';
import { customerKeyOf, type RemotePrefix } from './remotePrefix.ts';
import type { SyncTask } from './syncTask.ts';

type Bytes = AsyncIterable<Uint8Array>;

/** Whether an object's bytes and size are not those of its content, because GPG encrypted it. */
export function isSealedObject({ properties }: ObjectInfo): boolean {
  return readObjectAttributes(properties.metadata).gpgEncrypted;
}

/**
 * The MD5 (base64) of an object's content: what rclone or s3cmd noted, else of all that is read of
 * it, decrypted where GPG encrypted it. It holds nothing of it in memory.
 *
 * @throws GpgError, StoreError `conflict` if it is not what was opened any more
 */
export async function md5OfObject(
  task: SyncTask,
  side: RemotePrefix,
  opened: OpenedObject,
): Promise<string> {
  const { context, limits, mayAsk, signal } = task;
  const { address, properties } = opened.info;
  const { md5, gpgEncrypted } = readObjectAttributes(properties.metadata);
  if (md5 !== undefined) return md5;
  const hashed = (contentOf: (body: Bytes) => Bytes): Promise<string> =>
    limits.slots.run(
      () => withRetries(() => hash(task, side, opened, contentOf), { signal }),
      signal,
    );
  const gpg = mayAsk ? context.gpg : quietGpg(context.gpg);
  if (!gpgEncrypted || gpg === undefined) return await hashed((body) => body);
  const cipher = await gpg.cipher();
  const { result } = await withFittingPassphrase(gpg, address, ({ secret }) =>
    hashed((body) => cipher.decrypt(body, secret)),
  );
  return result;
}

async function hash(
  { limits, signal }: SyncTask,
  { store }: RemotePrefix,
  { info, openedWith }: OpenedObject,
  contentOf: (body: Bytes) => Bytes,
): Promise<string> {
  const { address, etag: ifMatch } = info;
  const customerKey = customerKeyOf(openedWith);
  const { body } = await store.get(address, { customerKey, ifMatch, signal });
  const slowly = async function* (): AsyncGenerator<Uint8Array, void> {
    for await (const chunk of body) {
      await limits.bandwidth.take(chunk.length, signal);
      yield chunk;
    }
  };
  const md5 = createHash('md5');
  try {
    for await (const chunk of contentOf(slowly())) md5.update(chunk);
  } catch (error) {
    // A passphrase that does not fit leaves the rest of it unread.
    await discardBody(body);
    throw error;
  }
  return md5.digest('base64');
}
