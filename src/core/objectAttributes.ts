import type { ObjectProperties } from './objectStore.ts';
import { formatMtime, parseMd5, parseMtime } from './rcloneAttributes.ts';
import {
  formatS3cmdAttributes,
  parseS3cmdAttributes,
  type S3cmdAttributes,
} from './s3cmdAttributes.ts';

type Metadata = NonNullable<ObjectProperties['metadata']>;

/** What an object's user metadata tells of the file that it was written from. */
export interface ObjectAttributes {
  /** When the file was modified, in nanoseconds since 1970. */
  readonly mtimeNs?: bigint | undefined;
  /** The MD5 of the content in base64. Under SSE-C the ETag says nothing; this does. */
  readonly md5?: string | undefined;
  /** The MD5 of the object's bytes in base64: {@link md5}, unless GPG encrypted the content. */
  readonly bodyMd5?: string | undefined;
  /**
   * s3cmd encrypted the object with GPG before sending it: {@link md5} is that of the decrypted
   * content, which is not what the object's bytes and size are of.
   */
  readonly gpgEncrypted: boolean;
  /** Everything that s3cmd wrote, for restoring owner and mode. */
  readonly s3cmd?: S3cmdAttributes | undefined;
}

/**
 * Reads what rclone (`mtime`, `md5chksum`) and s3cmd (`s3cmd-attrs`) wrote. rclone's mtime is the
 * finer one and wins. Where their MD5s differ, one is stale and nobody knows which: there is none.
 */
export function readObjectAttributes(metadata: Metadata = {}): ObjectAttributes {
  const attrs = metadata['s3cmd-attrs'];
  const s3cmd = attrs === undefined ? undefined : parseS3cmdAttributes(attrs);
  const gpgEncrypted = metadata['s3tools-gpgenc'] !== undefined;
  const rclone = parseMd5(metadata['md5chksum'] ?? '');
  const md5s = [rclone, s3cmd?.md5].filter((md5) => md5 !== undefined);
  const agreed = md5s.every((md5) => md5 === md5s[0]) ? md5s[0] : undefined;
  return {
    mtimeNs: parseMtime(metadata['mtime'] ?? '') ?? s3cmd?.mtimeNs,
    // rclone knows nothing of GPG: what it wrote or will compare is of the bytes.
    md5: gpgEncrypted ? s3cmd?.md5 : agreed,
    bodyMd5: gpgEncrypted ? rclone : agreed,
    gpgEncrypted,
    s3cmd,
  };
}

/**
 * The user metadata that says this, in rclone's format and, if there is something to say in it, in
 * s3cmd's as well (its mtime and MD5 are those of the file).
 */
export function writeObjectAttributes(
  file: { readonly mtimeNs?: bigint | undefined; readonly md5?: string | undefined },
  s3cmd?: S3cmdAttributes,
): Record<string, string> {
  const metadata: Record<string, string> = {};
  if (file.mtimeNs !== undefined) metadata['mtime'] = formatMtime(file.mtimeNs);
  if (file.md5 !== undefined) metadata['md5chksum'] = file.md5;
  if (s3cmd !== undefined) {
    const attrs = formatS3cmdAttributes({
      ...s3cmd,
      mtimeNs: file.mtimeNs ?? s3cmd.mtimeNs,
      md5: file.md5 ?? s3cmd.md5,
    });
    if (attrs !== '') metadata['s3cmd-attrs'] = attrs;
  }
  return metadata;
}

/**
 * The user metadata of an object whose content was replaced: what it told of the content before is
 * told of the new one, and nothing is added that it did not tell.
 *
 * @param file when it was written, and the new content's MD5 in base64
 */
export function refreshObjectAttributes(
  metadata: Metadata,
  { mtimeNs, md5 }: { readonly mtimeNs: bigint; readonly md5: string },
): Record<string, string> {
  const refreshed: Record<string, string> = { ...metadata };
  if (metadata['mtime'] !== undefined) refreshed['mtime'] = formatMtime(mtimeNs);
  if (metadata['md5chksum'] !== undefined) refreshed['md5chksum'] = md5;
  const attrs = metadata['s3cmd-attrs'];
  const s3cmd = attrs === undefined ? {} : parseS3cmdAttributes(attrs);
  if (s3cmd.md5 !== undefined || s3cmd.mtimeNs !== undefined) {
    refreshed['s3cmd-attrs'] = formatS3cmdAttributes({
      ...s3cmd,
      mtimeNs: s3cmd.mtimeNs === undefined ? undefined : mtimeNs,
      md5: s3cmd.md5 === undefined ? undefined : md5,
    });
  }
  return refreshed;
}
