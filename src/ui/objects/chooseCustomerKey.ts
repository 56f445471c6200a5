import * as v from 'valibot';
import * as vscode from 'vscode';
import { baseName, formatAddress, type ObjectAddress } from '../../core/address.ts';
import { type KeyAccess, type OpenedWith, withOwnKeyAccess } from '../../core/keyAccess.ts';
import { StoreError } from '../../core/storeError.ts';
import { visibleText } from '../../core/visibleText.ts';
import { inspectObject } from '../../transfer/openObject.ts';
import { runAll } from '../../transfer/run.ts';
import { type AnyCommand, Cancelled, defineCommand, InvalidArguments } from '../command.ts';
import { commandIds } from '../ids.ts';
import { amountOf } from './copyAgreement.ts';
import { objectFields, objectsField, type Place, placesIn, text } from './objectArguments.ts';
import type { ObjectDeps } from './objectDeps.ts';
import { objectFor } from './placePrompts.ts';
import { outcomeOf, type RunOutcome, showOutcome } from './runOutcome.ts';
import { selectedTargets } from './selectedTargets.ts';
import { keyNamed } from './targetKey.ts';

const schema = v.strictObject({
  ...objectFields,
  objects: objectsField,
  customerKey: v.optional(text),
});
type ChooseArguments = v.InferOutput<typeof schema>;

/** "Choose Customer Key for Object…": tries it by HEAD and remembers what opens the object. */
export function chooseCustomerKeyCommand(deps: ObjectDeps): AnyCommand {
  return defineCommand({
    id: commandIds.chooseCustomerKey,
    schema,
    fromTarget: selectedTargets(deps.tree),
    run: (args) => chooseCustomerKey(deps, args),
  });
}

async function chooseCustomerKey(
  deps: ObjectDeps,
  { customerKey, ...given }: ChooseArguments,
): Promise<{ readonly fingerprint: string | undefined } | RunOutcome> {
  const title = vscode.l10n.t('Choose Customer Key for Object');
  const places = placesIn(given);
  const [address = await objectFor(deps, given, title), ...others] = objectsIn(places);
  const openedWith = await choose(deps, address, customerKey);
  if (openedWith === 'none' && customerKey === undefined && others.length === 0) {
    const name = visibleText(baseName(address.key));
    const message = vscode.l10n.t('“{0}” is not encrypted with a customer key.', name);
    void vscode.window.showInformationMessage(message);
  }
  const fingerprint = openedWith === 'none' ? undefined : openedWith.fingerprint;
  if (places === undefined) return { fingerprint };
  // What opened the first is tried with the others; nobody is asked for each of them.
  const report = await runAll(
    others,
    (other) => other,
    async (other) => {
      await choose(deps, other, customerKey ?? fingerprint ?? 'none');
    },
  );
  const outcome = outcomeOf({ ...report, succeeded: [address, ...report.succeeded] });
  showOutcome(deps, outcome, vscode.l10n.t('{0} opened', amountOf(outcome.succeeded, 0)));
  return outcome;
}

function objectsIn(places: readonly Place[] | undefined): readonly ObjectAddress[] {
  const objects = places?.flatMap(({ type, address }) => (type === 'object' ? [address] : []));
  if (objects?.length !== 0) return objects ?? [];
  throw new InvalidArguments(vscode.l10n.t('There is no object among what is selected.'));
}

/** @param given name or fingerprint of the key, `none`, or undefined to ask the person */
async function choose(
  deps: ObjectDeps,
  address: ObjectAddress,
  given: string | undefined,
): Promise<OpenedWith> {
  const { stores, keys } = deps.context;
  const store = await stores.get(address.connection);
  const key = given === undefined || given === 'none' ? given : await keyOf(deps, address, given);
  const { openedWith } = await inspectObject(store, onlyAsked(keys, key), address, {
    mayAsk: given === undefined,
  });
  deps.changes.fire({ type: 'keyKnown', address });
  return openedWith;
}

/** The customer key that arguments name, if it may be sent there (the person is asked). */
async function keyOf(
  { ring, context }: ObjectDeps,
  address: ObjectAddress,
  nameOrFingerprint: string,
): Promise<OpenedWith> {
  const key = await keyNamed({ ring }, nameOrFingerprint);
  const { host } = await context.stores.get(address.connection);
  if (await context.keys.mayBeSent(key, address, host)) return key;
  const { fingerprint } = key;
  throw new StoreError(
    'keyNotBound',
    vscode.l10n.t(
      'The customer key may not be sent to {0} for {1}.',
      host,
      visibleText(formatAddress(address)),
    ),
    { ...address, host, fingerprint },
  );
}

/**
 * The access to customer keys without what is known already: one key to try, or the question for
 * one (after a look at whether the object needs a key at all).
 */
function onlyAsked(keys: KeyAccess, given: OpenedWith | undefined): KeyAccess {
  return withOwnKeyAccess(keys, {
    // eslint-disable-next-line @typescript-eslint/require-await -- it is a stream by contract
    async *candidates() {
      yield given ?? 'none';
    },
    ask: async (address, host, reason) => {
      const answer = await keys.ask(address, host, reason);
      if (answer === undefined) throw new Cancelled();
      return answer;
    },
  });
}
