import * as v from 'valibot';
import * as vscode from 'vscode';
import { baseName, formatAddress, type ObjectAddress } from '../../core/address.ts';
import { parseS3Address } from '../../core/objectUri.ts';
import { type AnyCommand, defineCommand, InvalidArguments } from '../command.ts';
import type { commandIds } from '../ids.ts';
import { flag, type Place, placeFields, placeFromTarget, text } from './objectArguments.ts';
import type { ObjectDeps } from './objectDeps.ts';
import { askAddress, askConnection, placeFor, problemOf } from './placePrompts.ts';
import type { RunOutcome } from './runOutcome.ts';
import { transferObject, type Verb } from './transferObject.ts';
import { transferPrefix } from './transferPrefix.ts';

const schema = v.strictObject({
  ...placeFields,
  target: v.optional(text),
  targetConnection: v.optional(text),
  overwrite: v.optional(flag),
  confirmed: v.optional(flag),
});
type TransferArguments = v.InferOutput<typeof schema>;

/** How "Move To…" and "Copy To…" differ. */
export interface TransferCommand {
  readonly id: typeof commandIds.moveObject | typeof commandIds.copyObject;
  readonly verb: Verb;
  readonly title: string;
}

/** A command that takes an object, or everything below a prefix, to another place. */
export function transferCommand(
  deps: ObjectDeps,
  { id, verb, title }: TransferCommand,
): AnyCommand {
  return defineCommand({
    id,
    schema,
    fromTarget: placeFromTarget,
    run: (args) => transfer(deps, verb, title, args),
  });
}

async function transfer(
  deps: ObjectDeps,
  verb: Verb,
  title: string,
  args: TransferArguments,
): Promise<ObjectAddress | RunOutcome> {
  const { target, targetConnection, overwrite, confirmed, ...given } = args;
  const place = await placeFor(deps, given, title, 'any');
  const to = await targetOf(deps, place, title, target, targetConnection);
  if (place.type === 'prefix') {
    const { connection, bucket, key: prefix } = to;
    const options = { overwrite, confirmed };
    return await transferPrefix(deps, verb, place.address, { connection, bucket, prefix }, options);
  }
  const isPrefix = to.key === '' || to.key.endsWith('/');
  // Into a prefix it goes under its own name.
  const address = isPrefix ? { ...to, key: to.key + baseName(place.address.key) } : to;
  await transferObject(deps, verb, place.address, address, overwrite);
  return address;
}

async function targetOf(
  deps: ObjectDeps,
  place: Place,
  title: string,
  target: string | undefined,
  targetConnection: string | undefined,
): Promise<ObjectAddress> {
  const wanted = place.type === 'prefix' ? 'prefix' : 'any';
  const own = place.address.connection;
  if (target !== undefined) {
    const problem = problemOf(target, wanted);
    const parsed = parseS3Address(target);
    if (problem !== undefined || parsed === undefined) {
      throw new InvalidArguments(`"target": ${problem ?? ''}`);
    }
    return { connection: targetConnection ?? own, ...parsed };
  }
  const connection = targetConnection ?? (await askConnection(deps, title, own));
  const { bucket } = place.address;
  const key = place.type === 'prefix' ? place.address.prefix : place.address.key;
  const prompt =
    place.type === 'prefix'
      ? vscode.l10n.t('The new prefix: s3://bucket/prefix/')
      : vscode.l10n.t('The new address; with a slash at its end, the prefix to go into');
  return {
    connection,
    ...(await askAddress(title, prompt, formatAddress({ bucket, key }), wanted)),
  };
}
