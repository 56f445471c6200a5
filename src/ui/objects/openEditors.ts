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
  const editors = vscode.window.tabGroups.all.flatMap(({ viewColumn, tabs }) =>
    tabs.flatMap((tab) => {
      const name = nameOf(tab);
      const target = name === undefined || tab.isDirty ? undefined : targets.get(name);
      const options = { viewColumn, preview: tab.isPreview, preserveFocus: !tab.isActive };
      return name === undefined || target === undefined ? [] : [{ name, target, options }];
    }),
  );
  for (const { name, target, options } of editors) {
    await vscode.commands.executeCommand('vscode.open', target, options);
    // Looked for anew: opening may have replaced it, and replaces what stands for it here.
    const { tabGroups } = vscode.window;
    const group = tabGroups.all.find(({ viewColumn }) => viewColumn === options.viewColumn);
    const old = group?.tabs.find((tab) => nameOf(tab) === name);
    if (old !== undefined) await tabGroups.close(old, true);
  }
}

/** The URI of the file that a tab shows; undefined for a tab of anything else. */
function nameOf({ input }: vscode.Tab): string | undefined {
  const isFile = input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom;
  return isFile ? input.uri.toString() : undefined;
}
