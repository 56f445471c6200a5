import * as vscode from 'vscode';
import type { KeyRecord, KeyScope } from '../../keys/keyRecord.ts';
import type { KeyRing } from '../../keys/keyRing.ts';
import { showableName } from '../../keys/keyName.ts';
import { KeyRingError } from '../../keys/keyRingError.ts';
import type { Ledger } from '../../keys/ledger.ts';
import type { Connections } from '../connections/connections.ts';
import { type Choice, pick } from '../prompts.ts';
import { describeBinding } from './hosts.ts';
import type { KeySettings } from './keySettings.ts';

/** What the commands about customer keys need. */
export interface KeyDeps {
  readonly ring: KeyRing;
  readonly ledger: Ledger;
  readonly settings: KeySettings;
  readonly connections: Pick<Connections, 'list'>;
}

/** How arguments name a customer key that is stored. */
export interface KeyReference {
  /** Its name or fingerprint. */
  readonly customerKey?: string | undefined;
  readonly scope?: KeyScope | undefined;
}

/** A customer key in the view; what menus are opened on. */
export class KeyNode {
  readonly record: KeyRecord;

  constructor(record: KeyRecord) {
    this.record = record;
  }
}

/**
 * The customer key that arguments name, or the one that the person picks.
 *
 * @throws KeyRingError `unknownKey` if there is none; Cancelled at Escape
 */
export async function keyFor(
  { ring, settings }: Pick<KeyDeps, 'ring' | 'settings'>,
  { customerKey, scope }: KeyReference,
  title: string,
): Promise<KeyRecord> {
  const records = (await ring.list()).filter(
    (record) => scope === undefined || record.scope === scope,
  );
  if (customerKey === undefined) {
    if (records.length > 0) {
      return await pick(
        records.map((record) => keyChoice(record, settings)),
        { title, placeHolder: vscode.l10n.t('The customer key'), matchOnDetail: true },
      );
    }
    throw new KeyRingError('unknownKey', vscode.l10n.t('There is no customer key yet.'), '');
  }
  const found =
    records.find(({ fingerprint }) => fingerprint === customerKey) ??
    records.find(({ name }) => name === customerKey);
  if (found !== undefined) return found;
  throw unknownKey(customerKey);
}

/** The error for a name or fingerprint that no key ring has; it never repeats a customer key. */
export function unknownKey(nameOrFingerprint: string): KeyRingError {
  const name = showableName(nameOrFingerprint);
  const message = vscode.l10n.t('There is no customer key "{0}".', name);
  return new KeyRingError('unknownKey', message, name);
}

/** The customer key that a menu was opened on, as arguments. */
export function keyFromTarget(target: unknown): KeyReference | undefined {
  if (!(target instanceof KeyNode)) return undefined;
  return { customerKey: target.record.fingerprint, scope: target.record.scope };
}

/** A customer key in a list to pick from. */
export function keyChoice(record: KeyRecord, settings: KeySettings): Choice<KeyRecord> {
  const { name, fingerprint, scope, bindings, missing } = record;
  const facts = [
    scope === 'user' ? vscode.l10n.t('user') : vscode.l10n.t('workspace'),
    ...(settings.isDefault(record) ? [vscode.l10n.t('default')] : []),
    ...(missing ? [vscode.l10n.t('missing in the secret storage')] : []),
  ];
  const hosts =
    bindings.length === 0
      ? vscode.l10n.t('bound to no host')
      : bindings.map(describeBinding).join(', ');
  return {
    label: `$(${missing ? 'warning' : 'key'}) ${name}`,
    description: facts.join(', '),
    detail: `${fingerprint} · ${hosts}`,
    value: record,
  };
}
