import * as v from 'valibot';
import * as vscode from 'vscode';
import { baseName, formatAddress, type ObjectAddress } from '../../core/address.ts';
import { type KeyAccess, type OpenedWith, withOwnKeyAccess } from '../../core/keyAccess.ts';
import { StoreError } from '../../core/storeError.ts';
import { inspectObject } from '../../transfer/openObject.ts';
import { type AnyCommand, Cancelled, defineCommand, InvalidArguments } from '../command.ts';
import { commandIds } from '../ids.ts';
import { visibleText } from '../tree/visibleText.ts';
import { objectFields, placeFromTarget, text } from './objectArguments.ts';
import type { ObjectDeps } from './objectDeps.ts';
import { objectFor } from './placePrompts.ts';

const schema = v.strictObject({ ...objectFields, customerKey: v.optional(text) });
type ChooseArguments = v.InferOutput<typeof schema>;

/** "Choose Customer Key for Object…": tries it by HEAD and remembers what opens the object. */
export function chooseCustomerKeyCommand(deps: ObjectDeps): AnyCommand {
  return defineCommand({
    id: commandIds.chooseCustomerKey,
    schema,
    fromTarget: placeFromTarget,
    run: (args) => chooseCustomerKey(deps, args),
  });
}

async function chooseCustomerKey(
  deps: ObjectDeps,
  { customerKey, ...place }: ChooseArguments,
): Promise<{ readonly fingerprint: string | undefined }> {
  const title = vscode.l10n.t('Choose Customer Key for Object');
  const address = await objectFor(deps, place, title);
  const { stores, keys } = deps.context;
  const store = await stores.get(address.connection);
  const given = customerKey === undefined ? undefined : await keyOf(deps, address, customerKey);
  const { openedWith } = await inspectObject(store, onlyAsked(keys, given), address, {
    mayAsk: given === undefined,
  });
  deps.changes.fire({ type: 'keyKnown', address });
  if (openedWith === 'none' && given === undefined) {
    const name = visibleText(baseName(address.key));
    const message = vscode.l10n.t('“{0}” is not encrypted with a customer key.', name);
    void vscode.window.showInformationMessage(message);
  }
  return { fingerprint: openedWith === 'none' ? undefined : openedWith.fingerprint };
}

/** The customer key that arguments name, if it may be sent there (the person is asked). */
async function keyOf(
  { ring, context }: ObjectDeps,
  address: ObjectAddress,
  nameOrFingerprint: string,
): Promise<OpenedWith> {
  const record = await ring.find(nameOrFingerprint);
  const key = record && (await ring.load(record.fingerprint));
  if (key === undefined) {
    throw new InvalidArguments(vscode.l10n.t('There is no customer key "{0}".', nameOrFingerprint));
  }
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
