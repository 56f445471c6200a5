import type { ObjectAddress } from '../core/address.ts';
import type { PartDigest, UploadedPart } from '../core/multipartStore.ts';
import type { ObjectInfo, ObjectProperties, ObjectStore } from '../core/objectStore.ts';
import { isStoreError } from '../core/storeError.ts';
import { ensureExpected } from './expectedObject.ts';
import { FileHash } from './fileHash.ts';
import { isSameIdentity, type LocalFile } from './localFile.ts';
import { partAt, planParts, type PartPlan } from './partPlan.ts';
import { aborted, throwIfAborted } from './pause.ts';
import { withRetries } from './retry.ts';
import { describeFile, isAsDescribed } from './uploadDescription.ts';
import { describe, type UploadJournal, type UploadRecord } from './uploadJournal.ts';
import type { UploadFileOptions } from './uploadOptions.ts';

/** An upload on its way: what was noted of it, and what the server has already. */
export interface BegunUpload {
  readonly record: UploadRecord;
  readonly properties: ObjectProperties;
  readonly plan: PartPlan;
  readonly parts: Map<number, UploadedPart>;
}

/**
 * Goes on with an upload that was noted, if it is of the same file, to the same place, in the same
 * way.
 *
 * @returns the finished object, if only its answer was lost; undefined if it has to start over
 */
export async function resumeUpload(
  store: ObjectStore,
  file: LocalFile,
  address: ObjectAddress,
  options: UploadFileOptions,
  record: UploadRecord,
): Promise<BegunUpload | ObjectInfo | undefined> {
  const { customerKey, tags, signal } = options;
  const { upload, md5 } = record;
  const properties = await describeFile(file, address.key, options, md5);
  const plan = planParts(file.identity.size, record.partSize);
  const same =
    isSameIdentity(record.file, file.identity) &&
    record.host === store.host &&
    record.fingerprint === customerKey?.fingerprint &&
    record.description === describe(properties, tags) &&
    (md5 !== undefined) === (options.md5 !== false) &&
    plan.partSize === record.partSize;
  if (!same) {
    await store.multipart.abort(upload, signal).catch(() => undefined);
    return undefined;
  }
  try {
    const listed = await withRetries(
      () => store.multipart.listParts(upload, { customerKey, signal }),
      options,
    );
    const parts = listed.filter((part) => isWhole(part, plan, record));
    return {
      ...{ record, properties, plan },
      parts: new Map(parts.map((part) => [part.partNumber, part])),
    };
  } catch (error) {
    if (!isStoreError(error, 'notFound')) throw error;
    const info = await store.head(address, { customerKey, signal }).catch(() => undefined);
    return info && isAsDescribed(info, plan.size, properties) ? info : undefined;
  }
}

/** Whether a part that the server has is the one that would be sent. */
function isWhole(
  { partNumber, size, crc32 }: UploadedPart,
  plan: PartPlan,
  record: UploadRecord,
): boolean {
  if (partNumber > plan.count || size !== partAt(plan, partNumber).length) return false;
  const expected = record.upload.digest === 'crc32' ? record.digests[partNumber - 1] : undefined;
  return crc32 === undefined || expected === undefined || crc32 === expected;
}

/** Hashes the file (its MD5 has to be known when the upload is begun), begins and notes it. */
export async function beginUpload(
  store: ObjectStore,
  file: LocalFile,
  address: ObjectAddress,
  options: UploadFileOptions,
  journal: UploadJournal,
): Promise<BegunUpload> {
  const { customerKey, condition = { type: 'absent' }, tags, signal } = options;
  const { multipart } = store;
  // Before all the work, not only at its end.
  await withRetries(() => ensureExpected(store, address, condition, signal), options);
  const plan = planParts(file.identity.size, options.partSize);
  const hashed =
    options.md5 === false ? undefined : await hash(file, plan, multipart.partDigest(), signal);
  await file.ensureUnchanged();
  const properties = await describeFile(file, address.key, options, hashed?.md5);
  const upload = await withRetries(
    () => multipart.create(address, { customerKey, properties, tags, signal }),
    options,
  );
  const record: UploadRecord = {
    ...{ version: 1, host: store.host, path: file.path, file: file.identity, upload },
    ...{ fingerprint: customerKey?.fingerprint, partSize: plan.partSize, md5: hashed?.md5 },
    description: describe(properties, tags),
    digests: upload.digest === multipart.partDigest() ? (hashed?.digests ?? []) : [],
  };
  const begun = { record, properties, plan, parts: new Map<number, UploadedPart>() };
  try {
    await journal.write(record);
  } catch (error) {
    await multipart.abort(upload).catch(() => undefined);
    throw error;
  }
  return begun;
}

/** What a file and its parts hash to. */
interface HashedFile {
  readonly md5: string | undefined;
  readonly digests: readonly string[];
}

/** Hashes the whole and the parts side by side, each in a thread of its own. */
async function hash(
  file: LocalFile,
  { size, partSize }: PartPlan,
  algorithm: PartDigest,
  signal: AbortSignal | undefined,
): Promise<HashedFile> {
  throwIfAborted(signal);
  const { fd } = file.handle;
  const whole = new FileHash(fd, { algorithm: 'md5' });
  const parts = new FileHash(fd, { algorithm, partSize });
  const stop = (): void => void Promise.all([whole.stop(), parts.stop()]);
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const [[md5], digests] = await Promise.all([whole.finish(size), parts.finish(size)]);
    return { md5, digests };
  } catch (error) {
    if (signal?.aborted === true) throw aborted();
    throw error instanceof RangeError ? file.changed() : error;
  } finally {
    signal?.removeEventListener('abort', stop);
    await Promise.all([whole.stop(), parts.stop()]);
  }
}
