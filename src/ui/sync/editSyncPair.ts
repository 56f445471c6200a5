import * as v from 'valibot';
import * as vscode from 'vscode';
import { type AnyCommand, defineCommand } from '../command.ts';
import { commandIds, settingIds } from '../ids.ts';
import { text } from '../objects/objectArguments.ts';
import { hasWorkspaceSettings } from '../workspaceSettings.ts';
import { nameFromTarget } from './pairChoice.ts';
import type { SyncDeps } from './syncDeps.ts';

/** "Edit Sync Pairs": opens the settings that they stand in. */
export function editSyncPairCommand({ settings }: SyncDeps): AnyCommand {
  return defineCommand({
    id: commandIds.editSyncPair,
    schema: v.strictObject({ name: v.optional(text) }),
    fromTarget: nameFromTarget,
    run: async ({ name }) => {
      const known = name === undefined ? undefined : settings.targetOf(name);
      const target = known ?? (hasWorkspaceSettings() ? 'workspace' : 'user');
      await vscode.commands.executeCommand(
        target === 'workspace'
          ? 'workbench.action.openWorkspaceSettingsFile'
          : 'workbench.action.openSettingsJson',
        { revealSetting: { key: settingIds.sync, edit: false } },
      );
      return { setting: settingIds.sync, target };
    },
  });
}
