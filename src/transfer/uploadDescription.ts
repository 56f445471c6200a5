import { writeObjectAttributes } from '../core/objectAttributes.ts';
import type { ObjectInfo, ObjectProperties } from '../core/objectStore.ts';
import type { S3cmdAttributes } from '../core/s3cmdAttributes.ts';
import { accountNames } from './accountNames.ts';
import { contentTypeOf } from './contentType.ts';
import type { LocalFile } from './localFile.ts';
import type { UploadFileOptions } from './uploadOptions.ts';

/** The properties of a new object: what was asked for, and what the file itself tells. */
export async function describeFile(
  file: LocalFile,
  objectKey: string,
  { properties = {}, s3cmdAttributes, mtimeNs = file.stats.mtimeNs }: UploadFileOptions,
  md5?: string,
): Promise<ObjectProperties> {
  // What stands there from before, of a file that is replaced, would be wrong.
  const isWanted = s3cmdAttributes ?? properties.metadata?.['s3cmd-attrs'] !== undefined;
  const s3cmd = isWanted ? await s3cmdAttributesOf(file) : undefined;
  return {
    ...properties,
    contentType: properties.contentType ?? contentTypeOf(objectKey),
    metadata: {
      ...properties.metadata,
      ...writeObjectAttributes({ mtimeNs, md5 }, s3cmd),
    },
  };
}

/** Everything that s3cmd keeps of a file. */
export async function s3cmdAttributesOf({ stats }: LocalFile): Promise<S3cmdAttributes> {
  const [uid, gid] = [Number(stats.uid), Number(stats.gid)];
  return {
    ...{ atimeNs: stats.atimeNs, ctimeNs: stats.ctimeNs, uid, gid, mode: Number(stats.mode) },
    ...(await accountNames(uid, gid)),
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
