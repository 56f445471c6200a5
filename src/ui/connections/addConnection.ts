import * as vscode from 'vscode';
import { defineCommand, type AnyCommand } from '../command.ts';
import { commandIds } from '../ids.ts';
import { confirm } from '../prompts.ts';
import { askSteps } from '../steps.ts';
import { checkTarget } from '../workspaceSettings.ts';
import type { ConnectionDeps } from './connectionChoice.ts';
import { addArguments, type AddArguments, applyArguments } from './connectionArguments.ts';
import type { ConnectionDraft } from './connectionDraft.ts';
import { newConnectionSteps } from './connectionSteps.ts';
import { tryAndKeep } from './keepConnection.ts';

/** What `ssec.addConnection` returns. */
export interface AddedConnection {
  readonly name: string;
  readonly target: 'user' | 'workspace';
  /** Whether the trial succeeded. */
  readonly tried: boolean;
  /** The buckets that it showed. */
  readonly buckets: readonly string[];
}

/** "Add Connection…": asks, tries, keeps. */
export function addConnectionCommand(deps: ConnectionDeps): AnyCommand {
  return defineCommand({
    id: commandIds.addConnection,
    schema: addArguments,
    run: (args) => addConnection(deps, args),
  });
}

async function addConnection(deps: ConnectionDeps, args: AddArguments): Promise<AddedConnection> {
  const { connections, stores } = deps;
  const title = vscode.l10n.t('Add Connection');
  const taken = connections.list().map(({ name }) => name);
  const draft: ConnectionDraft = { service: 's3', name: args.name, target: args.target };
  applyArguments(draft, args);
  const isComplete =
    args.name !== undefined &&
    args.credentials !== undefined &&
    (args.endpoint !== undefined || args.service === 'aws');
  if (!isComplete) await askSteps(title, newConnectionSteps(taken, args), draft);

  const target = draft.target ?? 'user';
  checkTarget(target);
  const kept = await tryAndKeep(draft, {
    title,
    stores,
    taken,
    interactive: !isComplete,
    keepOnFailure: args.keepOnFailure === true,
    check: async ({ name }) => {
      const replaced = connections.targetOf(name) === target;
      if (replaced && args.confirmed !== true) await confirmReplacement(name);
    },
    keep: (connection, accessKey) => connections.add(connection, accessKey, target),
  });

  const { name } = kept.connection;
  const buckets = kept.trial?.buckets ?? [];
  if (!isComplete) {
    const message =
      kept.trial === undefined
        ? vscode.l10n.t('The connection "{0}" was kept untried.', name)
        : vscode.l10n.t('The connection "{0}" works; buckets: {1}.', name, buckets.length);
    void vscode.window.showInformationMessage(message);
  }
  return { name, target, tried: kept.trial !== undefined, buckets };
}

async function confirmReplacement(name: string): Promise<void> {
  await confirm(
    vscode.l10n.t('Replace the connection "{0}"?', name),
    vscode.l10n.t('Its settings and its access key are replaced. Objects and customer keys stay.'),
    vscode.l10n.t('Replace'),
  );
}
