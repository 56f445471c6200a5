import * as vscode from 'vscode';
import { Cancelled } from '../command.ts';
import { type Choice, pick } from '../prompts.ts';
import { askSteps, Back, type Step } from '../steps.ts';
import { connectionOf, type ConnectionDraft } from './connectionDraft.ts';
import { bucketsStep, nameStep } from './connectionSteps.ts';
import { credentialsSteps } from './credentialsSteps.ts';
import {
  addressingStep,
  caFileStep,
  checksumsStep,
  endpointStep,
  regionStep,
  serviceStep,
} from './endpointSteps.ts';

/** A line of the menu: a field, what it says now, and the questions that change it. */
interface Field {
  readonly label: string;
  readonly value: string;
  readonly steps: readonly Step<ConnectionDraft>[];
}

/**
 * Lets a person change any field of a draft, in any order, until they choose to go on.
 *
 * @param taken the names of the other connections
 * @throws Cancelled at Escape
 */
export async function editInMenu(
  title: string,
  draft: ConnectionDraft,
  taken: readonly string[],
): Promise<void> {
  for (;;) {
    const done: Choice<Field | undefined> = {
      label: `$(check) ${vscode.l10n.t('Try and Save')}`,
      value: undefined,
    };
    const choices = fieldsOf(draft, taken).map((field): Choice<Field | undefined> => ({
      label: field.label,
      description: field.value,
      value: field,
    }));
    const field = await pick([done, ...choices], {
      title,
      placeHolder: vscode.l10n.t('Choose what to change'),
    });
    if (field === undefined) return;
    // Only what was answered to the end is taken.
    const changed = { ...draft };
    try {
      await askSteps(title, field.steps, changed);
      Object.assign(draft, changed);
    } catch (error) {
      if (!(error instanceof Cancelled || error instanceof Back)) throw error;
    }
  }
}

function fieldsOf(draft: ConnectionDraft, taken: readonly string[]): readonly Field[] {
  const connection = connectionOf(draft);
  const { t } = vscode.l10n;
  const isAws = draft.service === 'aws';
  const fields: (Field | undefined)[] = [
    { label: t('Name'), value: connection.name, steps: [nameStep(taken)] },
    {
      label: t('Endpoint'),
      value: connection.endpoint ?? 'Amazon S3',
      steps: [serviceStep, endpointStep, regionStep, addressingStep],
    },
    { label: t('Region'), value: connection.region, steps: [regionStep] },
    isAws
      ? undefined
      : {
          label: t('Bucket Address'),
          value: connection.addressing === 'path' ? t('in the path') : t('in the host name'),
          steps: [addressingStep],
        },
    { label: t('Credentials'), value: describeCredentials(draft), steps: credentialsSteps },
    {
      label: t('Buckets'),
      value: connection.buckets?.join(', ') ?? t('all that can be listed'),
      steps: [bucketsStep],
    },
    {
      label: t('CA Certificate'),
      value: connection.caFile ?? t('only the system’s'),
      steps: [caFileStep],
    },
    {
      label: t('Checksums'),
      value: connection.checksums === 'whenRequired' ? t('only where required') : t('always'),
      steps: [checksumsStep],
    },
  ];
  return fields.filter((field) => field !== undefined);
}

function describeCredentials(draft: ConnectionDraft): string {
  switch (draft.source) {
    case 'profile':
      return vscode.l10n.t('profile {0}', draft.profile ?? '');
    case 'environment':
      return vscode.l10n.t('environment');
    case 'accessKey':
    case undefined:
      return draft.secretAccessKey === undefined
        ? vscode.l10n.t('access key (missing)')
        : vscode.l10n.t('access key {0}', draft.accessKeyId ?? '');
  }
}
