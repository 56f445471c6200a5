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
import { transferFor, transferFromTarget as fromTarget } from './transferChoice.ts';
import type { Transfers } from './transfers.ts';

const schema = v.strictObject({ id: v.optional(text) });

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
      fromTarget: () => ({}),
      run: async ({ show }) => {
        if (show !== false) await vscode.commands.executeCommand(`${viewIds.transfers}.focus`);
        return transfers.list().map(describe);
      },
    }),
    defineCommand({
      id: commandIds.cancelTransfer,
      schema,
      fromTarget,
      run: async ({ id }) => {
        const title = vscode.l10n.t('Cancel Transfer');
        const transfer = await transferFor(transfers, id, title, ({ isActive }) => isActive);
        transfer.cancel();
        return { id: transfer.id };
      },
    }),
    defineCommand({
      id: commandIds.retryTransfer,
      schema,
      fromTarget,
      run: async ({ id }) => {
        const title = vscode.l10n.t('Resume or Retry Transfer');
        return await retry(deps, await transferFor(transfers, id, title, isRetryable));
      },
    }),
    defineCommand({
      id: commandIds.revealTransfer,
      schema,
      fromTarget,
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
      schema: v.strictObject({ id: v.optional(text), confirmed: v.optional(flag) }),
      fromTarget,
      run: async ({ id, confirmed }) => {
        const title = vscode.l10n.t('Remove Transfer');
        const transfer = await transferFor(transfers, id, title, ({ isActive }) => !isActive);
        if (transfer.isRetryable && confirmed !== true) await agreeToRemove(transfer);
        if (transfer.isRetryable) await transfer.job.keeper?.discard();
        transfers.remove(transfer);
        return { id: transfer.id };
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

function isRetryable(transfer: Transfer): boolean {
  return transfer.isRetryable;
}

async function retry(
  { transfers, log }: TransferCommandDeps,
  transfer: Transfer,
): Promise<RunOutcome | undefined> {
  const outcome = await transfers.retry(transfer);
  if (outcome !== undefined) {
    showOutcome({ log }, outcome, vscode.l10n.t('{0} objects transferred', outcome.succeeded));
  }
  return outcome;
}

/** @throws Cancelled */
async function agreeToRemove({ job }: Transfer): Promise<void> {
  await confirm(
    vscode.l10n.t('Remove “{0}” from the list?', job.label),
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
