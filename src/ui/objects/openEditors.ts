import * as vscode from 'vscode';
import { baseName, type ObjectAddress } from '../../core/address.ts';
import { StoreError } from '../../core/storeError.ts';
import { fileUri, tryAddressOf } from '../files/fileUris.ts';
import { isDirty, openFiles } from '../files/openFiles.ts';

/**
 * Refuses to move away what has unsaved changes in an editor.
 *
 * @param isMoved which objects are to be moved
 * @throws StoreError `conflict`
 */
export function requireSaved(isMoved: (address: ObjectAddress) => boolean): void {
  for (const uri of openFiles()) {
    const address = tryAddressOf(uri);
    if (address === undefined || !isMoved(address) || !isDirty(uri)) continue;
    throw new StoreError(
      'conflict',
      vscode.l10n.t('“{0}” has unsaved changes. Save or revert it first.', baseName(address.key)),
      address,
    );
  }
}

/** Shows moved objects in the editors that showed them before. */
export async function followMoves(
  moves: readonly { readonly source: ObjectAddress; readonly target: ObjectAddress }[],
): Promise<void> {
  const targets = new Map(
    moves.map(({ source, target }) => [fileUri(source).toString(), fileUri(target)]),
  );
  for (const group of vscode.window.tabGroups.all) {
    for (const tab of group.tabs) {
      const { input } = tab;
      const isFile = input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom;
      const target = isFile ? targets.get(input.uri.toString()) : undefined;
      if (target === undefined || tab.isDirty) continue;
      const { viewColumn } = group;
      const options = { viewColumn, preview: tab.isPreview, preserveFocus: !tab.isActive };
      await vscode.commands.executeCommand('vscode.open', target, options);
      await vscode.window.tabGroups.close(tab, true);
    }
  }
}
