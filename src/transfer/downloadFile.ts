import { formatAddress, type ObjectAddress } from '../core/address.ts';
import type { GpgAccess } from '../core/gpg.ts';
import { readObjectAttributes } from '../core/objectAttributes.ts';
import type { ObjectInfo, ObjectStore } from '../core/objectStore.ts';
import { isStoreError } from '../core/storeError.ts';
import { beginDownload, expectedMd5, resumeDownload, type BegunDownload } from './begunDownload.ts';
import { decryptPartial } from './decryptPartial.ts';
import { DownloadJournal } from './downloadJournal.ts';
import { DownloadKeeper } from './downloadKeeper.ts';
import type { DownloadedFile, DownloadFileOptions } from './downloadOptions.ts';
import { receiveParts } from './downloadParts.ts';
import type { FileIdentity } from './localFile.ts';
import { type CommitOptions, ensureTarget, type TargetCondition } from './partialFile.ts';
import { throwIfAborted } from './pause.ts';
import { TransferError } from './transferError.ts';
import { createLimits, type TransferLimits } from './transferLimits.ts';

/** How often an object that is replaced meanwhile is downloaded anew. */
const rounds = 3;

/**
 * Downloads an object into a file: a small one by one GET, a large one by ranges side by side. It
 * goes into a partial file beside the target, which gets the target's name only when it is whole and
 * has the MD5 that its writer left as metadata. With a journal, a call after an interrupted one gets
 * only what is missing.
 *
 * @throws TransferError `targetChanged` if the condition does not hold, `contentMismatch` (what
 *   arrived is kept aside), `noSpace`, `unwritable`; StoreError as a GET, `conflict` if the object is
 *   replaced again and again, `aborted`. In all cases the target is what it was before.
 */
export async function downloadFile(
  store: ObjectStore,
  address: ObjectAddress,
  path: string,
  options: DownloadFileOptions = {},
): Promise<DownloadedFile> {
  const { condition = { type: 'absent' }, limits = createLimits(), signal } = options;
  const journal = new DownloadJournal(options.journal, address, path);
  await ensureTarget(path, condition);
  for (let round = 1; ; round += 1) {
    throwIfAborted(signal);
    try {
      const how = { ...options, condition, limits };
      return await downloadOnce(store, address, path, how, journal);
    } catch (error) {
      if (!isStoreError(error, 'conflict') || round === rounds) throw error;
    }
  }
}

/** The options with their defaults. */
type Settled = DownloadFileOptions & {
  readonly condition: TargetCondition;
  readonly limits: TransferLimits;
};

async function downloadOnce(
  store: ObjectStore,
  address: ObjectAddress,
  path: string,
  options: Settled,
  journal: DownloadJournal,
): Promise<DownloadedFile> {
  const { condition, sync = true, restoreMtime = true } = options;
  const begun =
    (await resumeDownload(store, path, options, journal)) ??
    (await beginDownload(store, address, path, options));
  const { info, partial } = begun;
  const keeper = new DownloadKeeper(store, begun, options, journal);
  try {
    await keeper.note();
    const md5 = await receiveParts(store, begun, options, () => keeper.partDone());
    await ensureContent(begun, md5, options);
    const mtimeNs = restoreMtime ? mtimeFor(info, options) : undefined;
    const { gpgEncrypted, s3cmd } = readObjectAttributes(info.properties.metadata);
    const mode = options.restoreMode === true ? s3cmd?.mode : undefined;
    const how = { sync, mtimeNs, mode };
    const file =
      gpgEncrypted && options.gpg !== undefined
        ? await decryptAndCommit(options.gpg, begun, options, how)
        : { identity: await partial.commit(condition, how), md5 };
    await journal.remove();
    return { info, file: file.identity, md5: file.md5 };
  } catch (error) {
    await keeper.settle(error);
    throw error;
  }
}

/** Gives the decrypted content the name; what was downloaded goes. */
async function decryptAndCommit(
  gpg: GpgAccess,
  begun: BegunDownload,
  options: Settled,
  how: CommitOptions,
): Promise<{ readonly identity: FileIdentity; readonly md5: string }> {
  const { partial, md5 } = await decryptPartial(gpg, begun, options);
  try {
    const identity = await partial.commit(options.condition, how);
    await begun.partial.discard();
    return { identity, md5 };
  } catch (error) {
    await partial.discard();
    throw error;
  }
}

function mtimeFor(
  { properties, lastModified }: ObjectInfo,
  { fallbackMtime }: DownloadFileOptions,
): bigint | undefined {
  const { mtimeNs } = readObjectAttributes(properties.metadata);
  if (mtimeNs !== undefined || fallbackMtime === undefined) return mtimeNs;
  return BigInt(lastModified.getTime()) * 1_000_000n;
}

/** @throws TransferError `contentMismatch` */
async function ensureContent(
  { info, partial }: BegunDownload,
  md5: string | undefined,
  options: DownloadFileOptions,
): Promise<void> {
  const expected = expectedMd5(info, options);
  if (md5 === expected) return;
  const path = await partial.setAside('md5-mismatch');
  throw new TransferError(
    'contentMismatch',
    path,
    `What was downloaded of ${formatAddress(info.address)} is not what its writer says: the MD5 is ${md5 ?? 'unknown'} instead of ${expected ?? 'unknown'}. It was kept as ${path}.`,
  );
}
