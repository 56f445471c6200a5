import * as vscode from 'vscode';
import { InvalidArguments } from '../command.ts';
import { pick } from '../prompts.ts';
import type { Transfer } from './transfer.ts';
import { TransferNode } from './transferNodes.ts';
import type { Transfers } from './transfers.ts';
import { describeTransfer } from './transferText.ts';

/** What a menu of the view was opened on, as arguments. */
export function transferFromTarget(target: unknown): { readonly id: string } | undefined {
  return target instanceof TransferNode ? { id: target.transfer.id } : undefined;
}

/** The transfer that arguments name, or that the person picks. @throws InvalidArguments, Cancelled */
export async function transferFor(
  transfers: Transfers,
  id: string | undefined,
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
