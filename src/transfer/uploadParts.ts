import type { ObjectAddress } from '../core/address.ts';
import type { UploadedPart } from '../core/multipartStore.ts';
import type { ObjectInfo, ObjectStore } from '../core/objectStore.ts';
import { isStoreError } from '../core/storeError.ts';
import { beginUpload, resumeUpload, type BegunUpload } from './begunUpload.ts';
import { filePart } from './filePart.ts';
import type { LocalFile } from './localFile.ts';
import { allOrFirstFailure } from './parallel.ts';
import { partsOf } from './partPlan.ts';
import { withRetries } from './retry.ts';
import { TransferError } from './transferError.ts';
import { createLimits } from './transferLimits.ts';
import { UploadJournal } from './uploadJournal.ts';
import type { UploadedFile, UploadFileOptions } from './uploadOptions.ts';

/**
 * Uploads a file in parts: goes on with an upload that was interrupted, or begins one, and completes
 * it only if the file is still what it was.
 */
export async function uploadInParts(
  store: ObjectStore,
  file: LocalFile,
  address: ObjectAddress,
  options: UploadFileOptions,
): Promise<UploadedFile> {
  const journal = new UploadJournal(options.journal, address, file.path);
  const record = await journal.read();
  const resumed = record && (await resumeUpload(store, file, address, options, record));
  if (resumed !== undefined && !('parts' in resumed)) {
    await journal.remove();
    return uploaded(file, resumed, record?.md5);
  }
  const begun = resumed ?? (await beginUpload(store, file, address, options, journal));
  try {
    await sendParts(store, file, begun, options);
    await file.ensureUnchanged();
    const info = await complete(store, begun, options);
    await journal.remove();
    return uploaded(file, info, begun.record.md5);
  } catch (error) {
    await settle(store, journal, begun, options, error);
    throw error;
  }
}

function uploaded(file: LocalFile, info: ObjectInfo, md5: string | undefined): UploadedFile {
  const { etag, versionId, size } = info;
  return { etag, versionId, size, md5, mtimeNs: file.stats.mtimeNs };
}

/** Sends the parts that the server doesn't have, several at a time. */
async function sendParts(
  store: ObjectStore,
  file: LocalFile,
  { record, plan, parts }: BegunUpload,
  options: UploadFileOptions,
): Promise<void> {
  const { customerKey, limits = createLimits(), patience } = options;
  const { slots, bandwidth } = limits;
  const total = plan.size;
  const sent = new Map<number, number>();
  for (const { partNumber, size } of parts.values()) sent.set(partNumber, size);
  let across = [...sent.values()].reduce((sum, size) => sum + size, 0);
  const note = (number: number, bytes: number): void => {
    across += bytes - (sent.get(number) ?? 0);
    sent.set(number, bytes);
    options.onProgress?.({ bytes: across, total });
  };
  const missing = [...partsOf(plan)].filter(({ number }) => !parts.has(number)).values();
  const worker = async (signal: AbortSignal): Promise<void> => {
    for (const part of missing) {
      const { number } = part;
      const value = record.digests[number - 1];
      const digest = value === undefined ? undefined : { algorithm: record.upload.digest, value };
      const onSent = (bytes: number): void => {
        note(number, bytes);
      };
      const source = filePart(file, part, { bandwidth, signal, digest, onSent });
      const attempt = (): Promise<UploadedPart> =>
        slots.run(
          () => store.multipart.uploadPart(record.upload, number, source, { customerKey, signal }),
          signal,
        );
      parts.set(number, await withRetries(attempt, { patience, signal }));
    }
  };
  try {
    await allOrFirstFailure(slots.count, worker, options.signal);
  } catch (error) {
    // The store wraps what reading the file threw.
    if (isStoreError(error) && error.cause instanceof TransferError) throw error.cause;
    if (isStoreError(error, 'corrupted')) await file.ensureUnchanged();
    throw error;
  }
}

async function complete(
  store: ObjectStore,
  { record, properties, parts }: BegunUpload,
  options: UploadFileOptions,
): Promise<ObjectInfo> {
  const { customerKey, condition = { type: 'absent' }, tags, signal } = options;
  const all = [...parts.values()].sort((one, other) => one.partNumber - other.partNumber);
  const { metadata } = properties;
  return await withRetries(
    () =>
      store.multipart.complete(record.upload, all, {
        ...{ customerKey, condition, metadata, tags, signal },
      }),
    options,
  );
}

/** Keeps what can be gone on with; frees what can't. Never throws. */
async function settle(
  store: ObjectStore,
  journal: UploadJournal,
  { record }: BegunUpload,
  { signal, onAbort }: UploadFileOptions,
  error: unknown,
): Promise<void> {
  const isUseless =
    !journal.keeps ||
    (signal?.aborted === true && onAbort === 'discard') ||
    (error instanceof TransferError && error.reason === 'fileChanged') ||
    isStoreError(error, 'notFound', 'storedInPlaintext');
  if (!isUseless) return;
  await store.multipart.abort(record.upload).catch(() => undefined);
  await journal.remove().catch(() => undefined);
}
