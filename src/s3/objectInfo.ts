import type { HeadObjectCommandOutput } from '@aws-sdk/client-s3';
import type { ObjectAddress } from '../core/address.ts';
import type { Encryption, ObjectInfo, ObjectProperties } from '../core/objectStore.ts';
import { unquoted } from './etags.ts';
import { fromHeader } from './headerText.ts';
import type { ServerProfile } from './serverProfile.ts';
import { realVersion } from './versionIds.ts';

/** What the answers of HeadObject and GetObject have in common. */
export type ObjectOutput = Omit<HeadObjectCommandOutput, 'Body'> & {
  TagCount?: number | undefined;
};

/**
 * Reads what a HEAD or GET says of an object.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
 */
export function readInfo(
  address: ObjectAddress,
  output: ObjectOutput,
  server: ServerProfile,
): ObjectInfo {
  return {
    address,
    size: sizeOf(output),
    etag: unquoted(output.ETag),
    lastModified: output.LastModified ?? new Date(0),
    versionId: realVersion(output.VersionId),
    encryption: readEncryption(output),
    properties: readProperties(output),
    tagCount: tagCountOf(output, server),
  };
}

/** Servers name the count only if there are tags; AWS also only to who may read them. */
function tagCountOf({ TagCount }: ObjectOutput, server: ServerProfile): number | undefined {
  if (TagCount !== undefined) server.countsTags = true;
  return TagCount ?? (server.countsTags ? 0 : undefined);
}

/** Of the whole object, also where the answer is a range of it. */
function sizeOf({ ContentRange, ContentLength }: ObjectOutput): number {
  const total = /\/(\d+)$/.exec(ContentRange ?? '')?.[1];
  return total === undefined ? (ContentLength ?? 0) : Number(total);
}

/** The echo of the customer key's MD5 says that it is encrypted with it; nothing else does. */
function readEncryption(output: ObjectOutput): Encryption {
  if (output.SSECustomerKeyMD5 !== undefined) {
    return { type: 'customerKey', fingerprint: output.SSECustomerKeyMD5 };
  }
  if (output.ServerSideEncryption === undefined) return { type: 'none' };
  return {
    type: 'server',
    algorithm: output.ServerSideEncryption,
    kmsKeyId: output.SSEKMSKeyId,
  };
}

function readProperties(output: ObjectOutput): ObjectProperties {
  const header = (value: string | undefined): string | undefined =>
    value === undefined ? undefined : fromHeader(value);
  const metadata = Object.entries(output.Metadata ?? {});
  return {
    contentType: header(output.ContentType),
    cacheControl: header(output.CacheControl),
    contentDisposition: header(output.ContentDisposition),
    contentEncoding: header(output.ContentEncoding),
    contentLanguage: header(output.ContentLanguage),
    expires: header(output.ExpiresString),
    websiteRedirectLocation: header(output.WebsiteRedirectLocation),
    storageClass: output.StorageClass,
    metadata: Object.fromEntries(metadata.map(([name, value]) => [name, fromHeader(value)])),
  };
}
