import * as v from 'valibot';
import * as vscode from 'vscode';
import { defineCommand, type AnyCommand } from '../command.ts';
import { commandIds, settingIds } from '../ids.ts';
import { askText } from '../prompts.ts';
import type { AddedKey } from './addCustomerKey.ts';
import { keyReference, text } from './keyArguments.ts';
import { keyFor, keyFromTarget, type KeyDeps } from './keyChoice.ts';
import { nameProblem } from './newKeySteps.ts';

const schema = v.strictObject({ ...keyReference, newName: v.optional(text) });
type RenameArguments = v.InferOutput<typeof schema>;

/** "Rename Customer Key…": the default follows; rules that name it are pointed out. */
export function renameCustomerKeyCommand(deps: KeyDeps): AnyCommand {
  return defineCommand({
    id: commandIds.renameCustomerKey,
    schema,
    fromTarget: keyFromTarget,
    run: (args) => renameCustomerKey(deps, args),
  });
}

export async function renameCustomerKey(deps: KeyDeps, args: RenameArguments): Promise<AddedKey> {
  const { ring, settings } = deps;
  const title = vscode.l10n.t('Rename Customer Key');
  const record = await keyFor(deps, args, title);
  const records = await ring.list();
  const newName =
    args.newName ??
    (await askText({
      title,
      prompt: vscode.l10n.t('The new name of {0}', record.fingerprint),
      value: record.name,
      validateInput: (name) => nameProblem(name, { scope: record.scope, key: record }, records),
    }));
  const renamed = await ring.rename(record.fingerprint, newName, record.scope);
  const { name, fingerprint, scope } = renamed;
  for (const target of settings.targetsOfDefault(record.name)) {
    await settings.setDefaultKey(name, target);
  }
  const rules = settings.rulesNaming({ name: record.name, fingerprint: '' });
  if (rules.length > 0 && name !== record.name) void pointOutRules(record.name, rules);
  return { name, fingerprint, scope };
}

/** Rules can be shared in a repository, so they are not changed unasked. */
async function pointOutRules(oldName: string, rules: readonly string[]): Promise<void> {
  const open = vscode.l10n.t('Open Settings');
  const message = vscode.l10n.t(
    'Key rules still say "{0}", and new objects that they match cannot be saved until they say the new name: {1}.',
    oldName,
    rules.join(', '),
  );
  if ((await vscode.window.showWarningMessage(message, open)) === open) {
    await vscode.commands.executeCommand('workbench.action.openSettings', settingIds.keyRules);
  }
}
