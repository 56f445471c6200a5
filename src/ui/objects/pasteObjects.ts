import * as v from 'valibot';
import * as vscode from 'vscode';
import { parentPrefix, type PrefixAddress } from '../../core/address.ts';
import { type AnyCommand, defineCommand, InvalidArguments } from '../command.ts';
import { commandIds } from '../ids.ts';
import { DroppedItems } from '../tree/droppedItems.ts';
import type { ObjectClipboard } from './objectClipboard.ts';
import {
  flag,
  objectsField,
  type PlaceArguments,
  placeFields,
  placesFromTarget,
  placesIn,
  text,
} from './objectArguments.ts';
import type { ObjectDeps } from './objectDeps.ts';
import { placeFor } from './placePrompts.ts';
import type { RunOutcome } from './runOutcome.ts';
import { targetKeyOf } from './targetKey.ts';
import { transferPlaces } from './transferPlaces.ts';

const schema = v.strictObject({
  ...placeFields,
  objects: objectsField,
  files: v.optional(v.array(text, 'expected a list of paths.')),
  verb: v.optional(v.picklist(['move', 'copy'], 'expected "move" or "copy".')),
  targetKey: v.optional(text),
  overwrite: v.optional(flag),
  confirmed: v.optional(flag),
});
type PasteArguments = v.InferOutput<typeof schema>;

/** "Paste": puts what was cut, copied or dropped into a bucket or prefix. */
export function pasteObjectsCommand(deps: ObjectDeps, clipboard: ObjectClipboard): AnyCommand {
  return defineCommand({
    id: commandIds.pasteObjects,
    schema,
    fromTarget: (target): PasteArguments | undefined => {
      if (target instanceof DroppedItems) return target.arguments();
      // Into what is selected last, whatever else is.
      const node = target === 'selection' ? deps.tree.selection[0] : target;
      const place = placesFromTarget(node, []);
      if (place !== undefined || target !== 'selection') return place;
      throw new InvalidArguments(vscode.l10n.t('Select a bucket or prefix to paste into first.'));
    },
    run: (args) => paste(deps, clipboard, args),
  });
}

async function paste(
  deps: ObjectDeps,
  clipboard: ObjectClipboard,
  args: PasteArguments,
): Promise<RunOutcome> {
  const { objects, files = [], verb, targetKey, overwrite, confirmed, ...place } = args;
  const { clipping } = clipboard;
  const given = placesIn({ objects }) ?? (files.length > 0 ? [] : clipping?.places);
  if (given === undefined) {
    throw new InvalidArguments(vscode.l10n.t('Cut or copy something in the view "Objects" first.'));
  }
  const target = await targetFor(deps, place);
  if (files.length > 0) {
    return await vscode.commands.executeCommand<RunOutcome>(commandIds.put, {
      ...{ ...target, files },
      ...(confirmed === undefined ? {} : { confirmed }),
    });
  }
  const key = await targetKeyOf(deps, targetKey ?? 'asSource');
  const isClipped = objects === undefined;
  const outcome = await transferPlaces(
    deps,
    verb ?? (isClipped ? clipping?.verb : undefined),
    given,
    target,
    { targetKey: key, overwrite, confirmed },
  );
  // What was cut is not there any more.
  if (isClipped && clipping?.verb === 'move' && clipboard.clipping === clipping) {
    clipboard.clipping = undefined;
  }
  return outcome;
}

async function targetFor(deps: ObjectDeps, args: PlaceArguments): Promise<PrefixAddress> {
  const { type, address } = await placeFor(deps, args, vscode.l10n.t('Paste'), 'prefix');
  if (type === 'prefix') return address;
  const { connection, bucket, key } = address;
  // Beside an object.
  return { connection, bucket, prefix: parentPrefix(key) };
}
