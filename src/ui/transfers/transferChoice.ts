import * as vscode from 'vscode';
import { InvalidArguments } from '../command.ts';
import { pick } from '../prompts.ts';
import type { Transfer } from './transfer.ts';
import { TransferNode } from './transferNodes.ts';
import type { Transfers } from './transfers.ts';
import { describeTransfer } from './transferText.ts';

/** How arguments name one transfer, or several. */
export interface TransferArguments {
  readonly id?: string | undefined;
  readonly ids?: readonly string[] | undefined;
}

/** What a menu of the view was opened on, as arguments. */
export function transferFromTarget(target: unknown): { id: string } | undefined {
  return target instanceof TransferNode ? { id: target.transfer.id } : undefined;
}

/** The same with everything that is selected. */
export function transfersFromTarget(
  target: unknown,
  selection: readonly unknown[],
): { id: string } | { ids: string[] } | undefined {
  const nodes = selection.filter((node) => node instanceof TransferNode);
  return nodes.length > 1
    ? { ids: nodes.map(({ transfer }) => transfer.id) }
    : transferFromTarget(target);
}

/**
 * The transfers that arguments name, or the one that the person picks. Of several, those that do
 * not fit are left alone.
 *
 * @throws InvalidArguments, Cancelled
 */
export async function transfersFor(
  transfers: Transfers,
  { id, ids }: TransferArguments,
  title: string,
  fits: (transfer: Transfer) => boolean,
): Promise<readonly Transfer[]> {
  if (ids === undefined) return [await transferFor(transfers, id, title, fits)];
  return transfers.list().filter((transfer) => ids.includes(transfer.id) && fits(transfer));
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
