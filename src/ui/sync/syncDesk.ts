import * as vscode from 'vscode';
import { visibleText } from '../../core/visibleText.ts';
import type { Resolution } from '../../transfer/sync/resolveConflict.ts';
import { InvalidArguments } from '../command.ts';
import { confirmRun, confirmVanished } from './confirmRun.ts';
import { engineDirection } from './enginePair.ts';
import { PlanModel } from './planModel.ts';
import type { NearSide } from './planTexts.ts';
import type { PlanTree } from './planTree.ts';
import { type Choices, summarizeRun } from './runSummary.ts';
import type { SavedPair } from './savedPair.ts';
import { tellOutcome } from './syncMessages.ts';
import type { SyncOutcome } from './syncOutcome.ts';
import { isNothing, type PlannedSync, type Syncs } from './syncs.ts';

/** A plan that a person works on. */
export interface OpenPlan extends PlannedSync {
  readonly model: PlanModel;
}

export interface DeskOptions {
  readonly syncs: Syncs;
  readonly tree: PlanTree;
}

/** How a plan is run. */
export interface RunOptions {
  /** Deletions and decryptions are agreed to already. */
  readonly confirmed?: boolean | undefined;
}

/** More rounds than this are no progress any more. */
const mostRounds = 3;

/** The plan that is looked at in the view, and what a person does with it. */
export class SyncDesk {
  readonly #options: DeskOptions;
  #open: OpenPlan | undefined;
  #isRunning = false;

  constructor(options: DeskOptions) {
    this.#options = options;
  }

  get plan(): OpenPlan | undefined {
    return this.#open;
  }

  /** The open plan. @throws InvalidArguments */
  requirePlan(): OpenPlan {
    if (this.#open !== undefined) return this.#open;
    throw new InvalidArguments(vscode.l10n.t('There is no plan. Make one with “Sync Now…”.'));
  }

  /** Makes a plan of a pair and shows it in place of the one before. */
  async open(pair: SavedPair, acceptVanished = false): Promise<OpenPlan> {
    if (this.#open?.pair.name === pair.name) await this.discard();
    const planned = await this.#options.syncs.plan(pair, { acceptVanished });
    return await this.show(planned);
  }

  /** Gives an open plan up that keeps a pair from being planned again. */
  async closeFor({ name }: SavedPair): Promise<void> {
    if (this.#open?.pair.name === name && !this.#isRunning) await this.discard();
  }

  async show(planned: PlannedSync): Promise<OpenPlan> {
    await this.#open?.session.close();
    const plan = { ...planned, model: new PlanModel(planned.plan) };
    this.#open = plan;
    const { name } = plan.pair;
    const direction = engineDirection(plan.pair.direction);
    this.#options.tree.show({ name, near: nearOf(plan.pair), direction, model: plan.model });
    return plan;
  }

  async discard(): Promise<void> {
    const plan = this.#open;
    this.#open = undefined;
    this.#options.tree.show(undefined);
    await plan?.session.close();
  }

  /** Leaves the pair of the open plan to others. */
  dispose(): void {
    void this.#open?.session.close();
  }

  decide(paths: readonly string[], resolution: Resolution): void {
    const { model } = this.requirePlan();
    const wanted = new Set(paths);
    for (const item of model.conflicts()) {
      if (wanted.has(item.path)) model.resolve(item, resolution);
    }
    this.#options.tree.refresh();
  }

  /**
   * Runs the open plan, once what has to be asked is answered.
   *
   * @returns undefined if it was planned again instead, because a side has nothing any more
   * @throws Cancelled, InvalidArguments, SyncError, StoreError
   */
  async run(options: RunOptions = {}): Promise<SyncOutcome | undefined> {
    if (this.#isRunning) {
      throw new InvalidArguments(vscode.l10n.t('The plan is running already; see “Transfers”.'));
    }
    const plan = this.requirePlan();
    this.#isRunning = true;
    try {
      return await this.#runOpen(plan, options);
    } finally {
      this.#isRunning = false;
    }
  }

  async #runOpen(plan: OpenPlan, { confirmed }: RunOptions): Promise<SyncOutcome | undefined> {
    const { pair, model } = plan;
    const { leaveOut, resolutions } = model;
    const choices = { leaveOut, resolutions };
    const near = nearOf(pair);
    const summary = summarizeRun(plan.plan, engineDirection(pair.direction), choices);
    const name = visibleText(pair.name);
    if (summary.vanished.length > 0) {
      await confirmVanished(name, summary.vanished, near);
      await this.open(pair, true);
      return undefined;
    }
    if (summary.toRun.count === 0) {
      throw new InvalidArguments(
        summary.openConflicts === 0
          ? vscode.l10n.t('Nothing of the plan is to be run.')
          : vscode.l10n.t('Only conflicts are left: decide each by its menu, then run.'),
      );
    }
    if (confirmed !== true) await confirmRun(name, summary, near);
    const { syncs } = this.#options;
    let outcome: SyncOutcome;
    try {
      outcome = await syncs.run(plan, choices);
    } finally {
      // Whatever came of it, it is not the plan of what is there any more.
      if (this.#open === plan) await this.discard();
    }
    tellOutcome(outcome, pair);
    if (outcome.planAgain && this.#open === undefined) {
      const next = await syncs.plan(pair);
      if (isNothing(next)) await next.session.close();
      else await this.show(next);
    }
    return outcome;
  }

  /** Runs plans of a pair without showing them, for callers that agreed to all that is asked. */
  async runConfirmed(planned: PlannedSync, choices: Choices): Promise<SyncOutcome> {
    const { syncs } = this.#options;
    let outcome = await syncs.run(planned, choices);
    for (let round = 1; outcome.planAgain && round < mostRounds; round++) {
      const next = await syncs.plan(planned.pair);
      outcome = joined(outcome, await syncs.run(next, choices));
    }
    return outcome;
  }
}

/** Two rounds of one sync as one. */
function joined(one: SyncOutcome, other: SyncOutcome): SyncOutcome {
  return {
    ...other,
    succeeded: one.succeeded + other.succeeded,
    bytes: one.bytes + other.bytes,
    failures: [...one.failures, ...other.failures],
    skipped: one.skipped + other.skipped,
  };
}

function nearOf({ from }: SavedPair): NearSide {
  return from === undefined ? 'local' : 'remote';
}
