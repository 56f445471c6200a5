import * as vscode from 'vscode';
import { defineCommand, type AnyCommand } from '../command.ts';
import { commandIds } from '../ids.ts';
import { confirm } from '../prompts.ts';
import { removeArguments, type RemoveArguments } from './connectionArguments.ts';
import { connectionFor, nameFromTarget, type ConnectionDeps } from './connectionChoice.ts';

/** "Remove Connection…": the settings' entry and the access key. */
export function removeConnectionCommand(deps: ConnectionDeps): AnyCommand {
  return defineCommand({
    id: commandIds.removeConnection,
    schema: removeArguments,
    fromTarget: nameFromTarget,
    run: (args) => removeConnection(deps, args),
  });
}

async function removeConnection(
  deps: ConnectionDeps,
  args: RemoveArguments,
): Promise<{ readonly name: string }> {
  const { name } = await connectionFor(deps, args.name);
  if (args.confirmed !== true) {
    await confirm(
      vscode.l10n.t('Remove the connection "{0}"?', name),
      vscode.l10n.t(
        'Its entry in the settings and its access key are removed from here. The objects on the server and your customer keys stay.',
      ),
      vscode.l10n.t('Remove'),
    );
  }
  await deps.connections.remove(name);
  return { name };
}
