import * as v from 'valibot';
import * as vscode from 'vscode';
import { formatAddress } from '../../core/address.ts';
import { visibleText } from '../../core/visibleText.ts';
import type { KeyRecord } from '../../keys/keyRecord.ts';
import { defineCommand, type AnyCommand } from '../command.ts';
import { commandIds } from '../ids.ts';
import { confirm } from '../prompts.ts';
import type { AddedKey } from './addCustomerKey.ts';
import { flag, keyReference } from './keyArguments.ts';
import { keyFor, keyFromTarget, type KeyDeps } from './keyChoice.ts';
import { saveCopy } from './saveCopy.ts';

const schema = v.strictObject({ ...keyReference, confirmed: v.optional(flag) });
type RemoveKeyArguments = v.InferOutput<typeof schema>;

/** How many objects are named in the warning. */
const examples = 5;

/** "Remove Customer Key…": says first what would become unreadable. */
export function removeCustomerKeyCommand(deps: KeyDeps): AnyCommand {
  return defineCommand({
    id: commandIds.removeCustomerKey,
    schema,
    fromTarget: keyFromTarget,
    run: (args) => removeCustomerKey(deps, args),
  });
}

export async function removeCustomerKey(
  deps: KeyDeps,
  args: RemoveKeyArguments,
): Promise<AddedKey> {
  const { ring } = deps;
  const record = await keyFor(deps, args, vscode.l10n.t('Remove Customer Key'));
  const { name, fingerprint, scope } = record;
  if (args.confirmed !== true) await confirmRemoval(deps, record);
  await ring.remove(fingerprint, scope);
  return { name, fingerprint, scope };
}

async function confirmRemoval(deps: KeyDeps, record: KeyRecord): Promise<void> {
  const { name, fingerprint, missing } = record;
  const save = vscode.l10n.t('Save a Copy…');
  const remove = vscode.l10n.t('Remove');
  const message = vscode.l10n.t('Remove the customer key "{0}"?', name);
  const detail = (await consequences(deps, record)).join('\n\n');
  for (;;) {
    // Nothing is left to be saved of a key that the secret storage lost.
    const chosen = missing
      ? await confirm(message, detail, remove)
      : await confirm(message, detail, save, remove);
    if (chosen === remove) return;
    const key = await deps.ring.load(fingerprint);
    if (key !== undefined) await saveCopy(key, name);
  }
}

/** What the removal means, one paragraph each. */
async function consequences(
  { ring, ledger, settings }: KeyDeps,
  record: KeyRecord,
): Promise<readonly string[]> {
  const { fingerprint, scope } = record;
  const paragraphs = [vscode.l10n.t('Fingerprint: {0}', fingerprint)];
  const others = (await ring.list()).filter(
    (other) => other.fingerprint === fingerprint && other.scope !== scope && !other.missing,
  );
  if (others.length > 0) {
    paragraphs.push(
      scope === 'workspace'
        ? vscode.l10n.t('It stays in your user key ring, so that nothing becomes unreadable.')
        : vscode.l10n.t('It stays in the key ring of this workspace; other workspaces lose it.'),
    );
    return paragraphs;
  }
  const objects = ledger.objectsOpenedWith(fingerprint);
  paragraphs.push(
    vscode.l10n.t(
      'Everything that is encrypted with it becomes unreadable, unless you have a copy of the key.',
    ),
  );
  if (objects.length > 0) {
    const named = objects.slice(0, examples).map((each) => visibleText(formatAddress(each)));
    const more = objects.length > examples ? ['…'] : [];
    paragraphs.push(
      [vscode.l10n.t('Objects that it opened here: {0}', objects.length), ...named, ...more].join(
        '\n',
      ),
    );
  }
  const rules = settings.rulesNaming(record);
  if (rules.length > 0) {
    paragraphs.push(vscode.l10n.t('Key rules that name it: {0}', rules.join(', ')));
  }
  if (settings.isDefault(record)) {
    paragraphs.push(vscode.l10n.t('It is the default customer key.'));
  }
  if (rules.length > 0 || settings.isDefault(record)) {
    paragraphs.push(
      vscode.l10n.t('New objects there cannot be saved until the settings name another one.'),
    );
  }
  return paragraphs;
}
