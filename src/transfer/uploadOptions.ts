import type { ObjectAddress } from '../core/address.ts';
import type { CustomerKey } from '../core/customerKey.ts';
import type { ObjectProperties, ObjectTags, WriteCondition } from '../core/objectStore.ts';
import type { GpgSealing } from './gpgSealing.ts';
import type { Patience } from './retry.ts';
import type { TransferJournal } from './transferJournal.ts';
import type { TransferLimits, TransferProgress } from './transferLimits.ts';

/** How a file is uploaded. */
export interface UploadFileOptions {
  /** What to encrypt it with; undefined stores it as the bucket's default says. */
  readonly customerKey?: CustomerKey | undefined;
  /** What is expected at the address; default: no object. */
  readonly condition?: WriteCondition | undefined;
  /** The content type is by the object key's ending, if none is given; mtime and MD5 are added. */
  readonly properties?: ObjectProperties | undefined;
  readonly tags?: ObjectTags | undefined;
  /** Whether the plaintext's MD5 is computed and written as metadata; default true. */
  readonly md5?: boolean | undefined;
  /** Whether `s3cmd-attrs` is written beside rclone's metadata; default false. */
  readonly s3cmdAttributes?: boolean | undefined;
  /** Encrypts it by GPG before it is sent, beside the customer key. */
  readonly gpg?: GpgSealing | undefined;
  /** What the metadata says of the file's modification time; default: what the file says. */
  readonly mtimeNs?: bigint | undefined;
  /** Shared with other transfers; default: four parts at a time. */
  readonly limits?: TransferLimits | undefined;
  /** What a later call goes on from, if this one is interrupted. */
  readonly journal?: TransferJournal | undefined;
  /** With a journal: what becomes of the parts if the signal says stop; default `keep`. */
  readonly onAbort?: 'keep' | 'discard' | undefined;
  /** Larger files go in parts of this size (more, if 10,000 don't suffice); default 16 MiB. */
  readonly partSize?: number | undefined;
  readonly patience?: Patience | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: TransferProgress) => void) | undefined;
}

/**
 * What the rules give a new object; to be spread into the options of its upload.
 * @throws StoreError `invalid` if a rule that says how it is encrypted cannot be followed
 */
export type DescribeUpload = (
  address: ObjectAddress,
) => Pick<UploadFileOptions, 'properties' | 'tags' | 's3cmdAttributes' | 'gpg'>;

/** What stands on the server now, verified. */
export interface UploadedFile {
  readonly etag: string;
  readonly versionId?: string | undefined;
  readonly size: number;
  /** The size of the file, where GPG made something else of it. */
  readonly fileSize?: number | undefined;
  /** The plaintext's MD5 in base64, if it was computed. */
  readonly md5?: string | undefined;
  /** The file's modification time, as it was written into the metadata. */
  readonly mtimeNs: bigint;
}
