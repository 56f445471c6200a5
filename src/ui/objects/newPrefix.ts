import * as v from 'valibot';
import * as vscode from 'vscode';
import { formatAddress } from '../../core/address.ts';
import { StoreError } from '../../core/storeError.ts';
import { visibleText } from '../../core/visibleText.ts';
import { type AnyCommand, defineCommand, InvalidArguments } from '../command.ts';
import { createMarker } from '../files/directories.ts';
import { commandIds } from '../ids.ts';
import { askText } from '../prompts.ts';
import { placeFromTarget, prefixFields, text } from './objectArguments.ts';
import type { ObjectDeps } from './objectDeps.ts';
import { placeFor } from './placePrompts.ts';

const schema = v.strictObject({ ...prefixFields, name: v.optional(text) });
type NewPrefixArguments = v.InferOutput<typeof schema>;

/** "New Prefix…": made visible by a zero-byte object with the prefix as its key. */
export function newPrefixCommand(deps: ObjectDeps): AnyCommand {
  return defineCommand({
    id: commandIds.newPrefix,
    schema,
    fromTarget: placeFromTarget,
    run: (args) => newPrefix(deps, args),
  });
}

async function newPrefix(
  deps: ObjectDeps,
  { name, ...args }: NewPrefixArguments,
): Promise<{ readonly connection: string; readonly bucket: string; readonly prefix: string }> {
  const { context, changes } = deps;
  const title = vscode.l10n.t('New Prefix');
  const place = await placeFor(deps, args, title, 'prefix');
  if (place.type === 'object') throw new InvalidArguments('Expected a prefix, and not an object.');
  const { connection, bucket, prefix } = place.address;
  const below = visibleText(formatAddress({ bucket, key: prefix }));
  const answer =
    name ??
    (await askText({
      ...{ title, prompt: vscode.l10n.t('Its name below {0}', below) },
      validateInput: (typed) => (typed === '' ? vscode.l10n.t('The name is missing') : undefined),
    }));
  const made = { connection, bucket, prefix: `${prefix}${answer.replace(/\/$/, '')}/` };
  const where = { bucket, key: made.prefix };
  if ((await createMarker(context, made)) === undefined) {
    const message = vscode.l10n.t('There is {0} already.', visibleText(formatAddress(where)));
    throw new StoreError('conflict', message, { connection, ...where });
  }
  changes.fire({ type: 'created', address: { connection, ...where } });
  return made;
}
