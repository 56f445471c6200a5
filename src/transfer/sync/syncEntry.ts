/**
 * What a side has at a path. Paths are relative to the pair's root, their segments separated by
 * `/` on every system; an object's path is its object key without the pair's prefix.
 */
export type SideEntry = FileEntry | ObjectEntry;

/** A local file. */
export interface FileEntry {
  readonly type: 'file';
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  /** In nanoseconds since 1970, as fine as the file system has it. */
  readonly mtimeNs: bigint;
  /** It is reached through a symbolic link: it may be read, but never written or deleted. */
  readonly viaLink?: true | undefined;
}

/** An object, as a LIST tells of it. */
export interface ObjectEntry {
  readonly type: 'object';
  readonly path: string;
  readonly size: number;
  /** Opaque; empty where the server gives none. */
  readonly etag: string;
  /** In milliseconds since 1970. */
  readonly lastModified?: number | undefined;
  readonly versionId?: string | undefined;
}

/**
 * Something local that is there but takes no part. Neither it nor anything below its path may be
 * taken for absent, and nothing may be written there.
 */
export interface ObstacleEntry {
  readonly type: 'obstacle';
  readonly path: string;
  readonly obstacle: Obstacle;
}

/**
 * - `symlink`: a symbolic link that is not followed, or that leads nowhere or in a circle.
 * - `linkedFolder`: a followed link to a folder: what is in it may be read, but never written.
 * - `special`: a socket, a pipe or a device.
 * - `unreadable`: what is there, or in it, cannot be seen (or its ignore file cannot be read).
 * - `undecodable`: the name is not UTF-8, so that no object key can stand for it; the path shows
 *   such bytes as `\xNN`.
 */
export type Obstacle = 'symlink' | 'linkedFolder' | 'special' | 'unreadable' | 'undecodable';

/**
 * The two sides of a pair. `near` is the local folder (in remote → remote: the prefix that is
 * copied from), `far` the remote prefix (the one that is copied to).
 */
export type Side = 'near' | 'far';

export function otherSide(side: Side): Side {
  return side === 'near' ? 'far' : 'near';
}
