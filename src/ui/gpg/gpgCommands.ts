import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import * as vscode from 'vscode';
import { Secret } from '../../core/secret.ts';
import { visibleText } from '../../core/visibleText.ts';
import type { GpgPassphrases } from '../../keys/gpgPassphrases.ts';
import { type AnyCommand, Cancelled, defineCommand, InvalidArguments } from '../command.ts';
import { commandIds } from '../ids.ts';
import { flag, text } from '../keys/keyArguments.ts';
import { askText, confirm, pick } from '../prompts.ts';
import { askNewPassphrase } from './gpgPrompts.ts';

const addSchema = v.strictObject({
  name: v.optional(text),
  passphrase: v.optional(text),
  file: v.optional(text),
  keep: v.optional(flag),
});
type AddArguments = v.InferOutput<typeof addSchema>;

const removeSchema = v.strictObject({ name: v.optional(text), confirmed: v.optional(flag) });
type RemoveArguments = v.InferOutput<typeof removeSchema>;

export function gpgCommands(passphrases: GpgPassphrases): readonly AnyCommand[] {
  return [
    defineCommand({
      id: commandIds.addGpgPassphrase,
      schema: addSchema,
      run: (args) => addPassphrase(passphrases, args),
    }),
    defineCommand({
      id: commandIds.removeGpgPassphrase,
      schema: removeSchema,
      run: (args) => removePassphrase(passphrases, args),
    }),
  ];
}

/** "Add GPG Passphrase…": for rules that name it, and for reading. */
async function addPassphrase(
  passphrases: GpgPassphrases,
  args: AddArguments,
): Promise<{ readonly name: string; readonly kept: boolean }> {
  if (args.passphrase !== undefined && args.file !== undefined) {
    throw new InvalidArguments(vscode.l10n.t('Give either "passphrase" or "file".'));
  }
  const title = vscode.l10n.t('Add GPG Passphrase');
  const name =
    args.name ??
    (await askText({
      ...{ title, value: 'gpg' },
      prompt: vscode.l10n.t('Its name, as upload rules have it: "encrypt": { "gpg": "name" }'),
      validateInput: (typed) => (typed === '' ? vscode.l10n.t('The name is missing') : undefined),
    }));
  const secret = await givenSecret(args, name);
  const isNew = (await passphrases.find(name))?.secret.reveal() ?? secret.reveal();
  if (isNew !== secret.reveal()) {
    await confirm(
      vscode.l10n.t('Replace the GPG passphrase “{0}”?', name),
      vscode.l10n.t('What was encrypted with the one before needs that one to be read.'),
      vscode.l10n.t('Replace'),
    );
  }
  const kept = args.keep ?? (await pickKeep(title));
  await passphrases.add(name, secret, kept);
  const shown = visibleText(name);
  void vscode.window.showInformationMessage(
    kept
      ? vscode.l10n.t('The GPG passphrase “{0}” is stored.', shown)
      : vscode.l10n.t('The GPG passphrase “{0}” is known until this window closes.', shown),
  );
  return { name, kept };
}

async function givenSecret({ passphrase, file }: AddArguments, name: string): Promise<Secret> {
  if (passphrase !== undefined) return new Secret(passphrase);
  if (file === undefined) return await askNewPassphrase(name);
  const [line = ''] = (await readFile(file, 'utf8')).split(/\r?\n/);
  if (line === '')
    throw new InvalidArguments(vscode.l10n.t('The first line of {0} is empty.', file));
  return new Secret(line);
}

async function pickKeep(title: string): Promise<boolean> {
  const choices = [
    { label: vscode.l10n.t('Until this window closes'), value: false },
    {
      label: vscode.l10n.t('In the secret storage'),
      detail: vscode.l10n.t('Encrypted by the operating system; for all windows'),
      value: true,
    },
  ];
  return await pick(choices, { title });
}

async function removePassphrase(
  passphrases: GpgPassphrases,
  args: RemoveArguments,
): Promise<{ readonly name: string }> {
  const names = await passphrases.names();
  const title = vscode.l10n.t('Remove GPG Passphrase');
  if (names.length === 0 && args.name === undefined) {
    void vscode.window.showInformationMessage(vscode.l10n.t('No GPG passphrase is known.'));
    throw new Cancelled();
  }
  const choices = names.map((name) => ({ label: name, value: name }));
  const name = args.name ?? (await pick(choices, { title }));
  if (!names.includes(name)) {
    throw new InvalidArguments(vscode.l10n.t('There is no GPG passphrase "{0}".', name));
  }
  if (args.confirmed !== true) {
    await confirm(
      vscode.l10n.t('Remove the GPG passphrase “{0}”?', name),
      vscode.l10n.t('What is encrypted with it cannot be read without it.'),
      vscode.l10n.t('Remove'),
    );
  }
  await passphrases.remove(name);
  return { name };
}
