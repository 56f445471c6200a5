import * as vscode from 'vscode';
import type { CredentialsSource } from '../../core/connection.ts';
import { Secret } from '../../core/secret.ts';
import type { Choice } from '../prompts.ts';
import type { Step } from '../steps.ts';
import type { ConnectionDraft } from './connectionDraft.ts';
import { type Profile, readProfiles } from './sharedConfig.ts';

type DraftStep = Step<ConnectionDraft>;

/** Also before the question was asked, for counting the steps. */
const usesAccessKey = (draft: ConnectionDraft): boolean =>
  draft.source === undefined || draft.source === 'accessKey';

const sourceStep: DraftStep = {
  ask: async (draft, input) => {
    draft.source = await input.pick<CredentialsSource['source']>({
      placeholder: vscode.l10n.t('Where do the credentials come from?'),
      active: draft.source,
      choices: [
        {
          label: vscode.l10n.t('Access key'),
          detail: vscode.l10n.t('Typed here and kept in the secret storage of VS Code'),
          value: 'accessKey',
        },
        {
          label: vscode.l10n.t('Profile'),
          detail: vscode.l10n.t('Of the shared AWS config and credentials files; SSO, too'),
          value: 'profile',
        },
        {
          label: vscode.l10n.t('Environment'),
          detail: 'AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN',
          value: 'environment',
        },
      ],
    });
  },
};

const profileStep: DraftStep = {
  applies: (draft) => draft.source === 'profile',
  ask: async (draft, input) => {
    const profiles = await readProfiles();
    draft.profile = await input.pick<string>({
      placeholder:
        profiles.length === 0
          ? vscode.l10n.t('No profile was found in the shared AWS files; type its name.')
          : vscode.l10n.t('The profile'),
      active: draft.profile,
      choices: profiles.map((profile) => ({
        label: profile.name,
        description: describeKind(profile.kind),
        value: profile.name,
      })),
      fromText: (text): Choice<string> | undefined =>
        profiles.some(({ name }) => name === text)
          ? undefined
          : { label: text, description: vscode.l10n.t('Use this name'), value: text },
    });
  },
};

const accessKeyIdStep: DraftStep = {
  applies: usesAccessKey,
  ask: async (draft, input) => {
    const before = draft.accessKeyId;
    const typed = await input.text({
      prompt: vscode.l10n.t('The access key ID'),
      value: before,
      validate: (text) =>
        text.trim() === '' ? vscode.l10n.t('The access key ID is needed.') : undefined,
    });
    draft.accessKeyId = typed.trim();
    if (draft.accessKeyId === before) return;
    draft.secretAccessKey = undefined;
    draft.sessionToken = undefined;
  },
};

const secretAccessKeyStep: DraftStep = {
  applies: usesAccessKey,
  ask: async (draft, input) => {
    const hasSecret = draft.secretAccessKey !== undefined;
    const typed = await input.text({
      prompt: vscode.l10n.t('The secret access key'),
      placeholder: hasSecret ? vscode.l10n.t('Leave it empty to keep the one there is') : undefined,
      password: true,
      validate: (text) =>
        text.trim() === '' && !hasSecret
          ? vscode.l10n.t('The secret access key is needed.')
          : undefined,
    });
    if (typed.trim() !== '') draft.secretAccessKey = new Secret(typed.trim());
  },
};

/** AWS's temporary access keys start with ASIA and need a token. */
const sessionTokenStep: DraftStep = {
  applies: (draft) =>
    usesAccessKey(draft) &&
    (draft.sessionToken !== undefined || draft.accessKeyId?.startsWith('ASIA') === true),
  ask: async (draft, input) => {
    const typed = await input.text({
      prompt: vscode.l10n.t('The session token of this temporary access key'),
      placeholder: vscode.l10n.t('Leave it empty to keep the one there is, or for none'),
      password: true,
    });
    if (typed.trim() !== '') draft.sessionToken = new Secret(typed.trim());
  },
};

/** Everything about where the credentials come from. */
export const credentialsSteps: readonly DraftStep[] = [
  sourceStep,
  profileStep,
  accessKeyIdStep,
  secretAccessKeyStep,
  sessionTokenStep,
];

function describeKind(kind: Profile['kind']): string {
  switch (kind) {
    case 'sso':
      return vscode.l10n.t('SSO');
    case 'role':
      return vscode.l10n.t('assumes a role');
    case 'process':
      return vscode.l10n.t('runs a program');
    case 'accessKey':
      return vscode.l10n.t('access key');
    case 'other':
      return '';
  }
}
