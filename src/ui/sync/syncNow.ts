import * as v from 'valibot';
import * as vscode from 'vscode';
import type { Action } from '../../transfer/sync/planItem.ts';
import type { Resolution } from '../../transfer/sync/resolveConflict.ts';
import { StoreError } from '../../core/storeError.ts';
import { visibleText } from '../../core/visibleText.ts';
import { type AnyCommand, defineCommand, InvalidArguments } from '../command.ts';
import { commandIds } from '../ids.ts';
import { flag, text } from '../objects/objectArguments.ts';
import { engineDirection } from './enginePair.ts';
import { pairFor } from './pairChoice.ts';
import { PlanModel } from './planModel.ts';
import { isSyncNode, PairNode } from './planNodes.ts';
import { summarizeRun } from './runSummary.ts';
import { addressText, pairArguments, pairEntry, pairOf, type SavedPair } from './savedPair.ts';
import type { SyncDeps } from './syncDeps.ts';
import type { SyncOutcome } from './syncOutcome.ts';
import { isNothing, type PlannedSync } from './syncs.ts';

const resolution = v.picklist(
  ['keepBoth', 'local', 'remote'],
  'expected "keepBoth", "local" or "remote".',
);
const schema = v.strictObject({
  name: v.optional(text),
  ...pairArguments,
  confirmed: v.optional(flag),
  acceptVanished: v.optional(flag),
  resolutions: v.optional(v.union([resolution, v.record(v.string(), resolution)])),
  leaveOut: v.optional(v.array(v.string())),
});
type SyncArguments = v.InferOutput<typeof schema>;

/** What `ssec.syncNow` returns of a plan that it showed. */
export interface ShownPlanResult {
  readonly name: string;
  /** How many, by action. */
  readonly counts: Readonly<Record<Action, number>>;
  readonly conflicts: readonly string[];
}

/** "Sync Now…": makes a plan of a pair, and shows it or (`confirmed`) runs it. */
export function syncNowCommand(deps: SyncDeps): AnyCommand {
  return defineCommand({
    id: commandIds.syncNow,
    schema,
    fromTarget: (target) => {
      if (!(target instanceof PairNode)) return isSyncNode(target) ? {} : undefined;
      const { name } = target.pair;
      if (deps.settings.get(name) !== undefined) return { name };
      return { name, ...pairEntry(target.pair) };
    },
    run: (args) => syncNow(deps, args),
  });
}

async function syncNow(
  deps: SyncDeps,
  args: SyncArguments,
): Promise<SyncOutcome | ShownPlanResult> {
  const { syncs, desk } = deps;
  const { acceptVanished, confirmed } = args;
  const pair = adHocPair(args) ?? (await namedPair(deps, args.name));
  await desk.closeFor(pair);
  const planned = await syncs.plan(pair, { acceptVanished });
  if (confirmed === true) return await runConfirmed(deps, planned, args);
  if (isNothing(planned)) {
    deps.history.record(pair.name, 'done', vscode.l10n.t('nothing to do'));
    const { count } = planned.plan.tallies.unchanged;
    const name = visibleText(pair.name);
    const message = vscode.l10n.t('Sync “{0}”: nothing to do; unchanged: {1}.', name, count);
    void vscode.window.showInformationMessage(message);
    await planned.session.close();
    return shown(planned);
  }
  const { model } = await desk.show(planned);
  decide(model, args);
  deps.tree.refresh();
  return shown(planned);
}

async function namedPair(deps: SyncDeps, name: string | undefined): Promise<SavedPair> {
  return await pairFor(deps, name, vscode.l10n.t('Sync Now'));
}

/** A pair that stands in no setting. */
function adHocPair(args: SyncArguments): SavedPair | undefined {
  const { remote, connection } = args;
  if (remote === undefined || connection === undefined) {
    const names = Object.keys(pairArguments) as (keyof typeof pairArguments)[];
    const given = names.find((name) => args[name] !== undefined);
    if (given === undefined) return undefined;
    throw new InvalidArguments(
      vscode.l10n.t(
        '"{0}": a pair that is not saved needs "remote" and "connection"; a saved one is named by "name" alone.',
        given,
      ),
    );
  }
  const name = args.name ?? addressText(remote);
  const problems: string[] = [];
  const pair = pairOf(name, { ...args, remote, connection }, (field, message) => {
    problems.push(`"${field}": ${message}`);
  });
  if (pair === undefined) throw new InvalidArguments(problems.join(' '));
  return pair;
}

async function runConfirmed(
  { desk }: SyncDeps,
  planned: PlannedSync,
  args: SyncArguments,
): Promise<SyncOutcome> {
  const { pair, plan } = planned;
  const model = new PlanModel(plan);
  decide(model, args);
  const { leaveOut, resolutions } = model;
  const direction = engineDirection(pair.direction);
  const { vanished } = summarizeRun(plan, direction, { leaveOut, resolutions });
  if (vanished.length > 0) {
    await planned.session.close();
    throw new StoreError(
      'conflict',
      vscode.l10n.t(
        'A side of “{0}” had files at the last sync and has none now. If that is meant so, say "acceptVanished": true.',
        visibleText(pair.name),
      ),
    );
  }
  return await desk.runConfirmed(planned, { leaveOut, resolutions });
}

/** Decides and leaves out what the arguments say. */
function decide(model: PlanModel, { resolutions, leaveOut = [] }: SyncArguments): void {
  if (resolutions !== undefined) {
    for (const item of model.conflicts()) {
      const word = typeof resolutions === 'string' ? resolutions : resolutions[item.path];
      if (word !== undefined) model.resolve(item, resolutionOf(word));
    }
  }
  if (leaveOut.length === 0) return;
  const left = new Set(leaveOut);
  for (const item of model.plan.items) if (left.has(item.path)) model.setChecked(item, false);
}

export function resolutionOf(word: 'keepBoth' | 'local' | 'remote'): Resolution {
  return word === 'keepBoth' ? word : word === 'local' ? 'near' : 'far';
}

function shown({ pair, plan }: PlannedSync): ShownPlanResult {
  const counts = Object.entries(plan.tallies).map(([action, { count }]) => [action, count]);
  return {
    name: pair.name,
    counts: Object.fromEntries(counts) as Record<Action, number>,
    conflicts: plan.items.filter(({ action }) => action === 'conflict').map(({ path }) => path),
  };
}
