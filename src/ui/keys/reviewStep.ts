import * as vscode from 'vscode';
import type { Step, StepInput } from '../steps.ts';
import { describeFormat, type NewKeyDraft } from './newKey.ts';
import { copyToClipboard, saveCopy } from './saveCopy.ts';

type Answer = 'store' | 'save' | 'copy';

/**
 * The last question before a customer key is stored: shows what is stored, and offers copies of a
 * key that exists nowhere else.
 */
export function reviewStep(hasWorkspace: boolean): Step<NewKeyDraft> {
  return {
    ask: async (draft, input) => {
      let copied: string | undefined;
      for (;;) {
        const answer = await askReview(draft, input, copied, hasWorkspace);
        if (answer === 'store') return;
        const { key, name = '' } = draft;
        if (key === undefined) return;
        if (answer === 'copy') {
          await copyToClipboard(key);
          copied = vscode.l10n.t('A copy is in the clipboard.');
        } else {
          const file = await saveCopy(key, name);
          if (file !== undefined) copied = vscode.l10n.t('A copy is in {0}.', file.path);
        }
      }
    },
  };
}

async function askReview(
  draft: NewKeyDraft,
  input: StepInput,
  copied: string | undefined,
  hasWorkspace: boolean,
): Promise<Answer> {
  const isGenerated = draft.format === undefined;
  const lost = vscode.l10n.t('If it is lost, everything that it encrypted is lost.');
  const store = {
    label: `$(check) ${
      isGenerated && copied === undefined
        ? vscode.l10n.t('Store "{0}" without a copy', draft.name ?? '')
        : vscode.l10n.t('Store "{0}"', draft.name ?? '')
    }`,
    description: vscode.l10n.t('fingerprint {0}', draft.key?.fingerprint ?? ''),
    detail: describe(draft, hasWorkspace),
    value: 'store' as const,
  };
  const copies = [
    {
      label: `$(save) ${vscode.l10n.t('Save a copy to a file…')}`,
      detail: vscode.l10n.t('As base64, readable by you alone'),
      value: 'save' as const,
    },
    {
      label: `$(clippy) ${vscode.l10n.t('Copy to the clipboard')}`,
      detail: vscode.l10n.t('As base64, for a password manager'),
      value: 'copy' as const,
    },
  ];
  const choices = copied === undefined && isGenerated ? [...copies, store] : [store, ...copies];
  return await input.pick<Answer>({
    placeholder: copied ?? (isGenerated ? lost : vscode.l10n.t('Is this the right one?')),
    choices: isGenerated ? choices : [store],
  });
}

function describe(draft: NewKeyDraft, hasWorkspace: boolean): string {
  const { format, scope, hosts = [] } = draft;
  const scopeText =
    scope === 'workspace'
      ? vscode.l10n.t('for this workspace')
      : hasWorkspace
        ? vscode.l10n.t('for the user')
        : vscode.l10n.t('for the user, because no folder is open');
  return [
    describeFormat(format),
    scopeText,
    hosts.length === 0 ? vscode.l10n.t('bound at the first use') : hosts.join(', '),
  ].join(' · ');
}
