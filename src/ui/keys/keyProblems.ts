import * as vscode from 'vscode';
import { isFingerprint, type KeyRecord } from '../../keys/keyRecord.ts';
import { looksLikeKey, showableName } from '../../keys/keyName.ts';
import { settingIds } from '../ids.ts';
import type { AddKeyArguments } from './addCustomerKey.ts';
import type { KeySettings } from './keySettings.ts';

/** Something in the settings that keeps new objects from being encrypted as they say. */
export class KeyProblem {
  readonly label: string;
  readonly detail: string;
  /** The setting to look at. */
  readonly setting: string;
  /** What adds the customer key that is wanted, if one is. */
  readonly remedy: AddKeyArguments | undefined;

  constructor(label: string, detail: string, setting: string, remedy?: AddKeyArguments) {
    this.label = label;
    this.detail = detail;
    this.setting = setting;
    this.remedy = remedy;
  }
}

/** What cannot be used in the key rules and the default, and the keys that they name in vain. */
export function keyProblems(
  settings: KeySettings,
  records: readonly KeyRecord[],
): readonly KeyProblem[] {
  const unreadable = settings
    .problems()
    .map(({ setting, path, message }) => new KeyProblem(path.join(' › '), message, setting));
  const isThere = (named: string): boolean =>
    records.some(({ name, fingerprint }) => named === name || named === fingerprint);
  const isWanted = (named: string | null | undefined): named is string =>
    typeof named === 'string' && named !== 'none' && !isThere(named);
  const defaultKey = settings.defaultKey();
  const wanting = settings
    .rules()
    .all()
    .map(({ pattern, customerKey }) => ({ pattern, named: customerKey }))
    .filter((rule): rule is { pattern: string; named: string } => isWanted(rule.named))
    .map(({ pattern, named }) => missingKey(named, pattern, settingIds.keyRules));
  if (!isWanted(defaultKey)) return [...unreadable, ...wanting];
  const what = vscode.l10n.t('the default');
  return [...unreadable, missingKey(defaultKey, what, settingIds.defaultCustomerKey), ...wanting];
}

/** What adds a customer key that is named somewhere. */
export function wantedKey(nameOrFingerprint: string): AddKeyArguments {
  return isFingerprint(nameOrFingerprint)
    ? { expect: nameOrFingerprint }
    : { name: nameOrFingerprint };
}

function missingKey(named: string, what: string, setting: string): KeyProblem {
  const shown = showableName(named);
  return new KeyProblem(
    shown,
    looksLikeKey(named)
      ? vscode.l10n.t(
          'This looks like a customer key itself. Keys never stand in the settings: add it to a key ring, and name it here.',
        )
      : vscode.l10n.t('Named by {0}, and in no key ring here: add it.', what),
    setting,
    looksLikeKey(named) ? undefined : wantedKey(named),
  );
}
