import * as vscode from 'vscode';
import { InvalidArguments } from '../command.ts';
import type { ObjectTree } from '../tree/objectTree.ts';
import { placesFromTarget, type PlacesArguments } from './objectArguments.ts';

/** What key bindings pass for all that is selected in the view "Objects". */
const selectionWord = 'selection';

/**
 * Reads what a command over several places was run on: a part of a selection by a menu, or the
 * selection itself by a key binding.
 */
export function selectedTargets(
  tree: Pick<ObjectTree, 'selection'>,
): (target: unknown, selection: readonly unknown[]) => PlacesArguments | undefined {
  return (target, selection) => {
    if (target !== selectionWord) return placesFromTarget(target, selection);
    const nodes = tree.selection;
    const places = placesFromTarget(nodes[0], nodes);
    if (places !== undefined) return places;
    throw new InvalidArguments(vscode.l10n.t('Select something in the view "Objects" first.'));
  };
}
