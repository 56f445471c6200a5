import { formatAddress, type ObjectAddress } from '../core/address.ts';
import { GpgError } from '../core/gpg.ts';
import type { ObjectStore } from '../core/objectStore.ts';
import { StoreError } from '../core/storeError.ts';
import { isMarkedSealed } from './gpgSealing.ts';
import { LocalFile } from './localFile.ts';
import { defaultPartSize, maxObjectSize } from './partPlan.ts';
import type { UploadedFile, UploadFileOptions } from './uploadOptions.ts';
import { uploadInParts } from './uploadParts.ts';
import { uploadSealed } from './uploadSealed.ts';
import { uploadWhole } from './uploadWhole.ts';

/**
 * Uploads a file: a small one by one PUT, a large one in parts side by side, in memory that does not
 * grow with its size. Its modification time and MD5 become metadata in rclone's format. Nothing is
 * visible before it is whole, and a file that changes meanwhile is an error. With a journal, a call
 * after an interrupted one sends only what is missing.
 *
 * @throws TransferError `fileChanged`, `noFile`, `unreadable`; StoreError, among them `conflict` if
 *   the condition does not hold and `aborted`. In all cases the object is the one before.
 */
export async function uploadFile(
  store: ObjectStore,
  path: string,
  address: ObjectAddress,
  options: UploadFileOptions = {},
): Promise<UploadedFile> {
  const { partSize = defaultPartSize, gpg, ...rest } = options;
  if (gpg === undefined && isMarkedSealed(options.properties)) throw notSealed(address);
  if (gpg !== undefined) {
    return await uploadSealed(path, gpg, rest, async (sealed, how) =>
      uploadOpened(store, sealed, address, { ...how, partSize }),
    );
  }
  return await uploadOpened(store, path, address, options);
}

async function uploadOpened(
  store: ObjectStore,
  path: string,
  address: ObjectAddress,
  options: UploadFileOptions,
): Promise<UploadedFile> {
  const { partSize = defaultPartSize } = options;
  const file = await LocalFile.open(path);
  try {
    const { size } = file.identity;
    if (size > maxObjectSize) {
      throw new StoreError(
        'invalid',
        `${path} is too large: S3 takes objects up to 5 TiB.`,
        address,
      );
    }
    const upload = size <= partSize ? uploadWhole : uploadInParts;
    return await upload(store, file, address, options);
  } finally {
    await file.close();
  }
}

/** What replaces an object that GPG encrypted must not be plaintext under its name. */
function notSealed(address: ObjectAddress): GpgError {
  return new GpgError(
    'noPassphrase',
    `${formatAddress(address)} was encrypted by GPG, and no upload rule says with which passphrase its new content is. Nothing was written; add a rule with "encrypt": { "gpg": … } to ssec.uploadRules.`,
  );
}
