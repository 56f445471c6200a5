import type { S3Server } from '../servers/s3Server.ts';

/** The server and bucket that is measured with, and the one customer key of all objects. */
export interface BenchSite {
  readonly server: Omit<S3Server, 'stop'>;
  readonly bucket: string;
  /** Base64. */
  readonly customerKey: string;
}

/** One thing to be timed, the same for everybody. */
export type BenchCase = FileCase | FolderCase;

/** A file to an object, or back. */
export interface FileCase {
  readonly type: 'file';
  readonly direction: 'up' | 'down';
  readonly path: string;
  readonly key: string;
}

/** A folder made like a prefix, or a prefix like a folder. */
export interface FolderCase {
  readonly type: 'folder';
  readonly direction: 'up' | 'down';
  /** Names what is remembered of the last sync. */
  readonly name: string;
  readonly path: string;
  /** Ends with a slash. */
  readonly prefix: string;
}
