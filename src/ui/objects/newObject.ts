import * as v from 'valibot';
import * as vscode from 'vscode';
import { formatAddress, type ObjectAddress } from '../../core/address.ts';
import { StoreError } from '../../core/storeError.ts';
import { visibleText } from '../../core/visibleText.ts';
import { createObject, SaveConflict } from '../../transfer/saveObject.ts';
import { type AnyCommand, defineCommand } from '../command.ts';
import { fileUri } from '../files/fileUris.ts';
import { commandIds } from '../ids.ts';
import { askText } from '../prompts.ts';
import {
  flag,
  type PlaceArguments,
  placeFields,
  placeFromTarget,
  text,
} from './objectArguments.ts';
import type { ObjectDeps } from './objectDeps.ts';
import { placeFor } from './placePrompts.ts';

const schema = v.strictObject({
  ...placeFields,
  name: v.optional(text),
  open: v.optional(flag),
});
type NewArguments = v.InferOutput<typeof schema>;

/** "New Object…": an empty one, encrypted as the rules say; then it is opened. */
export function newObjectCommand(deps: ObjectDeps): AnyCommand {
  return defineCommand({
    id: commandIds.newObject,
    schema,
    fromTarget: placeFromTarget,
    run: (args) => newObject(deps, args),
  });
}

async function newObject(
  deps: ObjectDeps,
  { name, open, ...place }: NewArguments,
): Promise<{ readonly uri: string }> {
  const { context, changes, tree } = deps;
  const address = await newAddress(deps, place, name);
  const store = await context.stores.get(address.connection);
  try {
    const { keys, describeUpload } = context;
    await createObject(store, keys, address, new Uint8Array(), { describeUpload });
  } catch (error) {
    if (!(error instanceof SaveConflict)) throw error;
    const where = visibleText(formatAddress(address));
    const message = vscode.l10n.t('There is an object {0} already.', where);
    throw new StoreError('conflict', message, address, error);
  }
  changes.fire({ type: 'created', address });
  const uri = fileUri(address);
  if (open !== false) {
    await vscode.commands.executeCommand('vscode.open', uri, { preview: false });
  }
  await tree.reveal(address);
  return { uri: uri.toString() };
}

async function newAddress(
  deps: ObjectDeps,
  args: PlaceArguments,
  name: string | undefined,
): Promise<ObjectAddress> {
  const title = vscode.l10n.t('New Object');
  const place = await placeFor(deps, args, title, 'any');
  if (place.type === 'object') return place.address;
  const { connection, bucket, prefix } = place.address;
  const below = visibleText(formatAddress({ bucket, key: prefix }));
  const answer =
    name ??
    (await askText({ title, prompt: vscode.l10n.t('Its key below {0}', below), validateInput }));
  return { connection, bucket, key: prefix + answer };
}

function validateInput(name: string): string | undefined {
  return name === '' ? vscode.l10n.t('The name is missing') : undefined;
}
