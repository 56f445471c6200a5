import * as v from 'valibot';
import * as vscode from 'vscode';
import { type AnyCommand, defineCommand } from '../command.ts';
import { commandIds } from '../ids.ts';
import { objectsField, placeFields, placesIn, type PlacesArguments } from './objectArguments.ts';
import type { ObjectClipboard } from './objectClipboard.ts';
import type { ObjectDeps } from './objectDeps.ts';
import { placeFor } from './placePrompts.ts';
import { selectedTargets } from './selectedTargets.ts';
import type { Verb } from './transferObject.ts';

/** "Cut" and "Copy" in the view "Objects": what "Paste" is to move or copy. */
export function clipCommands(deps: ObjectDeps, clipboard: ObjectClipboard): readonly AnyCommand[] {
  const schema = v.strictObject({ ...placeFields, objects: objectsField });
  const fromTarget = selectedTargets(deps.tree);
  const clip = async (
    args: PlacesArguments,
    verb: Verb,
    title: string,
  ): Promise<{ readonly count: number }> => {
    const places = placesIn(args) ?? [await placeFor(deps, args, title, 'any')];
    clipboard.clipping = { verb, places };
    return { count: places.length };
  };
  return [
    defineCommand({
      id: commandIds.cutObjects,
      ...{ schema, fromTarget },
      run: (args) => clip(args, 'move', vscode.l10n.t('Cut')),
    }),
    defineCommand({
      id: commandIds.copyObjects,
      ...{ schema, fromTarget },
      run: (args) => clip(args, 'copy', vscode.l10n.t('Copy')),
    }),
  ];
}
