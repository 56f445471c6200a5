import * as v from 'valibot';
import * as vscode from 'vscode';
import { type AnyCommand, defineCommand } from '../command.ts';
import { fileUri } from '../files/fileUris.ts';
import { commandIds } from '../ids.ts';
import { objectFields, placeFromTarget } from './objectArguments.ts';
import type { ObjectDeps } from './objectDeps.ts';
import { objectFor } from './placePrompts.ts';

/** "Open Object…": in the editor that VS Code has for it. */
export function openObjectCommand(deps: ObjectDeps): AnyCommand {
  return defineCommand({
    id: commandIds.openObject,
    schema: v.strictObject(objectFields),
    fromTarget: placeFromTarget,
    run: async (args) => {
      const uri = fileUri(await objectFor(deps, args, vscode.l10n.t('Open Object')));
      await vscode.commands.executeCommand('vscode.open', uri);
      return { uri: uri.toString() };
    },
  });
}
