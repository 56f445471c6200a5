import { isAbsolute, relative, sep } from 'node:path';
import { formatAddress, type PrefixAddress } from '../../core/address.ts';
import { SyncError } from './syncError.ts';
import type { Deletions, Direction } from './syncOptions.ts';

/** Two sides that are kept the same, and how. It holds no secrets. */
export interface SyncPair {
  /** A local folder by its absolute path, or (for `remoteToRemote`) the prefix to copy from. */
  readonly near:
    | { readonly type: 'local'; readonly folder: string }
    | { readonly type: 'remote'; readonly address: PrefixAddress };
  /** Its prefix is empty or ends with `/`, as that of a remote near side. */
  readonly far: PrefixAddress;
  readonly direction: Direction;
  /** Default `off`. */
  readonly deletions?: Deletions | undefined;
  /** Default `conflict`; see `SyncOptions.targetChanges`. */
  readonly targetChanges?: 'conflict' | 'overwrite' | undefined;
  /** Globs of what takes part; everything if there are none. */
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  /** Default false. */
  readonly followSymlinks?: boolean | undefined;
}

/** @throws SyncError `invalid` */
export function checkPair({ near, far, direction }: SyncPair): void {
  if ((near.type === 'remote') !== (direction === 'remoteToRemote')) {
    throw new SyncError(
      'invalid',
      near.type === 'remote'
        ? 'Two prefixes can be synced in the direction remoteToRemote only.'
        : 'A local folder cannot be synced in the direction remoteToRemote.',
    );
  }
  if (near.type === 'local' && !isAbsolute(near.folder)) {
    throw new SyncError('invalid', `${near.folder} is no absolute path of a folder.`);
  }
  for (const address of near.type === 'remote' ? [near.address, far] : [far]) {
    if (address.prefix === '' || address.prefix.endsWith('/')) continue;
    const name = formatAddress({ bucket: address.bucket, key: address.prefix });
    throw new SyncError('invalid', `The prefix ${name} has to end with a slash.`);
  }
}

/** A prefix on the host that really serves it: connections may be renamed. */
export interface HostedPrefix {
  readonly host: string;
  readonly bucket: string;
  readonly prefix: string;
}

/**
 * Names both sides, so that the records of other sides are never taken for theirs.
 *
 * @throws SyncError `overlap` if one prefix contains the other
 */
export function pairName(near: string | HostedPrefix, far: HostedPrefix): string {
  if (typeof near !== 'string') {
    const sameBucket = near.host === far.host && near.bucket === far.bucket;
    if (sameBucket && (contains(near.prefix, far.prefix) || contains(far.prefix, near.prefix))) {
      const nameOf = ({ bucket, prefix }: HostedPrefix): string =>
        formatAddress({ bucket, key: prefix });
      throw new SyncError(
        'overlap',
        `${nameOf(near)} and ${nameOf(far)} cannot be synced: one contains the other.`,
      );
    }
  }
  return JSON.stringify(
    [near, far].map((side) => (typeof side === 'string' ? side : namesOf(side))),
  );
}

function namesOf({ host, bucket, prefix }: HostedPrefix): readonly string[] {
  return [host, bucket, prefix];
}

function contains(outer: string, inner: string): boolean {
  return inner.startsWith(outer);
}

/** Whether a local path is a folder or in it. */
export function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}
