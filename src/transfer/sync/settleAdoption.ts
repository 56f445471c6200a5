import { conflictItem, transferItem } from './itemBuilders.ts';
import type { AcceptanceItem, AdoptionItem, ConflictItem, TransferItem } from './planItem.ts';
import { otherSide, type Side } from './syncEntry.ts';
import { sourceOf, type SyncOptions } from './syncOptions.ts';

/**
 * What a comparison found:
 *
 * - `same`, `different`: the contents of the two sides.
 * - `nearUnchanged`, `farUnchanged`: they differ, and this side has the content of the last sync
 *   (`record.md5`); so only the other one changed.
 */
export type Finding = 'same' | 'different' | 'nearUnchanged' | 'farUnchanged';

/**
 * What follows from a comparison. Where it is a conflict, the run writes a record that
 * `differs: 'unresolved'`, so that the next plan need not compare again.
 */
export function settleAdoption(
  item: AdoptionItem,
  finding: Finding,
  options: SyncOptions,
): AcceptanceItem | TransferItem | ConflictItem {
  const { path, near, far, record } = item;
  const seen = { path, near, far, record };
  if (finding === 'same') return { ...seen, action: 'accept', reason: 'same' };
  if (finding === 'different') {
    return item.ifDifferent === 'conflict'
      ? conflictItem(seen, 'different')
      : transferItem(seen, item.ifDifferent, 'different', options);
  }
  const unchanged: Side = finding === 'nearUnchanged' ? 'near' : 'far';
  const source = sourceOf(options.direction);
  if (source === undefined || source !== unchanged) {
    return transferItem(seen, unchanged, 'changed', options);
  }
  return options.targetChanges === 'overwrite'
    ? transferItem(seen, otherSide(source), 'overwritten', options)
    : conflictItem(seen, 'targetChanged');
}
