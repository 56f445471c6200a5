import type { PrefixAddress } from '../../core/address.ts';
import type { SyncReport } from '../../transfer/sync/syncReport.ts';
import type { SyncPlan } from '../../transfer/sync/syncPlan.ts';
import type { RunOutcome } from '../objects/runOutcome.ts';
import { sidesText } from './planItems.ts';
import { reasonText } from './planTexts.ts';
import type { Choices } from './runSummary.ts';
import type { SavedPair } from './savedPair.ts';

/** What came of a run, as a caller of a command gets it and a report shows it. */
export interface SyncOutcome {
  /** The pair's name. */
  readonly name: string;
  /** The two sides, as people read them. */
  readonly sides: string;
  /** When it ended, in ISO 8601. */
  readonly endedAt: string;
  readonly succeeded: number;
  /** Of files and objects that were transferred. */
  readonly bytes: number;
  readonly failures: readonly {
    readonly path: string;
    readonly action: string;
    readonly message: string;
  }[];
  /** Items that were not begun: left out, or the run was cancelled. */
  readonly skipped: number;
  /** Paths whose conflicts nobody decided. */
  readonly conflicts: readonly string[];
  /** Paths that cannot be synced, with why and what to do. */
  readonly blocked: readonly { readonly path: string; readonly why: string }[];
  /** Something can be synced only now that this was done. */
  readonly planAgain: boolean;
}

/** What came of a plan. */
export function outcomeOfRun(
  { pair, plan }: { readonly pair: SavedPair; readonly plan: SyncPlan },
  { resolutions }: Choices,
  report: SyncReport,
): SyncOutcome {
  const near = pair.from === undefined ? 'local' : 'remote';
  const open = plan.items.filter(
    ({ action, path }) => action === 'conflict' && !resolutions.has(path),
  );
  return {
    name: pair.name,
    sides: sidesText(pair),
    endedAt: new Date().toISOString(),
    succeeded: report.succeeded.length,
    bytes: report.bytes,
    failures: report.failures.map(({ path, action, error }) => ({
      ...{ path, action, message: error.message },
    })),
    skipped: report.skipped,
    conflicts: [...open.map(({ path }) => path), ...report.conflicts],
    blocked: plan.items
      .filter(({ action }) => action === 'blocked')
      .map((item) => ({ path: item.path, why: reasonText(item, near) })),
    planAgain: report.planAgain,
  };
}

/** The same as the list of transfers has it. */
export function runOutcomeOf(
  { connection, bucket, prefix }: PrefixAddress,
  { succeeded, failures, skipped }: SyncReport,
): RunOutcome {
  return {
    succeeded: succeeded.length,
    failures: failures.map(({ path, error }) => ({
      ...{ connection, bucket, key: prefix + path, message: error.message },
    })),
    skipped,
  };
}
