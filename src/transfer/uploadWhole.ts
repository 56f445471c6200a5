import { createHash } from 'node:crypto';
import type { ObjectAddress } from '../core/address.ts';
import type { ObjectProperties, ObjectStore, PutResult } from '../core/objectStore.ts';
import { isStoreError } from '../core/storeError.ts';
import type { LocalFile } from './localFile.ts';
import { throwIfAborted } from './pause.ts';
import { isTransient, withRetries } from './retry.ts';
import { createLimits } from './transferLimits.ts';
import { describeFile, isAsDescribed } from './uploadDescription.ts';
import type { UploadedFile, UploadFileOptions } from './uploadOptions.ts';

/** How much is hashed at a time, so that others get their turn in between. */
const hashedAtOnce = 1024 * 1024;

/** Uploads a small file: its bytes in memory, one PUT. */
export async function uploadWhole(
  store: ObjectStore,
  file: LocalFile,
  address: ObjectAddress,
  options: UploadFileOptions,
): Promise<UploadedFile> {
  const { signal, limits = createLimits(), onProgress } = options;
  const { size: total } = file.identity;
  return await limits.slots.run(async () => {
    const { bytes, md5 } = await readWhole(file, options.md5 !== false, signal);
    await file.ensureUnchanged();
    const properties = await describeFile(file, address.key, options, md5);
    await limits.bandwidth.take(total, signal);
    const { etag, versionId, size } = await put(store, address, bytes, properties, options);
    onProgress?.({ bytes: size, total });
    return { etag, versionId, size, md5, mtimeNs: file.stats.mtimeNs };
  }, signal);
}

async function readWhole(
  file: LocalFile,
  hashed: boolean,
  signal: AbortSignal | undefined,
): Promise<{ bytes: Uint8Array; md5: string | undefined }> {
  const bytes = Buffer.allocUnsafeSlow(file.identity.size);
  const hash = hashed ? createHash('md5') : undefined;
  for (let at = 0; at < bytes.length; at += hashedAtOnce) {
    throwIfAborted(signal);
    const piece = bytes.subarray(at, at + hashedAtOnce);
    await file.readFully(piece, at);
    hash?.update(piece);
  }
  return { bytes, md5: hash?.digest('base64') };
}

async function put(
  store: ObjectStore,
  address: ObjectAddress,
  bytes: Uint8Array,
  properties: ObjectProperties,
  options: UploadFileOptions,
): Promise<PutResult> {
  const { customerKey, condition = { type: 'absent' }, tags, patience, signal } = options;
  const request = { customerKey, condition, properties, tags, signal };
  let lost = false;
  const attempt = async (): Promise<PutResult> => {
    try {
      return await store.put(address, bytes, request);
    } catch (error) {
      const met = lost && isStoreError(error, 'conflict', 'notFound');
      lost ||= isTransient(error);
      if (!met) throw error;
      // An attempt before may have arrived without an answer, and this one met it.
      const info = await store.head(address, { customerKey, signal }).catch(() => undefined);
      if (info === undefined || !isAsDescribed(info, bytes.length, properties)) throw error;
      return { etag: info.etag, versionId: info.versionId, size: info.size };
    }
  };
  return await withRetries(attempt, { patience, signal });
}
