import * as v from 'valibot';
import * as vscode from 'vscode';
import { type AnyCommand, defineCommand, InvalidArguments } from '../command.ts';
import { commandIds, viewIds } from '../ids.ts';
import { flag, text } from '../objects/objectArguments.ts';
import type { RunOutcome } from '../objects/runOutcome.ts';
import { pick } from '../prompts.ts';
import type { Transfer } from './transfer.ts';
import { TransferNode } from './transferNodes.ts';
import type { Transfers } from './transfers.ts';
import { describeTransfer } from './transferText.ts';

const schema = v.strictObject({ id: v.optional(text) });
type TransferArguments = v.InferOutput<typeof schema>;

/** What the commands about transfers need. */
export interface TransferCommandDeps {
  readonly transfers: Transfers;
}

/** The commands of the view "Transfers". */
export function transferCommands({ transfers }: TransferCommandDeps): readonly AnyCommand[] {
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
      run: async (args) => {
        const title = vscode.l10n.t('Cancel Transfer');
        const transfer = await transferFor(transfers, args, title, ({ isActive }) => isActive);
        transfer.cancel();
        return { id: transfer.id };
      },
    }),
    defineCommand({
      id: commandIds.retryTransfer,
      schema,
      fromTarget,
      run: async (args): Promise<RunOutcome | undefined> => {
        const title = vscode.l10n.t('Retry Transfer');
        const transfer = await transferFor(transfers, args, title, isRetryable);
        return await transfers.retry(transfer);
      },
    }),
    defineCommand({
      id: commandIds.revealTransfer,
      schema,
      fromTarget,
      run: async (args) => {
        const title = vscode.l10n.t('Reveal Transfer');
        const isRevealable = ({ job }: Transfer): boolean => job.reveal !== undefined;
        const transfer = await transferFor(transfers, args, title, isRevealable);
        await transfer.job.reveal?.();
        return { id: transfer.id };
      },
    }),
    defineCommand({
      id: commandIds.clearDoneTransfers,
      schema: v.strictObject({}),
      fromTarget: () => ({}),
      run: () => Promise.resolve({ cleared: transfers.clearDone() }),
    }),
  ];
}

function isRetryable({ state }: Transfer): boolean {
  return state === 'failed' || state === 'cancelled';
}

function fromTarget(target: unknown): TransferArguments | undefined {
  return target instanceof TransferNode ? { id: target.transfer.id } : undefined;
}

/** A transfer as callers get it. */
function describe({ id, job, state, progress, outcome, error }: Transfer): object {
  const { kind, label } = job;
  return { id, kind, label, state, ...progress, outcome, error: error?.message };
}

/** The transfer that arguments name, or that the person picks. @throws InvalidArguments, Cancelled */
async function transferFor(
  transfers: Transfers,
  { id }: TransferArguments,
  title: string,
  fits: (transfer: Transfer) => boolean,
): Promise<Transfer> {
  const fitting = transfers.list().filter(fits);
  if (id !== undefined) {
    const transfer = fitting.find((each) => each.id === id);
    if (transfer !== undefined) return transfer;
    throw new InvalidArguments(vscode.l10n.t('"id": there is no such transfer.'));
  }
  if (fitting.length === 0) {
    throw new InvalidArguments(vscode.l10n.t('There is no transfer that this could be done with.'));
  }
  const choices = fitting.map((transfer) => ({
    label: transfer.job.label,
    description: describeTransfer(transfer),
    value: transfer,
  }));
  return await pick(choices, { title, placeHolder: vscode.l10n.t('The transfer') });
}
