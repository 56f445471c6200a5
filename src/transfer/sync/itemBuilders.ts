import type {
  AdoptionItem,
  ConflictItem,
  DeletionItem,
  KeptItem,
  Seen,
  TransferItem,
} from './planItem.ts';
import { otherSide, type Side } from './syncEntry.ts';
import type { SyncOptions } from './syncOptions.ts';
import { changeSince } from './syncRecord.ts';

/** A transfer to a side, of what the other one has. */
export function transferItem(
  seen: Seen,
  to: Side,
  reason: TransferItem['reason'],
  options: SyncOptions,
): TransferItem {
  const { near, record } = seen;
  const entry = seen[otherSide(to)];
  const mark = record?.[otherSide(to)];
  const old = seen[to];
  // The old content is the other side's still, only if that one is as it was.
  const targetIsOld =
    old !== undefined && record !== undefined && changeSince(record[to], old) === 'same';
  const mayHaveOldContent =
    targetIsOld && entry !== undefined && mark?.size === entry.size && record.differs === undefined;
  return {
    ...seen,
    action: to === 'near' ? 'download' : near?.type === 'file' ? 'upload' : 'copy',
    to,
    reason,
    ...(mayHaveOldContent ? { knownMd5: record.md5 } : {}),
    ...(to === 'far' ? { wantedKey: options.wantedKey?.(seen.path) } : {}),
  };
}

/** A deletion of what a side has. */
export function deletionItem(seen: Seen, from: Side, reason: DeletionItem['reason']): DeletionItem {
  const action = seen[from]?.type === 'file' ? 'deleteLocal' : 'deleteRemote';
  return { ...seen, action, from, reason };
}

export function conflictItem(seen: Seen, reason: ConflictItem['reason']): ConflictItem {
  return { ...seen, action: 'conflict', reason };
}

export function keptItem(seen: Seen, reason: KeptItem['reason']): KeptItem {
  return { ...seen, action: 'kept', reason };
}

export function adoptionItem(
  seen: Seen,
  reason: AdoptionItem['reason'],
  ifDifferent: AdoptionItem['ifDifferent'],
): AdoptionItem {
  return { ...seen, action: 'adopt', reason, ifDifferent };
}
