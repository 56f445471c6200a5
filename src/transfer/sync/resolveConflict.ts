import { createHash } from 'node:crypto';
import { deletionItem, keptItem, transferItem } from './itemBuilders.ts';
import type { ConflictItem, PlanItem } from './planItem.ts';
import { otherSide, type Side, type SideEntry } from './syncEntry.ts';
import { sourceOf, type SyncOptions } from './syncOptions.ts';

/**
 * How a person decides a conflict: `near` is the local side (of remote → remote: the source),
 * `far` the remote one.
 */
export type Resolution = 'near' | 'far' | 'keepBoth';

/**
 * What a conflict becomes. It holds for what was seen when the plan was made: the resolved item
 * carries that along, so that a third change is not overwritten by a decision about the second.
 *
 * In one direction the source is never written: deciding for the target leaves it as it is.
 */
export function resolveConflict(
  conflict: ConflictItem,
  resolution: Resolution,
  options: SyncOptions,
): PlanItem {
  const { path, near, far, record } = conflict;
  const seen = { path, near, far, record };
  const source = sourceOf(options.direction);
  if (resolution === 'keepBoth') {
    const only: Side | undefined =
      near === undefined ? 'far' : far === undefined ? 'near' : undefined;
    if (only !== undefined) {
      return only === source || source === undefined
        ? transferItem(seen, otherSide(only), 'resolved', options)
        : keptItem(seen, 'resolved');
    }
    const aside = source === undefined ? 'far' : otherSide(source);
    const entry = seen[aside];
    return {
      ...seen,
      action: 'keepBoth',
      reason: 'resolved',
      aside,
      copyPath: entry === undefined ? path : conflictCopyPath(entry),
      wantedKey: options.wantedKey?.(path),
    };
  }
  if (source !== undefined && resolution !== source) {
    return near === undefined || far === undefined
      ? keptItem(seen, 'resolved')
      : { ...seen, action: 'accept', reason: 'leftDifferent' };
  }
  return seen[resolution] === undefined
    ? deletionItem(seen, otherSide(resolution), 'resolved')
    : transferItem(seen, otherSide(resolution), 'resolved', options);
}

/**
 * The path that a side's content of a conflict is kept under: `a/b (remote 1f3a5c7e).txt`. The same
 * content gets the same name again, so that a step that is repeated makes no second copy.
 */
function conflictCopyPath(entry: SideEntry): string {
  const identity = entry.type === 'file' ? `${entry.mtimeNs} ${entry.size}` : entry.etag;
  const digest = createHash('sha256').update(identity).digest('hex').slice(0, 8);
  const suffix = ` (${entry.type === 'file' ? 'local' : 'remote'} ${digest})`;
  const slash = entry.path.lastIndexOf('/') + 1;
  const name = entry.path.slice(slash);
  const dot = name.lastIndexOf('.');
  const extension = dot > 0 ? name.slice(dot) : '';
  const stem = name.slice(0, name.length - extension.length);
  // No segment may be longer than a file system takes.
  const room = 255 - Buffer.byteLength(suffix + extension);
  const copyName =
    room > 0 ? `${cutBytes(stem, room)}${suffix}${extension}` : cutBytes(name, 200) + suffix;
  return entry.path.slice(0, slash) + copyName;
}

/** As many whole characters as fit into so many bytes of UTF-8. */
function cutBytes(text: string, bytes: number): string {
  let cut = '';
  let length = 0;
  for (const character of text) {
    length += Buffer.byteLength(character);
    if (length > bytes) break;
    cut += character;
  }
  return cut;
}
