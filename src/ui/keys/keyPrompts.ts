import * as vscode from 'vscode';
import { baseName, formatAddress, type ObjectAddress, parentPrefix } from '../../core/address.ts';
import type { Fingerprint } from '../../core/customerKey.ts';
import type { KeyQuestionReason } from '../../core/keyAccess.ts';
import { visibleText } from '../../core/visibleText.ts';
import { covers } from '../../keys/bindings.ts';
import type { KeyAnswer, KeyAsker } from '../../keys/keyAccess.ts';
import type { KeyRecord } from '../../keys/keyRecord.ts';
import { Cancelled } from '../command.ts';
import { type Choice, pick } from '../prompts.ts';
import { addCustomerKey } from './addCustomerKey.ts';
import { describeBinding } from './hosts.ts';
import { keyChoice, type KeyDeps } from './keyChoice.ts';

/** Asks a person for customer keys and for where they may be sent. */
export class KeyPrompts implements KeyAsker {
  readonly #deps: KeyDeps;

  constructor(deps: KeyDeps) {
    this.#deps = deps;
  }

  async pickKey(
    address: ObjectAddress,
    host: string,
    reason: KeyQuestionReason,
  ): Promise<KeyAnswer | undefined> {
    try {
      const fingerprint = await this.#pickOrAdd(address, host, reason);
      const key = await this.#deps.ring.load(fingerprint);
      if (key === undefined) return undefined;
      return { key, remember: await pickMemory(address) };
    } catch (error) {
      if (error instanceof Cancelled) return undefined;
      throw error;
    }
  }

  async confirmBinding(
    record: KeyRecord,
    host: string,
    bucket: string,
  ): Promise<boolean | 'bucketOnly'> {
    const onlyBucket = vscode.l10n.t('Only Bucket "{0}"', bucket);
    const allBuckets = vscode.l10n.t('All Buckets');
    const chosen = await vscode.window.showWarningMessage(
      vscode.l10n.t('Send the customer key "{0}" to {1}?', record.name, host),
      {
        modal: true,
        detail: [
          vscode.l10n.t('Fingerprint: {0}', record.fingerprint),
          vscode.l10n.t('Host: {0}', host),
          vscode.l10n.t('Bucket: {0}', bucket),
          record.bindings.length === 0
            ? vscode.l10n.t('It was never sent anywhere.')
            : vscode.l10n.t(
                'Bound up to now to: {0}',
                record.bindings.map(describeBinding).join(', '),
              ),
        ].join('\n'),
      },
      onlyBucket,
      allBuckets,
    );
    if (chosen === onlyBucket) return 'bucketOnly';
    return chosen === allBuckets;
  }

  /** The fingerprint of a key that was picked, or added now. @throws Cancelled */
  async #pickOrAdd(
    address: ObjectAddress,
    host: string,
    reason: KeyQuestionReason,
  ): Promise<Fingerprint> {
    const { ring, settings } = this.#deps;
    const records = (await ring.list()).filter(({ missing }) => !missing);
    const [bound, others] = partition(records, ({ bindings }) =>
      covers(bindings, host, address.bucket),
    );
    const separator = (label: string): Choice<KeyRecord | undefined> => ({
      label,
      kind: vscode.QuickPickItemKind.Separator,
      value: undefined,
    });
    const group = (label: string, of: readonly KeyRecord[]): Choice<KeyRecord | undefined>[] =>
      of.length === 0 ? [] : [separator(label), ...of.map((record) => keyChoice(record, settings))];
    const chosen = await pick<KeyRecord | undefined>(
      [
        ...group(vscode.l10n.t('bound to {0}', host), bound),
        ...group(vscode.l10n.t('not bound to {0}; you are asked', host), others),
        separator(''),
        { label: `$(add) ${vscode.l10n.t('Add Customer Key…')}`, value: undefined },
      ],
      {
        title: vscode.l10n.t('Customer Key for {0}', visibleText(formatAddress(address))),
        placeHolder:
          reason === 'noneFits'
            ? vscode.l10n.t('None of the known customer keys opens it. Which one does?')
            : vscode.l10n.t('It is encrypted. Which customer key opens it?'),
        matchOnDetail: true,
      },
    );
    if (chosen !== undefined) return chosen.fingerprint;
    return (await addCustomerKey(this.#deps, {}, [host])).fingerprint;
  }
}

/** For what the answer is to be remembered. */
async function pickMemory(address: ObjectAddress): Promise<KeyAnswer['remember']> {
  const prefix = parentPrefix(address.key);
  return await pick<KeyAnswer['remember']>(
    [
      {
        label: vscode.l10n.t('For this object'),
        description: visibleText(baseName(address.key)),
        value: 'object',
      },
      {
        label:
          prefix === ''
            ? vscode.l10n.t('For everything in the bucket')
            : vscode.l10n.t('For everything in its prefix'),
        description: visibleText(formatAddress({ bucket: address.bucket, key: prefix })),
        value: 'prefix',
      },
    ],
    {
      title: vscode.l10n.t('Remember the Customer Key'),
      placeHolder: vscode.l10n.t('Once it opened the object, it is tried first'),
    },
  );
}

function partition<T>(items: readonly T[], test: (item: T) => boolean): [T[], T[]] {
  return [items.filter(test), items.filter((item) => !test(item))];
}
