import type { Fingerprint } from '../../core/customerKey.ts';
import type { NameRules } from './nameRules.ts';

/**
 * - `localToRemote`, `remoteToLocal`, `remoteToRemote`: the target is made like the source, the
 *   source is never written.
 * - `bothWays`: a change on either side goes to the other.
 */
export type Direction = 'localToRemote' | 'remoteToLocal' | 'bothWays' | 'remoteToRemote';

/**
 * - `off`: nothing is deleted.
 * - `propagated`: what was deleted on one side since the last sync is deleted on the other, if it
 *   was not changed there.
 * - `mirror`: in one direction, also what the target has and the source never had.
 */
export type Deletions = 'off' | 'propagated' | 'mirror';

/** How a pair is to be synced. */
export interface SyncOptions {
  readonly direction: Direction;
  /** Default `off`. */
  readonly deletions?: Deletions | undefined;
  /**
   * In one direction: what happens to a target that was changed by somebody else, or that differs
   * at the first sync. `conflict` (default) asks; `overwrite` makes it like the source.
   */
  readonly targetChanges?: 'conflict' | 'overwrite' | undefined;
  /** Which paths take part; default all. Records of others are left as they are. */
  readonly includes?: ((path: string) => boolean) | undefined;
  /** What names each side can hold. */
  readonly names: { readonly near: NameRules; readonly far: NameRules };
  /**
   * By rule, the customer key that the far object is to be encrypted with; null for none, undefined
   * if it does not matter. Without it nothing is re-encrypted.
   */
  readonly wantedKey?: ((path: string) => Fingerprint | null | undefined) | undefined;
  /**
   * Whether a rule encrypts the far object by GPG: then its size says nothing about its content, and
   * both sides are compared where sizes would tell that they differ.
   */
  readonly isSealed?: ((path: string) => boolean) | undefined;
  /** A person said that a side that had files at the last sync and has none now is meant so. */
  readonly acceptVanished?: boolean | undefined;
  /** Whether the plan's items name what is unchanged as well; it is counted in any case. */
  readonly listUnchanged?: boolean | undefined;
}

/** The side that is never written in this direction; undefined if both are. */
export function sourceOf(direction: Direction): 'near' | 'far' | undefined {
  if (direction === 'bothWays') return undefined;
  return direction === 'remoteToLocal' ? 'far' : 'near';
}
