import * as vscode from 'vscode';
import { InvalidArguments } from './command.ts';

/** Which settings are written: the user's, or this workspace's. */
export type SettingTarget = 'user' | 'workspace';

/** Whether there are workspace settings that are used, and so may be written. */
export function hasWorkspaceSettings(): boolean {
  return vscode.workspace.isTrusted && (vscode.workspace.workspaceFolders?.length ?? 0) > 0;
}

/** @throws InvalidArguments if nothing of what would be written there is used */
export function checkTarget(target: SettingTarget): void {
  if (target === 'user' || hasWorkspaceSettings()) return;
  throw new InvalidArguments(
    vscode.workspace.isTrusted
      ? vscode.l10n.t('No folder is open, so there are no workspace settings.')
      : vscode.l10n.t('This workspace is not trusted, so its settings are not used.'),
  );
}

/** The same, as VS Code names it. */
export function configurationTarget(target: SettingTarget): vscode.ConfigurationTarget {
  return target === 'user'
    ? vscode.ConfigurationTarget.Global
    : vscode.ConfigurationTarget.Workspace;
}
