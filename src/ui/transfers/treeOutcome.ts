import type { TreeFailure, TreeReport } from '../../transfer/treeRun.ts';
import type { RunOutcome } from '../objects/runOutcome.ts';

/** What came of a tree of files, as callers and reports have it. */
export function treeOutcome(
  { succeeded, failures, skipped }: TreeReport,
  problems: readonly TreeFailure[],
): RunOutcome {
  const all = [...problems, ...failures];
  return {
    succeeded,
    failures: all.map(({ address, path, error }) => ({ ...address, path, message: error.message })),
    skipped,
  };
}
