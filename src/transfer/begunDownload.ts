import { readObjectAttributes } from '../core/objectAttributes.ts';
import type { ObjectAddress } from '../core/address.ts';
import type { GetResult, ObjectInfo, ObjectStore } from '../core/objectStore.ts';
import { isStoreError } from '../core/storeError.ts';
import { discardBody } from './body.ts';
import { parseDone, type DownloadJournal, type DownloadRecord } from './downloadJournal.ts';
import type { DownloadFileOptions } from './downloadOptions.ts';
import { PartialFile } from './partialFile.ts';
import { defaultPartSize, partAt, planParts, type PartPlan } from './partPlan.ts';
import { withRetries } from './retry.ts';
import type { TransferLimits } from './transferLimits.ts';

/** The answer that told what the object is; its body starts at the first byte. */
export interface FirstAnswer {
  readonly body: AsyncIterable<Uint8Array>;
  /** Gives its slot back. */
  readonly release: () => void;
}

/** A download on its way. */
export interface BegunDownload {
  /** The state of the object that is downloaded. */
  readonly info: ObjectInfo;
  readonly plan: PartPlan;
  readonly partial: PartialFile;
  /** The parts that are in the partial file. */
  readonly done: Set<number>;
  /** Not if an interrupted download is gone on with. */
  readonly first?: FirstAnswer | undefined;
}

/** The MD5 that the content should have, if the writer left one and it is to be compared. */
export function expectedMd5(
  { properties }: ObjectInfo,
  { verify }: DownloadFileOptions,
): string | undefined {
  if (verify === false) return undefined;
  return readObjectAttributes(properties.metadata).bodyMd5;
}

/** Asks for the object, or its first part, and makes the file that it goes into. */
export async function beginDownload(
  store: ObjectStore,
  address: ObjectAddress,
  path: string,
  options: DownloadFileOptions & { readonly limits: TransferLimits },
): Promise<BegunDownload> {
  const { partSize = defaultPartSize, limits, signal } = options;
  const release = await limits.slots.acquire(signal);
  let answer: GetResult | undefined;
  let partial: PartialFile | undefined;
  try {
    const { info, body } = (answer = await withRetries(
      () => openFirst(store, address, options, partSize),
      options,
    ));
    const plan = planParts(info.size, partSize);
    partial = await PartialFile.create(path, PartialFile.nameFor(path));
    await partial.ensureSpace(info.size);
    return { info, plan, partial, done: new Set(), first: { body, release } };
  } catch (error) {
    if (answer !== undefined) await discardBody(answer.body);
    await partial?.discard();
    release();
    throw error;
  }
}

async function openFirst(
  store: ObjectStore,
  address: ObjectAddress,
  { customerKey, versionId, size, signal }: DownloadFileOptions,
  partSize: number,
): Promise<GetResult> {
  const options = { customerKey, versionId, signal };
  if (size !== undefined && size <= partSize) return await store.get(address, options);
  try {
    const range = { first: 0, last: partSize - 1 };
    return await store.get(address, { ...options, range });
  } catch (error) {
    // An empty object has no range at all.
    const isEmpty = isStoreError(error) && error.details.status === 416;
    if (!isEmpty) throw error;
    return await store.get(address, options);
  }
}

/**
 * Goes on with a download that was noted, if the object still is what it was; one HEAD.
 *
 * @returns undefined if it has to start over; then nothing is left of it
 */
export async function resumeDownload(
  store: ObjectStore,
  path: string,
  options: DownloadFileOptions,
  journal: DownloadJournal,
): Promise<BegunDownload | undefined> {
  const record = await journal.read();
  if (record === undefined) return undefined;
  const partial = await PartialFile.reopen(path, record.partial);
  const begun = partial && (await tryResume(store, partial, options, record));
  if (begun !== undefined) return begun;
  await partial?.discard();
  await journal.remove();
  return undefined;
}

async function tryResume(
  store: ObjectStore,
  partial: PartialFile,
  options: DownloadFileOptions,
  record: DownloadRecord,
): Promise<BegunDownload | undefined> {
  const { customerKey, versionId, signal } = options;
  const { etag: ifMatch } = record;
  const plan = planParts(record.size, record.partSize);
  const done = parseDone(record.done, plan.count);
  const { offset, length } = partAt(plan, Math.max(0, ...done));
  const same =
    record.host === store.host &&
    record.versionId === versionId &&
    record.fingerprint === customerKey?.fingerprint &&
    (done.size === 0 || (await partial.handle.stat()).size >= offset + length);
  if (!same) return undefined;
  try {
    const info = await withRetries(
      () => store.head(record.address, { customerKey, versionId, ifMatch, signal }),
      options,
    );
    const unchanged = info.etag === record.etag && info.size === record.size;
    return unchanged ? { info, plan, partial, done } : undefined;
  } catch (error) {
    if (isReplaced(error)) return undefined;
    await partial.close();
    throw error;
  }
}

/** Whether the object is no longer the one that was begun with. */
export function isReplaced(error: unknown): boolean {
  return isStoreError(
    error,
    ...(['conflict', 'notFound', 'customerKeyMismatch'] as const),
    ...(['customerKeyRequired', 'notEncrypted'] as const),
  );
}
