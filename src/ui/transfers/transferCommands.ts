import * as v from 'valibot';
import * as vscode from 'vscode';
import { type AnyCommand, defineCommand } from '../command.ts';
import { commandIds, viewIds } from '../ids.ts';
import type { Log } from '../log.ts';
import { flag, text } from '../objects/objectArguments.ts';
import { type RunOutcome, showOutcome } from '../objects/runOutcome.ts';
import { confirm } from '../prompts.ts';
import { reportCommands } from './reportCommands.ts';
import type { Transfer } from './transfer.ts';
import { FailureNode, TransferNode } from './transferNodes.ts';
import {
  transferFor,
  transferFromTarget,
  transfersFor,
  transfersFromTarget,
} from './transferChoice.ts';
import type { Transfers } from './transfers.ts';

const several = { id: v.optional(text), ids: v.optional(v.array(text, 'expected a list of ids.')) };

/** What the commands about transfers need. */
export interface TransferCommandDeps {
  readonly transfers: Transfers;
  readonly log: Log;
}

/** The commands of the view "Transfers". */
export function transferCommands(deps: TransferCommandDeps): readonly AnyCommand[] {
  const { transfers } = deps;
  return [
    defineCommand({
      id: commandIds.showTransfers,
      schema: v.strictObject({ show: v.optional(flag) }),
      fromTarget: (target) =>
        target instanceof TransferNode || target instanceof FailureNode ? {} : undefined,
      run: async ({ show }) => {
        if (show !== false) await vscode.commands.executeCommand(`${viewIds.transfers}.focus`);
        return transfers.list().map(describe);
      },
    }),
    defineCommand({
      id: commandIds.cancelTransfer,
      schema: v.strictObject(several),
      fromTarget: transfersFromTarget,
      run: async (args) => {
        const title = vscode.l10n.t('Cancel Transfer');
        const chosen = await transfersFor(transfers, args, title, ({ isActive }) => isActive);
        for (const transfer of chosen) transfer.cancel();
        return { ids: chosen.map(({ id }) => id) };
      },
    }),
    defineCommand({
      id: commandIds.retryTransfer,
      schema: v.strictObject(several),
      fromTarget: transfersFromTarget,
      run: async (args) => {
        const title = vscode.l10n.t('Resume or Retry Transfer');
        const isRetryable = (transfer: Transfer): boolean => transfer.isRetryable;
        return await retry(deps, await transfersFor(transfers, args, title, isRetryable));
      },
    }),
    defineCommand({
      id: commandIds.revealTransfer,
      schema: v.strictObject({ id: v.optional(text) }),
      fromTarget: transferFromTarget,
      run: async ({ id }) => {
        const title = vscode.l10n.t('Reveal Target of Transfer');
        const isRevealable = ({ job }: Transfer): boolean => job.reveal !== undefined;
        const transfer = await transferFor(transfers, id, title, isRevealable);
        await transfer.job.reveal?.();
        return { id: transfer.id };
      },
    }),
    defineCommand({
      id: commandIds.removeTransfer,
      schema: v.strictObject({ ...several, confirmed: v.optional(flag) }),
      fromTarget: transfersFromTarget,
      run: async ({ confirmed, ...args }) => {
        const title = vscode.l10n.t('Remove Transfer');
        const chosen = await transfersFor(transfers, args, title, ({ isActive }) => !isActive);
        const unfinished = chosen.filter(({ isRetryable }) => isRetryable);
        if (confirmed !== true) await agreeToRemove(unfinished);
        for (const transfer of chosen) {
          if (transfer.isRetryable) await transfer.job.keeper?.discard();
          transfers.remove(transfer);
        }
        return { ids: chosen.map(({ id }) => id) };
      },
    }),
    defineCommand({
      id: commandIds.clearDoneTransfers,
      schema: v.strictObject({}),
      fromTarget: () => ({}),
      run: () => Promise.resolve({ cleared: transfers.clearDone() }),
    }),
    ...reportCommands(transfers),
  ];
}

async function retry(
  { transfers, log }: TransferCommandDeps,
  chosen: readonly Transfer[],
): Promise<RunOutcome> {
  const all = await Promise.all(chosen.map((transfer) => transfers.retry(transfer)));
  const outcomes = all.filter((outcome) => outcome !== undefined);
  const outcome: RunOutcome = {
    succeeded: outcomes.reduce((sum, { succeeded }) => sum + succeeded, 0),
    failures: outcomes.flatMap(({ failures }) => failures),
    skipped: outcomes.reduce((sum, { skipped }) => sum + skipped, 0),
  };
  showOutcome({ log }, outcome, vscode.l10n.t('{0} objects transferred', outcome.succeeded));
  return outcome;
}

/** @throws Cancelled */
async function agreeToRemove(unfinished: readonly Transfer[]): Promise<void> {
  const [first] = unfinished;
  if (first === undefined) return;
  await confirm(
    unfinished.length === 1
      ? vscode.l10n.t('Remove “{0}” from the list?', first.job.label)
      : vscode.l10n.t('Remove {0} unfinished transfers from the list?', unfinished.length),
    vscode.l10n.t(
      'It cannot be resumed then. What is across stays; unfinished parts of large files are removed.',
    ),
    vscode.l10n.t('Remove'),
  );
}

/** A transfer as callers get it. */
function describe({ id, job, state, progress, outcome, error }: Transfer): object {
  const { kind, label } = job;
  return { id, kind, label, state, ...progress, outcome, error: error?.message };
}
