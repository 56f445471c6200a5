import { isRunnable, type PlanItem } from '../../transfer/sync/planItem.ts';
import type { SyncPlan } from '../../transfer/sync/syncPlan.ts';
import { decrypts } from './runSummary.ts';

/**
 * What a run that nobody asked for may do: `pull` writes the near side only, `push` the far side
 * only, `all` both.
 */
export type AutomaticScope = 'pull' | 'push' | 'all';

/** What of a plan can be run without a question, and what has to wait for a person. */
export interface AutomaticRun {
  readonly leaveOut: ReadonlySet<string>;
  /** How many items are run. */
  readonly runs: number;
  readonly waiting: Waiting;
}

export interface Waiting {
  readonly conflicts: number;
  readonly deletions: number;
  readonly decryptions: number;
  /** Sides that had something at the last sync and have nothing now. */
  readonly vanished: number;
  /** Nothing was synced yet, or its state was lost: the first run is a person's. */
  readonly first: boolean;
}

/** Chooses what of a plan is run by itself. */
export function chooseAutomatic(plan: SyncPlan, scope: AutomaticScope): AutomaticRun {
  const leaveOut = new Set<string>();
  const vanished = plan.confirmations.filter(({ type }) => type === 'vanished').length;
  const waiting = { conflicts: 0, deletions: 0, decryptions: 0, vanished, first: false };
  const isFirst = plan.firstSync;
  let runs = 0;
  for (const item of plan.items) {
    if (item.action === 'conflict') waiting.conflicts++;
    if (!isRunnable(item)) continue;
    const question = questionOf(item);
    if (question !== undefined && !isFirst) waiting[question]++;
    if (isFirst || question !== undefined || !isInScope(item, scope)) leaveOut.add(item.path);
    else runs++;
    if (isFirst) waiting.first = true;
  }
  return { leaveOut, runs, waiting };
}

export function isWaiting(waiting: Waiting): boolean {
  const { conflicts, deletions, decryptions, vanished, first } = waiting;
  return first || conflicts + deletions + decryptions + vanished > 0;
}

function questionOf(item: PlanItem): 'deletions' | 'decryptions' | undefined {
  if (item.action === 'deleteLocal' || item.action === 'deleteRemote') return 'deletions';
  return decrypts(item) ? 'decryptions' : undefined;
}

function isInScope(item: PlanItem, scope: AutomaticScope): boolean {
  if (scope === 'all') return true;
  const written = scope === 'pull' ? 'near' : 'far';
  switch (item.action) {
    case 'upload':
    case 'download':
    case 'copy':
      return item.to === written;
    case 'reencrypt':
      return written === 'far';
    case 'adopt':
      // What they turn out to be is known only after comparing; a conflict then waits.
      return item.ifDifferent === written;
    default:
      return item.action === 'accept' || item.action === 'forget';
  }
}
