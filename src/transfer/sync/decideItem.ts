import { changeSince, isUnsure, markOf, type Change } from './syncRecord.ts';
import {
  conflictItem,
  deletionItem,
  keptItem,
  adoptionItem,
  transferItem,
} from './itemBuilders.ts';
import type { PlanItem, Seen } from './planItem.ts';
import { otherSide, type Side } from './syncEntry.ts';
import { sourceOf, type SyncOptions } from './syncOptions.ts';

/**
 * What is to be done about one path: a function of what was seen of it and nothing else. Names,
 * obstacles and what concerns the sides as a whole are looked at by {@link planSync}.
 */
export function decideItem(seen: Seen, options: SyncOptions): PlanItem | undefined {
  const { record } = seen;
  if (seen.near === undefined && seen.far === undefined) {
    return record === undefined ? undefined : { ...seen, action: 'forget', reason: 'gone' };
  }
  const known = record?.differs === undefined ? record : differingRecord(seen, options);
  if (known === 'conflict') return conflictItem(seen, 'different');
  if (known === 'left') return unchangedItem(seen, options);
  const source = sourceOf(options.direction);
  if (known === undefined) return decideNew(seen, source, options);
  const near = changeOf(seen, 'near');
  const far = changeOf(seen, 'far');
  if (near === 'same' && far === 'same') return unchangedItem(seen, options);
  return source === undefined
    ? decideBothWays(seen, near, far, options)
    : decideOneWay(seen, source, options);
}

type State = Change | 'gone';

function changeOf(seen: Seen, side: Side): State {
  const entry = seen[side];
  const mark = seen.record?.[side];
  if (entry === undefined) return 'gone';
  return mark === undefined ? 'changed' : changeSince(mark, entry);
}

/** What a record of different sides still says: nothing, once one of them changed. */
function differingRecord(seen: Seen, options: SyncOptions): 'conflict' | 'left' | undefined {
  const same = changeOf(seen, 'near') === 'same' && changeOf(seen, 'far') === 'same';
  if (!same) return undefined;
  if (seen.record?.differs === 'unresolved') {
    return overwritesTarget(options) ? undefined : 'conflict';
  }
  return seen.record?.differs === options.direction ? 'left' : undefined;
}

/** A path that was never synced. */
function decideNew(seen: Seen, source: Side | undefined, options: SyncOptions): PlanItem {
  const { near, far } = seen;
  if (near !== undefined && far !== undefined) {
    const to = source !== undefined && overwritesTarget(options) ? otherSide(source) : undefined;
    if (sizesMayMatch(seen, options)) return adoptionItem(seen, 'noRecord', to ?? 'conflict');
    return to === undefined
      ? conflictItem(seen, 'bothNew')
      : transferItem(seen, to, 'overwritten', options);
  }
  const side = near !== undefined ? 'near' : 'far';
  if (source === undefined || side === source) {
    return transferItem(seen, otherSide(side), 'new', options);
  }
  return options.deletions === 'mirror'
    ? deletionItem(seen, side, 'extraneous')
    : keptItem(seen, 'extraneous');
}

/** A change on either side goes to the other; two changes are a conflict. */
function decideBothWays(seen: Seen, near: State, far: State, options: SyncOptions): PlanItem {
  if (near === 'gone' || far === 'gone') {
    const side: Side = near === 'gone' ? 'far' : 'near';
    if (seen.record === undefined || (side === 'far' ? far : near) !== 'same') {
      return conflictItem(seen, near === 'gone' ? 'deletedNear' : 'deletedFar');
    }
    return deletable(options) ? deletionItem(seen, side, 'deleted') : keptItem(seen, 'deleted');
  }
  if (far === 'same') return send(seen, 'near', options);
  if (near === 'same') return send(seen, 'far', options);
  return mayBeSame(seen, near, far, options)
    ? adoptionItem(seen, 'bothTouched', 'conflict')
    : conflictItem(seen, 'bothChanged');
}

