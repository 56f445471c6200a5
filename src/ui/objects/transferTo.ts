import * as v from 'valibot';
import * as vscode from 'vscode';
import { baseName, formatAddress, type ObjectAddress, parentPrefix } from '../../core/address.ts';
import { parseS3Address } from '../../core/objectUri.ts';
import type { TargetKey } from '../../transfer/copyObject.ts';
import { type AnyCommand, defineCommand, InvalidArguments } from '../command.ts';
import type { commandIds } from '../ids.ts';
import { flag, objectsField, type Place, placeFields, placesIn, text } from './objectArguments.ts';
import type { ObjectDeps } from './objectDeps.ts';
import { askAddress, askConnection, placeFor, problemOf } from './placePrompts.ts';
import type { RunOutcome } from './runOutcome.ts';
import { selectedTargets } from './selectedTargets.ts';
import { askTargetKey, targetKeyOf } from './targetKey.ts';
import { transferObject, type Verb } from './transferObject.ts';
import { transferPlaces } from './transferPlaces.ts';
import { transferPrefix } from './transferPrefix.ts';

const schema = v.strictObject({
  ...placeFields,
  objects: objectsField,
  target: v.optional(text),
  targetConnection: v.optional(text),
  targetKey: v.optional(text),
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

/** A command that takes objects, or everything below prefixes, to another place. */
export function transferCommand(
  deps: ObjectDeps,
  { id, verb, title }: TransferCommand,
): AnyCommand {
  return defineCommand({
    id,
    schema,
    fromTarget: selectedTargets(deps.tree),
    run: (args) => transfer(deps, verb, title, args),
  });
}

async function transfer(
  deps: ObjectDeps,
  verb: Verb,
  title: string,
  args: TransferArguments,
): Promise<ObjectAddress | RunOutcome> {
  const { target, targetConnection, targetKey: keyName, overwrite, confirmed, ...given } = args;
  const several = placesIn(given);
  const place = several?.[0] ?? (await placeFor(deps, given, title, 'any'));
  const wanted = several === undefined && place.type === 'object' ? 'any' : 'prefix';
  const isInto = several !== undefined;
  const to = await targetOf(deps, place, { title, wanted, isInto, target, targetConnection });
  const isAsked = target === undefined && keyName === undefined;
  const targetKey: TargetKey = isAsked
    ? await askTargetKey(deps, title)
    : await targetKeyOf(deps, keyName ?? 'asSource');
  const options = { targetKey, overwrite, confirmed };
  const { connection, bucket, key } = to;
  const prefix = { connection, bucket, prefix: key };
  if (several !== undefined) return await transferPlaces(deps, verb, several, prefix, options);
  if (place.type === 'prefix') {
    return await transferPrefix(deps, verb, place.address, prefix, options);
  }
  const isPrefix = key === '' || key.endsWith('/');
  // Into a prefix it goes under its own name.
  const address = isPrefix ? { ...to, key: key + baseName(place.address.key) } : to;
  await transferObject(deps, verb, place.address, address, options);
  return address;
}

interface TargetQuestion {
  readonly title: string;
  readonly wanted: 'any' | 'prefix';
  /** Whether several go into the target, each under its own name. */
  readonly isInto: boolean;
  /** What the arguments say. */
  readonly target: string | undefined;
  readonly targetConnection: string | undefined;
}

async function targetOf(
  deps: ObjectDeps,
  place: Place,
  { title, wanted, isInto, target, targetConnection }: TargetQuestion,
): Promise<ObjectAddress> {
  const { connection: own, bucket } = place.address;
  if (target !== undefined) {
    const problem = problemOf(target, wanted);
    const parsed = parseS3Address(target);
    if (problem !== undefined || parsed === undefined) {
      throw new InvalidArguments(`"target": ${problem ?? ''}`);
    }
    return { connection: targetConnection ?? own, ...parsed };
  }
  const connection = targetConnection ?? (await askConnection(deps, title, own));
  const ownKey = place.type === 'prefix' ? place.address.prefix : place.address.key;
  const key = isInto ? parentPrefix(ownKey) : ownKey;
  const prompt = isInto
    ? vscode.l10n.t('The prefix to go into: s3://bucket/prefix/')
    : wanted === 'prefix'
      ? vscode.l10n.t('The new prefix: s3://bucket/prefix/')
      : vscode.l10n.t('The new address; with a slash at its end, the prefix to go into');
  return {
    connection,
    ...(await askAddress(title, prompt, formatAddress({ bucket, key }), wanted)),
  };
}
