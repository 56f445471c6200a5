import { formatAddress } from '../core/address.ts';
import { readObjectAttributes } from '../core/objectAttributes.ts';
import type { ObjectInfo } from '../core/objectStore.ts';
import { StoreError } from '../core/storeError.ts';
import { collectBody } from './body.ts';
import type { PlannedPart } from './partPlan.ts';
import type { StreamTask } from './streamObject.ts';

/**
 * The bytes of a copy's source, or of a part of it, as they arrive.
 *
 * @throws StoreError `conflict` if the source is not what it was any more
 */
export async function* sourceBytes(
  { from, sourceKey: customerKey, limits }: StreamTask,
  part: PlannedPart | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { address, versionId, etag: ifMatch } = from.info;
  const range = part && { first: part.offset, last: part.offset + part.length - 1 };
  const read = { customerKey, versionId, ifMatch, range, signal };
  const { body } = await from.store.get(address, read);
  for await (const chunk of body) {
    await limits.bandwidth.take(chunk.length, signal);
    yield chunk;
  }
}

/** The same in memory. @throws StoreError `corrupted` if there are more or fewer bytes */
export async function collectSource(
  task: StreamTask,
  part: PlannedPart | undefined,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const size = part === undefined ? task.from.info.size : part.length;
  return await collectBody(sourceBytes(task, part, signal), size);
}

/** The MD5 that the bytes of an object have, as its metadata says; undefined if it says none. */
export function statedMd5({ properties }: ObjectInfo): string | undefined {
  const { md5, gpgEncrypted } = readObjectAttributes(properties.metadata);
  // s3cmd states that of the decrypted content.
  return gpgEncrypted ? undefined : md5;
}

/** The source arrived otherwise than its writer said, so that it is not spread any further. */
export function wrongContent({ address }: ObjectInfo): StoreError {
  return new StoreError(
    'corrupted',
    `${formatAddress(address)} does not have the MD5 that its metadata states. Nothing was copied. Open it to see whether it is what it should be, and save it.`,
    address,
  );
}
