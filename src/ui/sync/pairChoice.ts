import * as vscode from 'vscode';
import { visibleText } from '../../core/visibleText.ts';
import { Cancelled, InvalidArguments } from '../command.ts';
import { commandIds } from '../ids.ts';
import { pick } from '../prompts.ts';
import { sidesText } from './planItems.ts';
import { isSyncNode, PairNode } from './planNodes.ts';
import type { SavedPair } from './savedPair.ts';
import type { SyncDeps } from './syncDeps.ts';
import { lastSyncText } from './syncHistory.ts';

/**
 * The saved pair of that name, or the one that the person picks if no name was given.
 *
 * @throws InvalidArguments if there is none; Cancelled
 */
export async function pairFor(
  { settings, history }: Pick<SyncDeps, 'settings' | 'history'>,
  name: string | undefined,
  title: string,
): Promise<SavedPair> {
  if (name !== undefined) {
    const pair = settings.get(name);
    if (pair !== undefined) return pair;
    const problem = settings.problems().find(({ path }) => path[0] === name);
    throw new InvalidArguments(
      problem === undefined
        ? vscode.l10n.t(
            'There is no pair "{0}". Pairs stand in the setting "ssec.sync"; those of an untrusted workspace are not used.',
            name,
          )
        : vscode.l10n.t(
            'The pair "{0}" cannot be used: {1}',
            problem.path.join(' › '),
            problem.message,
          ),
    );
  }
  const pairs = settings.list();
  if (pairs.length === 0) {
    await offerFirstPair();
    throw new Cancelled();
  }
  const choices = pairs.map((pair) => {
    const last = history.last(pair.name);
    return {
      label: visibleText(pair.name),
      description: sidesText(pair),
      ...(last === undefined ? {} : { detail: lastSyncText(last) }),
      value: pair,
    };
  });
  return await pick(choices, { title, placeHolder: vscode.l10n.t('The pair') });
}

async function offerFirstPair(): Promise<void> {
  const add = vscode.l10n.t('Sync…');
  const message = vscode.l10n.t('There is no pair of places to sync yet.');
  if ((await vscode.window.showInformationMessage(message, add)) !== add) return;
  await vscode.commands.executeCommand(commandIds.addSyncPair);
}

/** The pair that a menu was opened on, as an argument. */
export function nameFromTarget(target: unknown): { readonly name?: string } | undefined {
  if (target instanceof PairNode) return { name: target.pair.name };
  return isSyncNode(target) ? {} : undefined;
}
