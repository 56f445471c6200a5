import {
  ListObjectVersionsCommand,
  type DeleteMarkerEntry,
  type ObjectVersion,
} from '@aws-sdk/client-s3';
import type { ListedVersion } from '../core/objectStore.ts';
import { unquoted } from './etags.ts';
import { decodeListed } from './listedKeys.ts';
import type { Wire } from './wire.ts';

type VersionEntry = DeleteMarkerEntry & Pick<ObjectVersion, 'Size' | 'ETag'>;

/**
 * ListObjectVersions: all versions and delete markers below a prefix, newest first for each key.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html
 */
export async function* listVersions(
  wire: Wire,
  bucket: string,
  prefix: string,
): AsyncGenerator<ListedVersion, void, undefined> {
  let markers: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {};
  while (markers !== undefined) {
    const command: ListObjectVersionsCommand = new ListObjectVersionsCommand({
      Bucket: bucket,
      Prefix: prefix,
      EncodingType: 'url',
      ...markers,
    });
    const output = await wire.send(command, { bucket, key: prefix });
    const encoding = output.EncodingType;
    const read = (entry: VersionEntry, isDeleteMarker: boolean): ListedVersion => ({
      key: decodeListed(entry.Key, encoding),
      versionId: entry.VersionId ?? 'null',
      isLatest: entry.IsLatest ?? false,
      isDeleteMarker,
      size: entry.Size ?? 0,
      etag: unquoted(entry.ETag),
      lastModified: entry.LastModified ?? new Date(0),
    });
    const entries = [
      ...(output.Versions ?? []).map((version) => read(version, false)),
      ...(output.DeleteMarkers ?? []).map((marker) => read(marker, true)),
    ];
    yield* entries.sort(newestFirst);
    const { NextKeyMarker, NextVersionIdMarker } = output;
    const more = output.IsTruncated === true && NextKeyMarker !== undefined;
    markers = more
      ? {
          KeyMarker: decodeListed(NextKeyMarker, encoding),
          ...(NextVersionIdMarker !== undefined && { VersionIdMarker: NextVersionIdMarker }),
        }
      : undefined;
  }
}

/** The SDK gives versions and delete markers in two lists: joins them as the server had them. */
function newestFirst(a: ListedVersion, b: ListedVersion): number {
  if (a.key !== b.key) return Buffer.compare(Buffer.from(a.key), Buffer.from(b.key));
  if (a.isLatest !== b.isLatest) return a.isLatest ? -1 : 1;
  return b.lastModified.getTime() - a.lastModified.getTime();
}
