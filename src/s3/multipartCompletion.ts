import { CompleteMultipartUploadCommand, PutObjectTaggingCommand } from '@aws-sdk/client-s3';
import type {
  CompleteUploadOptions,
  MultipartUpload,
  UploadedPart,
} from '../core/multipartStore.ts';
import type { ObjectInfo } from '../core/objectStore.ts';
import { isStoreError, type StoreError } from '../core/storeError.ts';
import { compareBefore, currentEtag } from './currentEtag.ts';
import { customerKeyParameters } from './customerKeyParameters.ts';
import { quoted, unquoted } from './etags.ts';
import { headObject } from './head.ts';
import { ensureEncrypted } from './plaintext.ts';
import { subjectOf } from './subject.ts';
import { realVersion } from './versionIds.ts';
import type { Wire } from './wire.ts';

/** What Complete answered; without an ETag if the answer was lost or had none (Ceph). */
export interface Completed {
  readonly etag?: string | undefined;
  readonly versionId?: string | undefined;
}

/** Completes an upload and looks at what came of it; see the port. */
export async function completeUpload(
  wire: Wire,
  upload: MultipartUpload,
  parts: readonly UploadedPart[],
  options: CompleteUploadOptions,
): Promise<ObjectInfo> {
  const { address } = upload;
  const before = await etagBefore(wire, upload, options);
  try {
    const completed = await sendComplete(wire, upload, parts, options);
    return await restoreTags(wire, await verify(wire, upload, parts, options, completed), options);
  } catch (error) {
    if (!isStoreError(error) || !mayBeDone(error)) throw error;
    const found = await headObject(wire, address, options).catch(() => undefined);
    if (found === undefined || !isOurs(found, parts, options, before)) {
      // A refusal is final; what stands there is somebody else's.
      throw refused(error, options) ? wire.error('conflict', subjectOf(address, options)) : error;
    }
    const completed = { versionId: found.versionId };
    return await restoreTags(wire, await verify(wire, upload, parts, options, completed), options);
  }
}

/**
 * What stands at the address before, undefined for nothing. It is compared with the condition where
 * the server itself does not, and tells afterwards whether a lost answer was a success.
 */
async function etagBefore(
  wire: Wire,
  { address }: MultipartUpload,
  options: CompleteUploadOptions,
): Promise<string | undefined> {
  const { condition } = options;
  if (condition.type === 'any') return currentEtag(wire, address, options);
  if (!wire.server.habits.conditionalCopy) await compareBefore(wire, address, condition, options);
  return condition.type === 'matches' ? condition.etag : undefined;
}

/** Sends the completion; what came of it is for the caller to look at. */
export async function sendComplete(
  wire: Wire,
  { address, uploadId }: Pick<MultipartUpload, 'address' | 'uploadId'>,
  parts: readonly UploadedPart[],
  options: CompleteUploadOptions,
): Promise<Completed> {
  const { customerKey, condition } = options;
  const guarded = wire.server.habits.conditionalCopy;
  const command = new CompleteMultipartUploadCommand({
    Bucket: address.bucket,
    Key: address.key,
    UploadId: uploadId,
    MultipartUpload: {
      Parts: parts.map(({ partNumber, etag, crc32 }) => ({
        PartNumber: partNumber,
        ETag: quoted(etag),
        ...(crc32 !== undefined && { ChecksumCRC32: crc32 }),
      })),
    },
    // AWS and Garage need it if checksums were used, Ceph always; MinIO takes it.
    ...customerKeyParameters(customerKey),
    ...(guarded && condition.type === 'matches' && { IfMatch: quoted(condition.etag) }),
    ...(guarded && condition.type === 'absent' && { IfNoneMatch: '*' }),
  });
  const { ETag, VersionId } = await wire.send(command, subjectOf(address, options));
  const etag = unquoted(ETag);
  return { etag: etag === '' ? undefined : etag, versionId: realVersion(VersionId) };
}

/** Whether the upload may have been completed in spite of the error: an answer got lost. */
function mayBeDone({ kind, details }: StoreError): boolean {
  if (kind === 'storedInPlaintext' || kind === 'aborted') return false;
  const { status } = details;
  return status === undefined || status >= 500 || kind === 'notFound' || kind === 'conflict';
}

function refused({ kind }: StoreError, { condition }: CompleteUploadOptions): boolean {
  return kind === 'conflict' && condition.type !== 'any';
}

/** Whether an object is the one of this upload: another than before, or the same in all respects. */
function isOurs(
  found: ObjectInfo,
  parts: readonly UploadedPart[],
  { metadata = {} }: CompleteUploadOptions,
  before: string | undefined,
): boolean {
  const written = Object.entries(metadata);
  const same = written.every(([name, value]) => found.properties.metadata?.[name] === value);
  const tells = written.length > 0 || found.etag !== before;
  return found.size === sizeOf(parts) && same && tells;
}

async function verify(
  wire: Wire,
  { address }: MultipartUpload,
  parts: readonly UploadedPart[],
  { customerKey, signal }: CompleteUploadOptions,
  { versionId, etag }: Completed,
): Promise<ObjectInfo> {
  const subject = subjectOf(address, { customerKey, signal });
  let info: ObjectInfo;
  try {
    info = await headObject(wire, address, { customerKey, versionId, signal });
  } catch (error) {
    if (customerKey !== undefined && isStoreError(error, 'notEncrypted')) {
      await ensureEncrypted(wire, address, { customerKey, versionId, etag });
    }
    throw error;
  }
  // Somebody else wrote after us; ours was there, and theirs is not to be judged.
  const foreign = versionId === undefined && etag !== undefined && info.etag !== etag;
  if (foreign) throw wire.error('conflict', subject);
  const { encryption } = info;
  const echo = encryption.type === 'customerKey' ? encryption.fingerprint : undefined;
  if (customerKey !== undefined && echo === undefined) {
    await ensureEncrypted(wire, address, { customerKey, versionId, etag: info.etag });
  }
  const wrongKey = echo !== undefined && echo !== customerKey?.fingerprint;
  if (wrongKey || info.size !== sizeOf(parts)) throw wire.error('corrupted', subject);
  return info;
}

/** Ceph forgets the tags that an upload was begun with. */
async function restoreTags(
  wire: Wire,
  info: ObjectInfo,
  { tags = {}, signal }: CompleteUploadOptions,
): Promise<ObjectInfo> {
  const wanted = Object.entries(tags);
  if (info.tagCount === undefined || info.tagCount === wanted.length) return info;
  const { bucket: Bucket, key: Key } = info.address;
  const command = new PutObjectTaggingCommand({
    ...{ Bucket, Key, VersionId: info.versionId },
    Tagging: { TagSet: wanted.map(([name, Value]) => ({ Key: name, Value })) },
  });
  await wire.send(command, subjectOf(info.address, { signal }));
  return { ...info, tagCount: wanted.length };
}

function sizeOf(parts: readonly UploadedPart[]): number {
  return parts.reduce((sum, { size }) => sum + size, 0);
}