/** The only side that may have changed goes to the other. */
function send(seen: Seen, from: Side, options: SyncOptions): PlanItem {
  const to = otherSide(from);
  return unsure(seen, from)
    ? adoptionItem(seen, 'unsure', to)
    : transferItem(seen, to, 'changed', options);
}

/** The target is made like the source, unless somebody else changed it. */
function decideOneWay(seen: Seen, source: Side, options: SyncOptions): PlanItem {
  const target = otherSide(source);
  const ours = changeOf(seen, source);
  const theirs = changeOf(seen, target);
  if (ours === 'gone') {
    if (!deletable(options)) return keptItem(seen, 'deleted');
    return theirs === 'same'
      ? deletionItem(seen, target, 'deleted')
      : conflictItem(seen, source === 'near' ? 'deletedNear' : 'deletedFar');
  }
  if (theirs === 'gone') return transferItem(seen, target, 'missing', options);
  if (theirs === 'same') return send(seen, source, options);
  const overwrite = overwritesTarget(options);
  if (mayBeSame(seen, ours, theirs, options)) {
    const reason = ours === 'same' ? 'targetTouched' : 'bothTouched';
    return adoptionItem(seen, reason, overwrite ? target : 'conflict');
  }
  if (overwrite) return transferItem(seen, target, 'overwritten', options);
  return conflictItem(seen, ours === 'same' ? 'targetChanged' : 'bothChanged');
}

/**
 * Whether looking at the contents can spare a conflict: they may be the same, or one of the sides
 * may have its old content (only touched, or encrypted anew), which the MD5 of the record tells.
 */
function mayBeSame(seen: Seen, near: State, far: State, options: SyncOptions): boolean {
  if (sizesMayMatch(seen, options)) return true;
  return seen.record?.md5 !== undefined && (near === 'touched' || far === 'touched');
}

/** Whether the sizes allow the contents to be the same. */
function sizesMayMatch({ path, near, far }: Seen, { isSealed }: SyncOptions): boolean {
  return near?.size === far?.size || (near?.type === 'file' && isSealed?.(path) === true);
}

function unsure(seen: Seen, side: Side): boolean {
  const entry = seen[side];
  const mark = seen.record?.[side];
  return entry !== undefined && mark !== undefined && isUnsure(mark, entry);
}

/** Both ways there is no target: every difference may be somebody's work. */
function overwritesTarget({ direction, targetChanges }: SyncOptions): boolean {
  return sourceOf(direction) !== undefined && targetChanges === 'overwrite';
}

function deletable({ deletions }: SyncOptions): boolean {
  return deletions === 'propagated' || deletions === 'mirror';
}

/** Nothing changed on either side; only the customer key may be another one than the rule's. */
function unchangedItem(seen: Seen, options: SyncOptions): PlanItem {
  const { record } = seen;
  const wantedKey = options.wantedKey?.(seen.path);
  if (wantedKey === undefined || sourceOf(options.direction) === 'far') {
    return { ...seen, action: 'unchanged', reason: 'same' };
  }
  if (record?.fingerprint === undefined || wasRewritten(seen)) {
    return { ...seen, action: 'reencrypt', reason: 'unverified', wantedKey };
  }
  return record.fingerprint === wantedKey
    ? { ...seen, action: 'unchanged', reason: 'same' }
    : { ...seen, action: 'reencrypt', reason: 'rule', wantedKey };
}

/**
 * Whether an object was written since, although its ETag stands: the key was changed in place. HEAD
 * tells whole seconds where LIST tells milliseconds.
 */
function wasRewritten({ far, record }: Seen): boolean {
  const now = far === undefined ? undefined : markOf(far).lastModified;
  const then = record?.far.lastModified;
  if (now === undefined || then === undefined) return false;
  return Math.floor(now / 1000) !== Math.floor(then / 1000);
}
