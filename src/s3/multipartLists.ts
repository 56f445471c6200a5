import { ListMultipartUploadsCommand, ListPartsCommand } from '@aws-sdk/client-s3';
import type {
  MultipartUpload,
  UnfinishedUpload,
  UploadedPart,
  UploadOptions,
} from '../core/multipartStore.ts';
import { customerKeyParameters } from './customerKeyParameters.ts';
import { unquoted } from './etags.ts';
import { decodeListed } from './listedKeys.ts';
import { subjectOf } from './subject.ts';
import type { Wire } from './wire.ts';

/** ListParts, all pages; see the port. */
export async function listParts(
  wire: Wire,
  { address, uploadId }: MultipartUpload,
  options: UploadOptions,
): Promise<readonly UploadedPart[]> {
  const parts: UploadedPart[] = [];
  let marker: string | undefined;
  do {
    const command: ListPartsCommand = new ListPartsCommand({
      Bucket: address.bucket,
      Key: address.key,
      UploadId: uploadId,
      ...(marker !== undefined && { PartNumberMarker: marker }),
      ...customerKeyParameters(options.customerKey),
    });
    const output = await wire.send(command, subjectOf(address, options));
    for (const { PartNumber, ETag, Size, ChecksumCRC32: crc32 } of output.Parts ?? []) {
      if (PartNumber === undefined || ETag === undefined) continue;
      parts.push({ partNumber: PartNumber, etag: unquoted(ETag), size: Size ?? 0, crc32 });
    }
    const { IsTruncated, NextPartNumberMarker: next } = output;
    // A server that repeats its marker would be asked for ever.
    marker = IsTruncated === true && next !== marker ? next : undefined;
  } while (marker !== undefined);
  return parts.sort((one, other) => one.partNumber - other.partNumber);
}

/** ListMultipartUploads, all pages; see the port. */
export async function* listUploads(
  wire: Wire,
  bucket: string,
  prefix: string,
  signal?: AbortSignal,
): AsyncGenerator<UnfinishedUpload, void, undefined> {
  let markers: { KeyMarker?: string; UploadIdMarker?: string } | undefined = {};
  while (markers !== undefined) {
    const command: ListMultipartUploadsCommand = new ListMultipartUploadsCommand({
      Bucket: bucket,
      Prefix: prefix,
      EncodingType: 'url',
      ...markers,
    });
    const output = await wire.send(command, { bucket, key: prefix, signal });
    // Ceph encodes, and doesn't say so here.
    const encoding = wire.server.kind === 'ceph' ? 'url' : output.EncodingType;
    for (const { Key, UploadId: uploadId, Initiated, StorageClass } of output.Uploads ?? []) {
      if (Key === undefined || uploadId === undefined) continue;
      yield {
        key: decodeListed(Key, encoding),
        uploadId,
        initiatedAt: Initiated ?? new Date(0),
        storageClass: StorageClass,
      };
    }
    const { IsTruncated, NextKeyMarker, NextUploadIdMarker } = output;
    markers =
      IsTruncated === true && NextKeyMarker !== undefined
        ? {
            KeyMarker: decodeListed(NextKeyMarker, encoding),
            ...(NextUploadIdMarker !== undefined && { UploadIdMarker: NextUploadIdMarker }),
          }
        : undefined;
  }
}
