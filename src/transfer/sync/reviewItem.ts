import type { NameClashes } from './nameCensus.ts';
import { isRunnable, type BlockedItem, type PlanItem } from './planItem.ts';
import { otherSide, type Obstacle, type Side } from './syncEntry.ts';
import { sourceOf, type Direction, type SyncOptions } from './syncOptions.ts';

/** What can be said of the sides only when all of their entries were seen. */
export interface WholeView {
  /** By path. */
  readonly obstacles: ReadonlyMap<string, Obstacle>;
  readonly clashes: Readonly<Record<Side, NameClashes>>;
  /** Sides that had files at the last sync and have none now, which nobody accepted. */
  readonly vanished: readonly Side[];
  /** Sides that have nothing where there was no sync before. */
  readonly neverFilled: readonly Side[];
}

/**
 * What becomes of an item in view of the whole: it stays, or something is in its way. Nothing
 * becomes runnable here.
 */
export function reviewItem(item: PlanItem, view: WholeView, options: SyncOptions): PlanItem {
  if (item.action === 'unchanged' || item.action === 'blocked') return item;
  const obstacle = obstacleOf(item, view, options);
  if (obstacle !== undefined) return obstacle;
  if (isRunnable(item) && view.vanished[0] !== undefined) {
    return blocked(item, 'vanished', view.vanished[0]);
  }
  if (item.action === 'deleteLocal' || item.action === 'deleteRemote') {
    const { path, near, far, record } = item;
    return view.neverFilled.includes(otherSide(item.from))
      ? { path, near, far, record, action: 'kept', reason: 'emptySource' }
      : item;
  }
  const side = createdOn(item, options.direction);
  if (side === undefined) return item;
  const clash = view.clashes[side].find(item.path);
  if (clash !== undefined) return { ...blocked(item, clash.reason, side), other: clash.other };
  // A new local file whose name another new object would take: only a person knows which is which.
  const rival = side === 'far' ? view.clashes.near.rivals.get(item.path) : undefined;
  return rival === undefined ? item : { ...blocked(item, 'sameName', 'near'), other: rival };
}

/** The side on which an item makes a new name, or a conflict may once it is resolved. */
export function createdOn(item: PlanItem, direction: Direction): Side | undefined {
  if (item.action === 'conflict') {
    const absent: Side = item.near === undefined ? 'near' : 'far';
    return item[absent] === undefined && absent !== sourceOf(direction) ? absent : undefined;
  }
  if (!('to' in item)) return undefined;
  return item[item.to] === undefined ? item.to : undefined;
}

/** Something local at the path or above it that is no plain file or folder. */
function obstacleOf(
  item: PlanItem,
  { obstacles }: WholeView,
  options: SyncOptions,
): BlockedItem | undefined {
  const writes = writesNear(item, options);
  if (item.near?.type === 'file' && item.near.viaLink === true && writes) {
    return blocked(item, 'symlink', 'near');
  }
  if (obstacles.size === 0) return undefined;
  for (let slash = item.path.indexOf('/'); slash >= 0; slash = item.path.indexOf('/', slash + 1)) {
    const above = item.path.slice(0, slash);
    const obstacle = obstacles.get(above);
    if (obstacle === undefined || (obstacle === 'linkedFolder' && !writes)) continue;
    return { ...blocked(item, obstacle, 'near'), other: above };
  }
  return undefined;
}

/** Whether running an item, or what it may become, would write or delete on the near side. */
function writesNear(item: PlanItem, options: SyncOptions): boolean {
  if (sourceOf(options.direction) === 'near') return false;
  switch (item.action) {
    case 'upload':
    case 'copy':
    case 'reencrypt':
    case 'deleteRemote':
    case 'forget':
    case 'accept':
    case 'kept':
    case 'unchanged':
      return false;
    default:
      return true;
  }
}

function blocked(item: PlanItem, reason: BlockedItem['reason'], side: Side): BlockedItem {
  const { path, near, far, record } = item;
  return { path, near, far, record, action: 'blocked', reason, side };
}
