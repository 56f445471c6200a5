import * as v from 'valibot';
import * as vscode from 'vscode';
import type { KeyRecord } from '../../keys/keyRecord.ts';
import { KeyRingError } from '../../keys/keyRingError.ts';
import { defineCommand, type AnyCommand } from '../command.ts';
import { commandIds } from '../ids.ts';
import { type Choice, pick } from '../prompts.ts';
import { checkTarget, hasWorkspaceSettings, type SettingTarget } from '../workspaceSettings.ts';
import { scope, text } from './keyArguments.ts';
import { keyChoice, keyFor, keyFromTarget, type KeyDeps } from './keyChoice.ts';

const schema = v.strictObject({
  customerKey: v.nullish(text),
  scope: v.optional(scope),
  target: v.optional(v.picklist(['user', 'workspace'], 'expected "user" or "workspace".')),
});
type DefaultArguments = v.InferOutput<typeof schema>;

/** "Set Default Customer Key…": what new objects are encrypted with where no rule says more. */
export function setDefaultCustomerKeyCommand(deps: KeyDeps): AnyCommand {
  return defineCommand({
    id: commandIds.setDefaultCustomerKey,
    schema,
    fromTarget: keyFromTarget,
    run: (args) => setDefaultCustomerKey(deps, args),
  });
}

export async function setDefaultCustomerKey(
  deps: KeyDeps,
  args: DefaultArguments,
): Promise<{ readonly customerKey: string | null; readonly target: SettingTarget }> {
  const { settings } = deps;
  const title = vscode.l10n.t('Set Default Customer Key');
  const isAsked = args.customerKey === undefined;
  const record = isAsked
    ? await pickKeyOrNone(deps, title)
    : args.customerKey === null
      ? undefined
      : await keyFor(deps, { customerKey: args.customerKey, scope: args.scope }, title);
  const target =
    args.target ??
    (isAsked && hasWorkspaceSettings()
      ? await pickTarget(title)
      : hasWorkspaceSettings()
        ? 'workspace'
        : 'user');
  checkTarget(target);
  const name = record === undefined ? undefined : await referenceTo(deps, record);
  await settings.setDefaultKey(name, target);
  if (record !== undefined) {
    void vscode.window.showInformationMessage(
      target === 'workspace'
        ? vscode.l10n.t('New objects of this workspace are encrypted with "{0}".', record.name)
        : vscode.l10n.t('New objects are encrypted with "{0}".', record.name),
    );
  }
  return { customerKey: name ?? null, target };
}

async function pickKeyOrNone(deps: KeyDeps, title: string): Promise<KeyRecord | undefined> {
  const records = await deps.ring.list();
  if (records.length === 0) {
    throw new KeyRingError('unknownKey', vscode.l10n.t('There is no customer key yet.'), '');
  }
  const none: Choice<KeyRecord | undefined> = {
    label: `$(circle-slash) ${vscode.l10n.t('No default')}`,
    detail: vscode.l10n.t('New objects that no rule names are not encrypted with a customer key'),
    value: undefined,
  };
  return await pick<KeyRecord | undefined>(
    [...records.map((record) => keyChoice(record, deps.settings)), none],
    { title, placeHolder: vscode.l10n.t('What is to encrypt new objects?') },
  );
}

async function pickTarget(title: string): Promise<SettingTarget> {
  return await pick<SettingTarget>(
    [
      { label: vscode.l10n.t('In this workspace'), value: 'workspace' },
      { label: vscode.l10n.t('In all workspaces'), value: 'user' },
    ],
    { title },
  );
}

/** The name, which people can read, unless it would find another key. */
async function referenceTo({ ring }: KeyDeps, record: KeyRecord): Promise<string> {
  const found = await ring.find(record.name);
  return found?.fingerprint === record.fingerprint ? record.name : record.fingerprint;
}
