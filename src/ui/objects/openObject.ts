import * as v from 'valibot';
import * as vscode from 'vscode';
import type { ObjectAddress } from '../../core/address.ts';
import { type AnyCommand, defineCommand, InvalidArguments } from '../command.ts';
import { fileUri } from '../files/fileUris.ts';
import { commandIds } from '../ids.ts';
import { objectFields, objectsField, placesIn, type PlacesArguments } from './objectArguments.ts';
import type { ObjectDeps } from './objectDeps.ts';
import { objectFor } from './placePrompts.ts';
import { selectedTargets } from './selectedTargets.ts';

/** "Open Object…": in the editor that VS Code has for it. */
export function openObjectCommand(deps: ObjectDeps): AnyCommand {
  return defineCommand({
    id: commandIds.openObject,
    schema: v.strictObject({ ...objectFields, objects: objectsField }),
    fromTarget: selectedTargets(deps.tree),
    run: async (args) => {
      const addresses = await addressesOf(deps, args);
      const uris = addresses.map((address) => fileUri(address));
      for (const uri of uris) {
        // Of several each keeps its tab.
        const options = uris.length > 1 ? [{ preview: false }] : [];
        await vscode.commands.executeCommand('vscode.open', uri, ...options);
      }
      const [uri] = uris.map(String);
      return uris.length > 1 ? { uris: uris.map(String) } : { uri };
    },
  });
}

async function addressesOf(
  deps: ObjectDeps,
  args: PlacesArguments,
): Promise<readonly ObjectAddress[]> {
  const places = placesIn(args);
  if (places === undefined) return [await objectFor(deps, args, vscode.l10n.t('Open Object'))];
  // Prefixes that are selected with objects have no editor.
  const objects = places.flatMap(({ type, address }) => (type === 'object' ? [address] : []));
  if (objects.length > 0) return objects;
  throw new InvalidArguments(vscode.l10n.t('There is no object among what is to be opened.'));
}
