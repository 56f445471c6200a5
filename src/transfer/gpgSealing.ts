import { createHash } from 'node:crypto';
import type { GpgAccess, GpgPassphrase } from '../core/gpg.ts';
import { refreshObjectAttributes } from '../core/objectAttributes.ts';
import type { ObjectProperties } from '../core/objectStore.ts';
import { encryptBytes } from './gpgBytes.ts';

/** What a content is encrypted with by GPG before it is sent. */
export interface GpgSealing {
  readonly gpg: GpgAccess;
  /** Asked for when it is needed. @throws GpgError `noPassphrase` */
  passphrase(): Promise<GpgPassphrase>;
}

/** User metadata of what s3cmd encrypts by GPG before it sends it, with the value that it writes. */
const gpgMetadata = { 's3tools-gpgenc': 'gpg' } as const;

/** What is sent for a content. */
export interface SentContent {
  readonly bytes: Uint8Array;
  readonly properties: ObjectProperties;
  readonly passphrase: GpgPassphrase | undefined;
}

/**
 * The bytes that are sent for a content, and the properties that fit them: what rclone and s3cmd
 * keep of a content (MD5, mtime) has to be that of this one.
 */
export async function contentToSend(
  bytes: Uint8Array,
  properties: ObjectProperties,
  sealing: GpgSealing | undefined,
): Promise<SentContent> {
  const { metadata = {} } = properties;
  const now = { mtimeNs: BigInt(Date.now()) * 1_000_000n, md5: md5Of(bytes) };
  const refreshed = refreshObjectAttributes(metadata, now);
  if (sealing === undefined) {
    const same = properties.metadata === undefined;
    return {
      ...{ bytes, passphrase: undefined },
      properties: same ? properties : { ...properties, metadata: refreshed },
    };
  }
  const passphrase = await sealing.passphrase();
  const sealed = await encryptBytes(sealing.gpg, bytes, passphrase.secret);
  return {
    ...{ bytes: sealed, passphrase },
    properties: { ...properties, metadata: sealedMetadata(refreshed, md5Of(sealed)) },
  };
}

/**
 * The metadata of sealed content: s3cmd's MD5 is that of the content, rclone's that of the bytes
 * which rclone would get.
 *
 * @param md5 of the sealed bytes; undefined if it is added later
 */
export function sealedMetadata(
  metadata: Readonly<Record<string, string>>,
  md5?: string,
): Record<string, string> {
  const sealed: Record<string, string> = { ...metadata, ...gpgMetadata };
  if (md5 !== undefined && sealed['md5chksum'] !== undefined) sealed['md5chksum'] = md5;
  return sealed;
}

/** Whether properties say that what they are of is sealed. */
export function isMarkedSealed(properties: ObjectProperties | undefined): boolean {
  return properties?.metadata?.['s3tools-gpgenc'] !== undefined;
}

function md5Of(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('base64');
}
