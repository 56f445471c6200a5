import * as vscode from 'vscode';
import type { CustomerKey } from '../../core/customerKey.ts';
import type { TargetKey } from '../../transfer/copyObject.ts';
import { unknownKey } from '../keys/keyChoice.ts';
import { type Choice, pick } from '../prompts.ts';
import type { ObjectDeps } from './objectDeps.ts';

/** The words that arguments have beside names and fingerprints. */
const words = ['asSource', 'byRule', 'none'] as const;

/** What arguments say a copy is to be encrypted with. @throws KeyRingError */
export async function targetKeyOf(
  deps: Pick<ObjectDeps, 'ring'>,
  text: string,
): Promise<TargetKey> {
  return words.find((word) => word === text) ?? (await keyNamed(deps, text));
}

/** The customer key with a name or fingerprint. @throws KeyRingError if there is none */
export async function keyNamed(
  { ring }: Pick<ObjectDeps, 'ring'>,
  nameOrFingerprint: string,
): Promise<CustomerKey> {
  const record = await ring.find(nameOrFingerprint);
  const key = record && (await ring.load(record.fingerprint));
  if (key !== undefined) return key;
  throw unknownKey(nameOrFingerprint);
}

/** Asks what a copy is to be encrypted with, if there is a choice. @throws Cancelled */
export async function askTargetKey(
  deps: Pick<ObjectDeps, 'ring'>,
  title: string,
): Promise<TargetKey> {
  const records = (await deps.ring.list()).filter(({ missing }) => !missing);
  if (records.length === 0) return 'asSource';
  const choices: Choice<string>[] = [
    {
      label: vscode.l10n.t('$(lock) As the Source'),
      detail: vscode.l10n.t('Each object keeps its customer key; one without stays without'),
      value: 'asSource',
    },
    {
      label: vscode.l10n.t('$(law) By Rule'),
      detail: vscode.l10n.t('As the key rules and the default say for new objects there'),
      value: 'byRule',
    },
    ...records.map(({ name, fingerprint }) => ({
      label: `$(key) ${name}`,
      description: fingerprint,
      value: fingerprint,
    })),
    {
      label: vscode.l10n.t('$(unlock) No Customer Key'),
      detail: vscode.l10n.t('Whoever may read the bucket can read the objects there'),
      value: 'none',
    },
  ];
  const placeHolder = vscode.l10n.t('What to encrypt the target with');
  return await targetKeyOf(deps, await pick(choices, { title, placeHolder, matchOnDetail: true }));
}
