import { userInfo } from 'node:os';
import { writeObjectAttributes } from '../core/objectAttributes.ts';
import type { ObjectInfo, ObjectProperties } from '../core/objectStore.ts';
import type { S3cmdAttributes } from '../core/s3cmdAttributes.ts';
import { contentTypeOf } from './contentType.ts';
import type { LocalFile } from './localFile.ts';
import type { UploadFileOptions } from './uploadOptions.ts';

/** The properties of a new object: what was asked for, and what the file itself tells. */
export function describeFile(
  file: LocalFile,
  objectKey: string,
  { properties = {}, s3cmdAttributes }: UploadFileOptions,
  md5?: string,
): ObjectProperties {
  const s3cmd = s3cmdAttributes === true ? s3cmdAttributesOf(file) : undefined;
  return {
    ...properties,
    contentType: properties.contentType ?? contentTypeOf(objectKey),
    metadata: {
      ...properties.metadata,
      ...writeObjectAttributes({ mtimeNs: file.stats.mtimeNs, md5 }, s3cmd),
    },
  };
}

function s3cmdAttributesOf({ stats }: LocalFile): S3cmdAttributes {
  const { uid, username } = userInfo();
  return {
    atimeNs: stats.atimeNs,
    ctimeNs: stats.ctimeNs,
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    uname: BigInt(uid) === stats.uid ? username : undefined,
    mode: Number(stats.mode),
  };
}

/**
 * Whether an object is what was to be written: after a lost answer, or a crash right after the last
 * request. Without an MD5 there is no telling.
 */
export function isAsDescribed(
  info: ObjectInfo,
  size: number,
  { metadata = {} }: ObjectProperties,
): boolean {
  if (metadata['md5chksum'] === undefined || info.size !== size) return false;
  return Object.entries(metadata).every(
    ([name, value]) => info.properties.metadata?.[name] === value,
  );
}
