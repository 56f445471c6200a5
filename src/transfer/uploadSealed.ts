import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { formatS3cmdAttributes } from '../core/s3cmdAttributes.ts';
import { filePart } from './filePart.ts';
import { type GpgSealing, sealedMetadata } from './gpgSealing.ts';
import { LocalFile } from './localFile.ts';
import { aborted } from './pause.ts';
import { TransferError, writeFailure } from './transferError.ts';
import { createLimits } from './transferLimits.ts';
import { s3cmdAttributesOf } from './uploadDescription.ts';
import type { UploadedFile, UploadFileOptions } from './uploadOptions.ts';

/**
 * Encrypts a file by GPG into a temporary one, in constant memory, and uploads that: with the
 * metadata that s3cmd writes, whose MD5 is of the content. It cannot be gone on with later, because
 * it is encrypted otherwise each time.
 *
 * @param upload uploads a file
 * @throws GpgError `noPassphrase` beside what an upload throws
 */
export async function uploadSealed(
  path: string,
  sealing: GpgSealing,
  options: UploadFileOptions,
  upload: (sealed: string, options: UploadFileOptions) => Promise<UploadedFile>,
): Promise<UploadedFile> {
  const { secret } = await sealing.passphrase();
  const cipher = await sealing.gpg.cipher();
  const file = await LocalFile.open(path);
  const folder = await mkdtemp(join(tmpdir(), 'ssec-gpg-'));
  try {
    const hash = createHash('md5');
    const sealed = join(folder, 'sealed');
    const ciphertext = cipher.encrypt(hashed(file, hash), secret);
    await write(ciphertext, sealed, options.signal);
    await file.ensureUnchanged();
    const { mtimeNs } = file.stats;
    const md5 = hash.digest('base64');
    const attributes = {
      's3cmd-attrs': formatS3cmdAttributes({ ...(await s3cmdAttributesOf(file)), mtimeNs, md5 }),
    };
    const uploaded = await upload(sealed, {
      ...options,
      ...{ journal: undefined, s3cmdAttributes: false, mtimeNs },
      properties: {
        ...options.properties,
        metadata: sealedMetadata({ ...options.properties?.metadata, ...attributes }),
      },
    });
    await file.ensureUnchanged();
    return { ...uploaded, fileSize: file.identity.size, md5, mtimeNs };
  } finally {
    await file.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function* hashed(
  file: LocalFile,
  hash: ReturnType<typeof createHash>,
): AsyncGenerator<Uint8Array, void> {
  const { size: length } = file.identity;
  const { bandwidth } = createLimits();
  for await (const piece of filePart(
    file,
    { number: 1, offset: 0, length },
    { bandwidth },
  ).read()) {
    hash.update(piece);
    yield piece;
  }
}

async function write(
  bytes: AsyncIterable<Uint8Array>,
  path: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    const target = createWriteStream(path, { flags: 'wx', mode: 0o600 });
    await pipeline(bytes, target, ...(signal === undefined ? [] : [{ signal }]));
  } catch (error) {
    if (signal?.aborted === true) throw aborted();
    throw error instanceof TransferError ? error : writeFailure(path, error);
  }
}
