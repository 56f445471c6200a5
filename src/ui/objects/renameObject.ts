import * as v from 'valibot';
import * as vscode from 'vscode';
import { baseName, type ObjectAddress, parentPrefix } from '../../core/address.ts';
import { type AnyCommand, Cancelled, defineCommand } from '../command.ts';
import { commandIds } from '../ids.ts';
import { askText } from '../prompts.ts';
import { flag, placeFields, placeFromTarget, text } from './objectArguments.ts';
import type { ObjectDeps } from './objectDeps.ts';
import { placeFor } from './placePrompts.ts';
import type { RunOutcome } from './runOutcome.ts';
import { transferObject } from './transferObject.ts';
import { transferPrefix } from './transferPrefix.ts';

const schema = v.strictObject({
  ...placeFields,
  name: v.optional(text),
  overwrite: v.optional(flag),
  confirmed: v.optional(flag),
});
type RenameArguments = v.InferOutput<typeof schema>;

/** "Rename…": an object, or everything below a prefix, within the prefix that it stands in. */
export function renameObjectCommand(deps: ObjectDeps): AnyCommand {
  return defineCommand({
    id: commandIds.renameObject,
    schema,
    // By a key it is what is selected first.
    fromTarget: (target) =>
      placeFromTarget(target === 'selection' ? deps.tree.selection[0] : target),
    run: (args) => renameObject(deps, args),
  });
}

async function renameObject(
  deps: ObjectDeps,
  { name, overwrite, confirmed, ...args }: RenameArguments,
): Promise<ObjectAddress | RunOutcome> {
  const title = vscode.l10n.t('Rename');
  const place = await placeFor(deps, args, title, 'any');
  if (place.type === 'prefix') {
    const { connection, bucket, prefix } = place.address;
    const answer = name ?? (await askName(title, baseName(prefix).slice(0, -1)));
    const renamed = `${parentPrefix(prefix)}${answer.replace(/\/$/, '')}/`;
    const target = { connection, bucket, prefix: renamed };
    return await transferPrefix(deps, 'move', place.address, target, { overwrite, confirmed });
  }
  const { connection, bucket, key } = place.address;
  const answer = name ?? (await askName(title, baseName(key)));
  const target = { connection, bucket, key: parentPrefix(key) + answer };
  await transferObject(deps, 'move', place.address, target, { overwrite });
  await deps.tree.reveal(target);
  return target;
}

/** Asks with the stem selected, so that the extension stays. @throws Cancelled, also if unchanged */
async function askName(title: string, name: string): Promise<string> {
  const dot = name.lastIndexOf('.');
  const answer = await askText({
    ...{ title, value: name, valueSelection: [0, dot > 0 ? dot : name.length] },
    prompt: vscode.l10n.t('The new name; a slash moves it into a prefix'),
    validateInput: (typed) => (typed === '' ? vscode.l10n.t('The name is missing') : undefined),
  });
  if (answer === name) throw new Cancelled();
  return answer;
}
