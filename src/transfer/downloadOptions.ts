import type { CustomerKey } from '../core/customerKey.ts';
import type { GpgAccess } from '../core/gpg.ts';
import type { ObjectInfo } from '../core/objectStore.ts';
import type { FileIdentity } from './localFile.ts';
import type { TargetCondition } from './partialFile.ts';
import type { Patience } from './retry.ts';
import type { TransferJournal } from './transferJournal.ts';
import type { TransferLimits, TransferProgress } from './transferLimits.ts';

/** How an object is downloaded. */
export interface DownloadFileOptions {
  /** What the object is encrypted with; undefined if it is not encrypted with SSE-C. */
  readonly customerKey?: CustomerKey | undefined;
  readonly versionId?: string | undefined;
  /** Its size, if a listing told: spares a small object the range. */
  readonly size?: number | undefined;
  /** What is expected at the path; default: nothing. */
  readonly condition?: TargetCondition | undefined;
  /** Whether the MD5 that the writer left as metadata is compared; default true. */
  readonly verify?: boolean | undefined;
  /** Whether the file gets the modification time of the metadata; default true. */
  readonly restoreMtime?: boolean | undefined;
  /** What modification time it gets if the metadata has none; default: that of the download. */
  readonly fallbackMtime?: 'lastModified' | undefined;
  /** Whether the file gets the mode that s3cmd noted (not its owner); default false. */
  readonly restoreMode?: boolean | undefined;
  /** Decrypts what GPG encrypted; without it the file holds the object's bytes as they are. */
  readonly gpg?: GpgAccess | undefined;
  /** Whether the file is on the disk, not only in its cache, before it gets its name; default true. */
  readonly sync?: boolean | undefined;
  /** Shared with other transfers; default: four parts at a time. */
  readonly limits?: TransferLimits | undefined;
  /** What a later call goes on from, if this one is interrupted. */
  readonly journal?: TransferJournal | undefined;
  /** With a journal: what becomes of the parts if the signal says stop; default `keep`. */
  readonly onAbort?: 'keep' | 'discard' | undefined;
  /** Larger objects come in ranges of this size; default 16 MiB. */
  readonly partSize?: number | undefined;
  readonly patience?: Patience | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: TransferProgress) => void) | undefined;
}

/** A file that was downloaded whole. */
export interface DownloadedFile {
  readonly info: ObjectInfo;
  /** The file's state; for telling later whether it was changed. */
  readonly file: FileIdentity;
  /** The MD5 in base64 that was compared; undefined if the metadata has none. */
  readonly md5?: string | undefined;
}
