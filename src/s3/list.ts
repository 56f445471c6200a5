import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import type { ListPage, ListRequest } from '../core/objectStore.ts';
import { unquoted } from './etags.ts';
import { decodeListed } from './listedKeys.ts';
import type { Wire } from './wire.ts';

/**
 * ListObjectsV2: one request, one page. Keys travel URL-encoded, because XML cannot carry all that
 * S3 allows in them.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 */
export async function listObjects(wire: Wire, request: ListRequest): Promise<ListPage> {
  const { bucket, prefix, delimiter, continuationToken, maxKeys, signal } = request;
  // MinIO, asked for one, takes a common prefix that is an object as well for the end of all.
  const least = delimiter === undefined ? 1 : 2;
  const command = new ListObjectsV2Command({
    Bucket: bucket,
    Prefix: prefix,
    EncodingType: 'url',
    ...(delimiter !== undefined && { Delimiter: delimiter }),
    ...(continuationToken !== undefined && { ContinuationToken: continuationToken }),
    ...(maxKeys !== undefined && { MaxKeys: Math.max(maxKeys, least) }),
  });
  const output = await wire.send(command, { bucket, key: prefix, signal });
  const encoding = output.EncodingType;
  return {
    objects: (output.Contents ?? []).map((object) => ({
      key: decodeListed(object.Key, encoding),
      size: object.Size ?? 0,
      etag: unquoted(object.ETag),
      lastModified: object.LastModified ?? new Date(0),
      storageClass: object.StorageClass,
    })),
    prefixes: (output.CommonPrefixes ?? []).map(({ Prefix }) => decodeListed(Prefix, encoding)),
    // Pages may be short or empty although there are more: the flag alone counts.
    continuationToken: output.IsTruncated === true ? output.NextContinuationToken : undefined,
  };
}
