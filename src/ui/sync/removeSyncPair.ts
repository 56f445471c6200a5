import * as v from 'valibot';
import * as vscode from 'vscode';
import { visibleText } from '../../core/visibleText.ts';
import { type AnyCommand, defineCommand } from '../command.ts';
import { commandIds } from '../ids.ts';
import { flag, text } from '../objects/objectArguments.ts';
import { confirm } from '../prompts.ts';
import { nameFromTarget, pairFor } from './pairChoice.ts';
import type { SyncDeps } from './syncDeps.ts';

/** "Remove Sync Pair…": the entry in the settings; files and objects stay. */
export function removeSyncPairCommand(deps: SyncDeps): AnyCommand {
  return defineCommand({
    id: commandIds.removeSyncPair,
    schema: v.strictObject({ name: v.optional(text), confirmed: v.optional(flag) }),
    fromTarget: nameFromTarget,
    run: async (args) => {
      const { name } = await pairFor(deps, args.name, vscode.l10n.t('Remove Sync Pair'));
      if (args.confirmed !== true) {
        await confirm(
          vscode.l10n.t('Remove the pair “{0}”?', visibleText(name)),
          vscode.l10n.t(
            'Its entry in the settings is removed. The files and objects of both sides stay as they are.',
          ),
          vscode.l10n.t('Remove'),
        );
      }
      await deps.settings.remove(name);
      return { name };
    },
  });
}
