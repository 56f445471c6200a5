import type { Fingerprint } from '../../core/customerKey.ts';
import type { NameProblem } from './nameRules.ts';
import type { Obstacle, Side, SideEntry } from './syncEntry.ts';
import type { SyncRecord } from './syncRecord.ts';

/**
 * What was seen of a path when the plan was made. Whoever runs an item must make sure (If-Match,
 * If-None-Match, a stat right before) that what it overwrites or deletes is still what was seen,
 * and that what was absent still is; else the item fails and is left to the next plan.
 */
export interface Seen {
  readonly path: string;
  readonly near?: SideEntry | undefined;
  readonly far?: SideEntry | undefined;
  readonly record?: SyncRecord | undefined;
}

/**
 * Copies what one side has to the other: `upload` and `download`, or `copy` between two prefixes.
 * Replaces what was seen there.
 */
export interface TransferItem extends Seen {
  readonly action: 'upload' | 'download' | 'copy';
  readonly to: Side;
  /**
   * - `new`: the other side never had it.
   * - `changed`: it changed since the last sync.
   * - `missing`: the target lost it since the last sync.
   * - `overwritten`: the target was changed, and the source wins by option.
   * - `different`: the comparison said so.
   * - `resolved`: a person said so.
   */
  readonly reason: 'new' | 'changed' | 'missing' | 'overwritten' | 'different' | 'resolved';
  /**
   * The MD5 (base64) at the last sync, if the source has the same size: where it turns out to have
   * this content still, both sides are the same and nothing need be transferred.
   */
  readonly knownMd5?: string | undefined;
  /** For the far side, by rule; see `SyncOptions.wantedKey`. */
  readonly wantedKey?: Fingerprint | null | undefined;
}

/** Deletes what one side has. */
export interface DeletionItem extends Seen {
  readonly action: 'deleteLocal' | 'deleteRemote';
  readonly from: Side;
  /**
   * - `deleted`: the other side had it at the last sync and no longer does.
   * - `extraneous`: the source never had it (`mirror`).
   * - `resolved`: a person said so.
   */
  readonly reason: 'deleted' | 'extraneous' | 'resolved';
}

/**
 * Encrypts the far object with another customer key. It may turn out to have it already (MinIO
 * keeps the ETag when a key is rotated in place); then only the record is written.
 */
export interface ReencryptionItem extends Seen {
  readonly action: 'reencrypt';
  /** - `rule`: the rule names another key than the record. - `unverified`: nobody knows its key. */
  readonly reason: 'rule' | 'unverified';
  readonly wantedKey: Fingerprint | null;
}

/**
 * Both sides have it and nobody knows whether it is the same: to be compared (MD5 in the metadata,
 * then content) and settled with what was found by `settleAdoption`.
 */
export interface AdoptionItem extends Seen {
  readonly action: 'adopt';
  /**
   * - `noRecord`: both have it, with the same size, and it was never synced.
   * - `bothTouched`: both may have changed.
   * - `targetTouched`: somebody wrote the target, perhaps with the same content.
   * - `unsure`: the record does not tell.
   */
  readonly reason: 'noRecord' | 'bothTouched' | 'targetTouched' | 'unsure';
  /** What follows if they differ: a transfer to this side, or a conflict. */
  readonly ifDifferent: Side | 'conflict';
}

/** Only writes the record: the sides are the same, or are left different. */
export interface AcceptanceItem extends Seen {
  readonly action: 'accept';
  /** - `same`: compared. - `leftDifferent`: a person said that the target stays as it is. */
  readonly reason: 'same' | 'leftDifferent';
}

/** Only removes the record: it is gone from both sides. */
export interface ForgettingItem extends Seen {
  readonly action: 'forget';
  readonly reason: 'gone';
}

/**
 * Keeps both contents of a conflict, in steps that can each be repeated:
 *
 * 1. on the side {@link aside} copy `path` to `copyPath` (never over something else);
 * 2. where both sides are written, copy `copyPath` to the other side and write its record;
 * 3. transfer `path` to the side {@link aside} and write its record.
 */
export interface KeepBothItem extends Seen {
  readonly action: 'keepBoth';
  readonly reason: 'resolved';
  readonly aside: Side;
  readonly copyPath: string;
  readonly wantedKey?: Fingerprint | null | undefined;
}

/** The sides say different things and only a person can decide; see `resolveConflict`. */
export interface ConflictItem extends Seen {
  readonly action: 'conflict';
  /**
   * - `bothNew`: both have it, different, and it was never synced.
   * - `bothChanged`: both changed since the last sync.
   * - `deletedNear`, `deletedFar`: deleted on this side, changed on the other.
   * - `targetChanged`: the target was changed, and the source was not.
   * - `different`: compared, and different.
   */
  readonly reason:
    'bothNew' | 'bothChanged' | 'deletedNear' | 'deletedFar' | 'targetChanged' | 'different';
}

/** Left as it is on the one side that has it. */
export interface KeptItem extends Seen {
  readonly action: 'kept';
  /**
   * - `deleted`: deleted on the other side, and deletions are off.
   * - `extraneous`: the source does not have it, and the target is not mirrored.
   * - `emptySource`: would be deleted, but the source has nothing and there was no sync before.
   * - `resolved`: a person said so.
   */
  readonly reason: 'deleted' | 'extraneous' | 'emptySource' | 'resolved';
}

/** Cannot be synced; the rest of the plan can. */
export interface BlockedItem extends Seen {
  readonly action: 'blocked';
  /**
   * - a {@link NameProblem}: the side that would get it cannot hold the name.
   * - an {@link Obstacle}: something local is in the way, at the path or above it.
   * - `sameName`: the side takes this name and {@link BlockedItem.other} for one.
   * - `fileBesideFolder`: a file and a folder (an object and a prefix) cannot have one name.
   * - `folderObject`: an object whose key ends with `/` and that has content.
   * - `vanished`: a whole side has nothing any more; a person has to say that it is meant.
   */
  readonly reason:
    NameProblem | Obstacle | 'sameName' | 'fileBesideFolder' | 'folderObject' | 'vanished';
  /** The side that cannot hold it, or where the obstacle is. */
  readonly side: Side;
  /** The path that is in the way, if it is another one. */
  readonly other?: string | undefined;
}

/** As at the last sync on both sides. */
export interface UnchangedItem extends Seen {
  readonly action: 'unchanged';
  readonly reason: 'same';
}

/** What is to be done about a path, and why. */
export type PlanItem =
  | TransferItem
  | DeletionItem
  | ReencryptionItem
  | AdoptionItem
  | AcceptanceItem
  | ForgettingItem
  | KeepBothItem
  | ConflictItem
  | KeptItem
  | BlockedItem
  | UnchangedItem;

export type Action = PlanItem['action'];

/** What a run does; the rest of a plan is for people to read. */
export type RunnableItem = Exclude<PlanItem, ConflictItem | KeptItem | BlockedItem | UnchangedItem>;

export function isRunnable(item: PlanItem): item is RunnableItem {
  return !['conflict', 'kept', 'blocked', 'unchanged'].includes(item.action);
}

/** The bytes that an item moves, or is about. */
export function bytesOf(item: PlanItem): number {
  switch (item.action) {
    case 'upload':
    case 'download':
    case 'copy':
      return (item.to === 'far' ? item.near : item.far)?.size ?? 0;
    case 'deleteLocal':
      return item.near?.size ?? 0;
    case 'deleteRemote':
    case 'reencrypt':
      return item.far?.size ?? 0;
    default:
      return Math.max(item.near?.size ?? 0, item.far?.size ?? 0);
  }
}
