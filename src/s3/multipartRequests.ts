import { setTimeout } from 'node:timers/promises';
import {
  AbortMultipartUploadCommand,
  CreateMultipartUploadCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { ObjectAddress } from '../core/address.ts';
import type {
  CreateUploadOptions,
  MultipartUpload,
  PartDigest,
  PartSource,
  UploadedPart,
  UploadOptions,
} from '../core/multipartStore.ts';
import { isStoreError } from '../core/storeError.ts';
import { explainWriteRefusal } from './blockedEncryption.ts';
import { customerKeyParameters } from './customerKeyParameters.ts';
import { unquoted } from './etags.ts';
import { checkWritableName } from './objectNames.ts';
import { addExpires, taggingHeader, writeParameters } from './putParameters.ts';
import { subjectOf } from './subject.ts';
import { uploadBody } from './uploadBody.ts';
import type { Wire } from './wire.ts';

/** What the server checks parts by: Content-MD5 is known to all, and some ignore the rest. */
export function partDigestOf({ connection, server }: Wire): PartDigest {
  return server.habits.verifiesCrc32 && connection.checksums !== 'whenRequired' ? 'crc32' : 'md5';
}

/** Begins an upload; see the port. Parts of a copy are not announced by anything. */
export async function createUpload(
  wire: Wire,
  address: ObjectAddress,
  options: CreateUploadOptions,
  digest: PartDigest = partDigestOf(wire),
): Promise<MultipartUpload> {
  const { customerKey, properties = {}, tags, signal } = options;
  await checkWritableName(wire, address);
  const command = new CreateMultipartUploadCommand({
    Bucket: address.bucket,
    Key: address.key,
    Tagging: taggingHeader(tags),
    ...(digest === 'crc32' && { ChecksumAlgorithm: 'CRC32' }),
    ...writeParameters(properties),
    ...customerKeyParameters(customerKey),
  });
  addExpires(command, properties.expires);
  // Not to be cancelled: an upload that was begun and whose id got lost could not be aborted.
  const subject = subjectOf(address, { customerKey });
  if (signal?.aborted === true) throw wire.error('aborted', subject);
  try {
    const output = await wire.send(command, subject, { unsummed: digest !== 'crc32' });
    const { UploadId: uploadId, SSECustomerKeyMD5: echo } = output;
    if (uploadId === undefined) throw wire.error('server', subject);
    if (echo !== undefined && echo !== customerKey?.fingerprint) {
      await abortUpload(wire, { address, uploadId });
      throw wire.error('corrupted', subject);
    }
    return { address, uploadId, echoesKey: echo !== undefined, digest };
  } catch (error) {
    throw isStoreError(error) ? await explainWriteRefusal(wire, address, options, error) : error;
  }
}

/** Sends one part; see the port. */
export async function uploadPart(
  wire: Wire,
  upload: MultipartUpload,
  partNumber: number,
  source: PartSource,
  options: UploadOptions,
): Promise<UploadedPart> {
  const { address, uploadId: UploadId, digest: algorithm } = upload;
  const { customerKey, signal } = options;
  const digest = await source.digest(algorithm);
  const body = uploadBody({ size: source.size, stream: source.read() });
  const command = new UploadPartCommand({
    Bucket: address.bucket,
    Key: address.key,
    UploadId,
    PartNumber: partNumber,
    Body: body.body,
    ContentLength: source.size,
    ...(algorithm === 'crc32' ? { ChecksumCRC32: digest } : { ContentMD5: digest }),
    ...customerKeyParameters(customerKey),
  });
  const subject = subjectOf(address, { customerKey, signal: body.combine(signal) });
  const output = await body.watch(wire.send(command, subject, { streaming: true }));
  const { ETag, SSECustomerKeyMD5: echo, ChecksumCRC32: crc32 } = output;
  if (echo !== undefined) wire.server.echoesParts = true;
  const echoes = upload.echoesKey || wire.server.echoesParts;
  const expected = echoes ? customerKey?.fingerprint : undefined;
  const refuted = algorithm === 'crc32' && crc32 !== undefined && crc32 !== digest;
  if (ETag === undefined || echo !== expected || refuted) throw wire.error('corrupted', subject);
  return { partNumber, etag: unquoted(ETag), size: source.size, crc32 };
}

/**
 * Ends an upload and frees its parts. A part that still arrives meanwhile may stay behind: so it is
 * aborted until it is gone.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html
 */
export async function abortUpload(
  wire: Wire,
  { address, uploadId }: Pick<MultipartUpload, 'address' | 'uploadId'>,
  signal?: AbortSignal,
): Promise<void> {
  const { bucket: Bucket, key: Key } = address;
  for (const milliseconds of [0, 200, 1000]) {
    await setTimeout(milliseconds);
    const command = new AbortMultipartUploadCommand({ Bucket, Key, UploadId: uploadId });
    try {
      await wire.send(command, subjectOf(address, { signal }));
    } catch (error) {
      if (isStoreError(error, 'notFound')) return;
      throw error;
    }
  }
}
