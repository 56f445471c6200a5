import * as vscode from 'vscode';
import { endpointMessage } from '../../core/connectionConfig.ts';
import type { Choice } from '../prompts.ts';
import type { Step } from '../steps.ts';
import type { ConnectionDraft } from './connectionDraft.ts';
import { endpointFrom } from './typedText.ts';
import { awsRegions, suggestRegion } from './regions.ts';

type DraftStep = Step<ConnectionDraft>;

export const serviceStep: DraftStep = {
  ask: async (draft, input) => {
    const before = draft.service;
    draft.service = await input.pick<ConnectionDraft['service']>({
      placeholder: vscode.l10n.t('Where are the objects?'),
      active: draft.service,
      choices: [
        {
          label: vscode.l10n.t('S3-compatible endpoint'),
          detail: vscode.l10n.t('MinIO, Ceph, Garage, Hetzner, OVH and others: by their URL'),
          value: 's3',
        },
        {
          label: vscode.l10n.t('Amazon S3'),
          detail: vscode.l10n.t(
            'By region, with an access key, a profile (SSO too) or the environment',
          ),
          value: 'aws',
        },
      ],
    });
    if (draft.service === before) return;
    draft.region = undefined;
    draft.addressing = undefined;
  },
};

export const endpointStep: DraftStep = {
  applies: (draft) => draft.service === 's3',
  ask: async (draft, input) => {
    const typed = await input.text({
      prompt: vscode.l10n.t('The URL of the endpoint; without a scheme it is https.'),
      placeholder: 'https://s3.example.com:9000',
      value: draft.endpoint,
      validate: validateEndpoint,
    });
    draft.endpoint = endpointFrom(typed);
  },
};

export const regionStep: DraftStep = {
  ask: async (draft, input) => {
    if (draft.service === 'aws') {
      draft.region = await input.pick<string>({
        placeholder: vscode.l10n.t('The region; another one can be typed.'),
        active: draft.region,
        choices: awsRegions.map(([value, description]) => ({ label: value, description, value })),
        fromText: regionFrom,
      });
      return;
    }
    draft.region = await input.text({
      prompt: vscode.l10n.t('The region, as the provider calls it. Most servers take us-east-1.'),
      value: draft.region ?? suggestRegion(draft.endpoint ?? 'https://localhost'),
      validate: (text) =>
        isRegion(text.trim())
          ? undefined
          : vscode.l10n.t('A region has letters, digits and hyphens, for example eu-central-1.'),
    });
    draft.region = draft.region.trim();
  },
};

export const addressingStep: DraftStep = {
  applies: (draft) => draft.service === 's3',
  ask: async (draft, input) => {
    const host = new URL(draft.endpoint ?? 'https://s3.example.com').host;
    draft.addressing = await input.pick<'path' | 'virtualHost'>({
      placeholder: vscode.l10n.t('How does the server address a bucket?'),
      active: draft.addressing ?? 'path',
      choices: [
        {
          label: vscode.l10n.t('In the path'),
          detail: vscode.l10n.t('{0}; works with most servers', `${host}/bucket/object`),
          value: 'path',
        },
        {
          label: vscode.l10n.t('In the host name'),
          detail: vscode.l10n.t('{0}; what some providers insist on', `bucket.${host}/object`),
          value: 'virtualHost',
        },
      ],
    });
  },
};

export const caFileStep: DraftStep = {
  ask: async (draft, input) => {
    const choose = await input.pick({
      placeholder: vscode.l10n.t('Certificates to trust in addition to the system’s'),
      choices: [
        { label: vscode.l10n.t('Choose a PEM File…'), value: true },
        { label: vscode.l10n.t('Only the system’s'), value: false },
      ],
    });
    draft.caFile = choose ? ((await chooseCaFile()) ?? draft.caFile) : undefined;
  },
};

export const checksumsStep: DraftStep = {
  ask: async (draft, input) => {
    draft.checksums = await input.pick<ConnectionDraft['checksums']>({
      placeholder: vscode.l10n.t('When are checksums sent?'),
      active: draft.checksums,
      choices: [
        { label: vscode.l10n.t('Always (default)'), value: undefined },
        {
          label: vscode.l10n.t('Only where S3 requires them'),
          detail: vscode.l10n.t('For servers that refuse newer checksums'),
          value: 'whenRequired',
        },
      ],
    });
  },
};

/** Asks for a PEM file; undefined if the person changed their mind. */
export async function chooseCaFile(): Promise<string | undefined> {
  const [file] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t('CA Certificate'),
      openLabel: vscode.l10n.t('Trust'),
      filters: { [vscode.l10n.t('Certificates')]: ['pem', 'crt', 'cer'], '*': ['*'] },
    })) ?? [];
  return file?.scheme === 'file' ? file.fsPath : undefined;
}

/** What is wrong with an endpoint, or what it means that it is not encrypted. */
function validateEndpoint(typed: string): string | vscode.InputBoxValidationMessage | undefined {
  const endpoint = endpointFrom(typed);
  if (endpoint === undefined) return endpointMessage;
  if (!endpoint.startsWith('http:')) return undefined;
  return { message: insecureNote(), severity: vscode.InputBoxValidationSeverity.Warning };
}

/** What a person must know of an endpoint without TLS. */
export function insecureNote(): string {
  return vscode.l10n.t(
    'Over http, objects can be browsed, but a customer key is never sent: encrypted objects need https.',
  );
}

function isRegion(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9-]*$/.test(text);
}

function regionFrom(text: string): Choice<string> | undefined {
  if (!isRegion(text) || awsRegions.some(([name]) => name === text)) return undefined;
  return { label: text, description: vscode.l10n.t('Use this region'), value: text };
}
