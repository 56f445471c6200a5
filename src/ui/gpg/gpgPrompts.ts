import * as vscode from 'vscode';
import { formatAddress, type ObjectAddress } from '../../core/address.ts';
import type { GpgPassphrase } from '../../core/gpg.ts';
import { Secret } from '../../core/secret.ts';
import { visibleText } from '../../core/visibleText.ts';
import type { GpgAsker } from '../../keys/gpgPassphrases.ts';
import { Cancelled } from '../command.ts';
import { commandIds } from '../ids.ts';
import { askText } from '../prompts.ts';

/** Asks a person for passphrases of GPG; what is typed is never shown. */
export class GpgPrompts implements GpgAsker {
  async askToOpen(
    address: ObjectAddress,
    reason: 'noneKnown' | 'noneFits',
  ): Promise<Secret | undefined> {
    const where = visibleText(formatAddress(address));
    return await answer({
      title: vscode.l10n.t('GPG Passphrase'),
      prompt:
        reason === 'noneKnown'
          ? vscode.l10n.t('{0} was encrypted by GPG (as by s3cmd -e)', where)
          : vscode.l10n.t('No known passphrase fits {0}: type the one that does', where),
    });
  }

  async askFor(name: string): Promise<Secret | undefined> {
    return await askNewPassphrase(name).catch(ignoreCancelled);
  }

  offerToKeep({ name, secret }: GpgPassphrase): void {
    const keep = vscode.l10n.t('Keep…');
    void vscode.window
      .showInformationMessage(
        vscode.l10n.t(
          'The GPG passphrase is known until this window closes. Keep it in the secret storage?',
        ),
        keep,
      )
      .then(async (chosen) => {
        if (chosen !== keep) return;
        await vscode.commands.executeCommand(commandIds.addGpgPassphrase, {
          ...{ name, passphrase: secret.reveal(), keep: true },
        });
      });
  }
}

/** Asks twice: what is encrypted with a typing error in it is lost. @throws Cancelled */
export async function askNewPassphrase(name: string): Promise<Secret> {
  const title = vscode.l10n.t('GPG Passphrase “{0}”', name);
  const first = await askText({
    ...{ title, password: true, validateInput: required },
    prompt: vscode.l10n.t('Whoever loses it loses what is encrypted with it'),
  });
  await askText({
    ...{ title, password: true },
    prompt: vscode.l10n.t('Once more'),
    validateInput: (text) => (text === first ? undefined : vscode.l10n.t('It is another one')),
  });
  return new Secret(first);
}

async function answer(options: vscode.InputBoxOptions): Promise<Secret | undefined> {
  try {
    return new Secret(await askText({ ...options, password: true, validateInput: required }));
  } catch (error) {
    ignoreCancelled(error);
    return undefined;
  }
}

function required(text: string): string | undefined {
  return text === '' ? vscode.l10n.t('The passphrase is missing') : undefined;
}

function ignoreCancelled(error: unknown): undefined {
  if (!(error instanceof Cancelled)) throw error;
}
