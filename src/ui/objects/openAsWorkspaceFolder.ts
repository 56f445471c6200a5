import * as v from 'valibot';
import * as vscode from 'vscode';
import { formatAddress, type PrefixAddress } from '../../core/address.ts';
import { toUriParts } from '../../core/objectUri.ts';
import { StoreError } from '../../core/storeError.ts';
import { visibleText } from '../../core/visibleText.ts';
import { findListed } from '../../transfer/findListed.ts';
import { type AnyCommand, defineCommand, InvalidArguments } from '../command.ts';
import { commandIds } from '../ids.ts';
import { placeFromTarget, prefixFields } from './objectArguments.ts';
import type { ObjectDeps } from './objectDeps.ts';
import { placeFor } from './placePrompts.ts';

/** "Open as Workspace Folder": a bucket or prefix among the folders of the window. */
export function openAsWorkspaceFolderCommand(deps: ObjectDeps): AnyCommand {
  return defineCommand({
    id: commandIds.openAsWorkspaceFolder,
    schema: v.strictObject(prefixFields),
    fromTarget: placeFromTarget,
    run: async (args) => {
      const place = await placeFor(deps, args, vscode.l10n.t('Open as Workspace Folder'), 'prefix');
      if (place.type === 'object') {
        throw new InvalidArguments('Expected a bucket or prefix, and not an object.');
      }
      return await openAsWorkspaceFolder(deps, place.address);
    },
  });
}

async function openAsWorkspaceFolder(
  { context }: ObjectDeps,
  address: PrefixAddress,
): Promise<{ readonly uri: string; readonly name: string }> {
  const { connection, bucket, prefix } = address;
  const store = await context.stores.get(connection);
  const key = prefix.slice(0, -1);
  // An object of the same name would have the URI without the mark.
  const isBesideObject =
    key !== '' && (await findListed(store, { connection, bucket, key })) !== undefined;
  const uri = vscode.Uri.from(toUriParts(address, isBesideObject));
  const path = formatAddress({ bucket, key }).slice('s3://'.length).replace(/\/$/, '');
  const name = visibleText(`${path} (${connection})`);
  const folders = vscode.workspace.workspaceFolders ?? [];
  const isThere = folders.some((folder) => folder.uri.toString() === uri.toString());
  if (!isThere && !vscode.workspace.updateWorkspaceFolders(folders.length, 0, { uri, name })) {
    const message = vscode.l10n.t('VS Code did not take “{0}” as a workspace folder.', name);
    throw new StoreError('unknown', message, { connection, bucket, key: prefix });
  }
  return { uri: uri.toString(), name };
}
