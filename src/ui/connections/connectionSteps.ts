import * as vscode from 'vscode';
import { isConnectionName, suggestConnectionName } from '../../core/connectionName.ts';
import type { Step } from '../steps.ts';
import { hasWorkspaceSettings, type SettingTarget } from '../workspaceSettings.ts';
import { connectionOf, type ConnectionDraft } from './connectionDraft.ts';
import { credentialsSteps } from './credentialsSteps.ts';
import { bucketsFrom } from './typedText.ts';
import { addressingStep, endpointStep, regionStep, serviceStep } from './endpointSteps.ts';

type DraftStep = Step<ConnectionDraft>;

export const bucketsStep: DraftStep = {
  ask: async (draft, input) => {
    const typed = await input.text({
      prompt: vscode.l10n.t('The buckets to show; leave it empty to list all of them.'),
      placeholder: vscode.l10n.t(
        'For example: photos, backups. Needed without the right to list buckets.',
      ),
      value: draft.buckets?.join(', '),
      validate: (text) =>
        text.includes('/') ? vscode.l10n.t('A bucket name has no slash.') : undefined,
    });
    draft.buckets = bucketsFrom(typed);
  },
};

/** @param taken the names of the other connections */
export function nameStep(taken: readonly string[]): DraftStep {
  return {
    ask: async (draft, input) => {
      draft.name = await input.text({
        prompt: vscode.l10n.t('A name for the connection; it is part of its objects’ addresses.'),
        value: draft.name ?? suggestConnectionName(subjectOf(draft), taken),
        validate: (name) => {
          if (!isConnectionName(name)) {
            return vscode.l10n.t('Only a-z, 0-9 and -, and at most 63 characters.');
          }
          if (!taken.includes(name)) return undefined;
          return vscode.l10n.t('There is a connection "{0}" already.', name);
        },
      });
    },
  };
}

const targetStep: DraftStep = {
  applies: () => hasWorkspaceSettings(),
  ask: async (draft, input) => {
    draft.target = await input.pick<SettingTarget>({
      placeholder: vscode.l10n.t('Which settings keep the connection? They hold no secret.'),
      active: draft.target,
      choices: [
        {
          label: vscode.l10n.t('User settings'),
          detail: vscode.l10n.t('For all workspaces'),
          value: 'user',
        },
        {
          label: vscode.l10n.t('Workspace settings'),
          detail: vscode.l10n.t('For this workspace only; can be shared in a repository'),
          value: 'workspace',
        },
      ],
    });
  },
};

/**
 * The questions about a new connection, in their order.
 *
 * @param taken the names of the other connections
 * @param given what was given as arguments and is not asked
 */
export function newConnectionSteps(
  taken: readonly string[],
  given: Readonly<Record<string, unknown>>,
): readonly DraftStep[] {
  const unless = (name: string, ...steps: readonly DraftStep[]): readonly DraftStep[] =>
    given[name] === undefined ? steps : [];
  return [
    ...(given['endpoint'] === undefined ? unless('service', serviceStep) : []),
    ...unless('endpoint', endpointStep),
    ...unless('region', regionStep),
    ...unless('addressing', addressingStep),
    ...unless('credentials', ...credentialsSteps),
    ...unless('buckets', bucketsStep),
    ...unless('name', nameStep(taken)),
    ...unless('target', targetStep),
  ];
}

function subjectOf(draft: ConnectionDraft): string {
  const { endpoint, region } = connectionOf(draft);
  if (endpoint !== undefined) return new URL(endpoint).hostname;
  return draft.profile === undefined ? `aws-${region}` : `aws-${draft.profile}`;
}
