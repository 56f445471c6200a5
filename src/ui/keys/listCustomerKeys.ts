import * as v from 'valibot';
import * as vscode from 'vscode';
import type { KeyRecord } from '../../keys/keyRecord.ts';
import { defineCommand, type AnyCommand } from '../command.ts';
import { commandIds } from '../ids.ts';
import { type Choice, pick } from '../prompts.ts';
import { addCustomerKey, againArguments } from './addCustomerKey.ts';
import { adoptCustomerKey } from './adoptCustomerKey.ts';
import { bindCustomerKey } from './bindCustomerKey.ts';
import { flag } from './keyArguments.ts';
import { keyChoice, type KeyDeps } from './keyChoice.ts';
import { removeCustomerKey } from './removeCustomerKey.ts';
import { renameCustomerKey } from './renameCustomerKey.ts';
import { saveCopy } from './saveCopy.ts';
import { setDefaultCustomerKey } from './setDefaultCustomerKey.ts';

const schema = v.strictObject({ show: v.optional(flag) });

/** What can be chosen in the list: something to do. */
type Action = () => Promise<unknown>;

/** "Manage Customer Keys…": all of them, and what can be done with them. */
export function listCustomerKeysCommand(deps: KeyDeps): AnyCommand {
  return defineCommand({
    id: commandIds.listCustomerKeys,
    schema,
    run: async ({ show }) => {
      const records = await deps.ring.list();
      if (show === false) return records;
      const action = await pickInList(deps, records);
      await action();
      return await deps.ring.list();
    },
  });
}

async function pickInList(deps: KeyDeps, records: readonly KeyRecord[]): Promise<Action> {
  const choices: Choice<Action>[] = records.map((record) => ({
    ...keyChoice(record, deps.settings),
    value: async () => {
      const action = await pickAction(deps, record);
      await action();
    },
  }));
  choices.push(
    {
      label: `$(add) ${vscode.l10n.t('Add Customer Key…')}`,
      value: () => addCustomerKey(deps, {}),
    },
    {
      label: `$(repo-pull) ${vscode.l10n.t('Use Customer Key of Another Workspace…')}`,
      value: () => adoptCustomerKey(deps, {}),
    },
  );
  return await pick(choices, { title: vscode.l10n.t('Customer Keys'), matchOnDetail: true });
}

async function pickAction(deps: KeyDeps, record: KeyRecord): Promise<Action> {
  const { name, fingerprint, scope, missing } = record;
  const reference = { customerKey: fingerprint, scope };
  const { t } = vscode.l10n;
  const remove: Choice<Action> = {
    label: `$(trash) ${t('Remove…')}`,
    value: () => removeCustomerKey(deps, reference),
  };
  const choices: readonly Choice<Action>[] = missing
    ? [
        {
          label: `$(add) ${t('Add It Again…')}`,
          value: () => addCustomerKey(deps, againArguments(record)),
        },
        remove,
      ]
    : [
        { label: `$(edit) ${t('Rename…')}`, value: () => renameCustomerKey(deps, reference) },
        {
          label: `$(star-empty) ${t('Make It the Default')}`,
          value: () => setDefaultCustomerKey(deps, reference),
        },
        {
          label: `$(shield) ${t('Bind to Hosts…')}`,
          value: () => bindCustomerKey(deps, reference),
        },
        {
          label: `$(save) ${t('Save a Copy…')}`,
          value: async () => {
            const key = await deps.ring.load(fingerprint);
            if (key !== undefined) await saveCopy(key, name);
          },
        },
        remove,
      ];
  return await pick(choices, { title: name, placeHolder: fingerprint });
}
