import * as vscode from 'vscode';
import {
  type CustomerKeyReading,
  possibleReadings,
  readCustomerKey,
} from '../../core/customerKeyFormat.ts';
import type { Fingerprint } from '../../core/customerKey.ts';
import { checkKeyName } from '../../keys/keyName.ts';
import type { KeyRecord, KeyScope } from '../../keys/keyRecord.ts';
import { Back, type Step } from '../steps.ts';
import {
  describeFormat,
  type KeySource,
  type NewKeyDraft,
  readKeyFile,
  requireExpected,
  takeReading,
  takeReadings,
} from './newKey.ts';

type KeyStep = Step<NewKeyDraft>;

/** What the questions about a new customer key go by. */
export interface NewKeyContext {
  readonly records: readonly KeyRecord[];
  readonly hasWorkspace: boolean;
  /** The fingerprint that the customer key must have, if it is added again. */
  readonly expected?: Fingerprint | undefined;
}

/** Where the bytes come from, and how they are read. */
export function sourceSteps(context: NewKeyContext): readonly KeyStep[] {
  return [sourceStep(context), typedStep(context), fileStep(context), readingStep];
}

function sourceStep({ expected }: NewKeyContext): KeyStep {
  return {
    ask: async (draft, input) => {
      const before = draft.source;
      draft.source = await input.pick<KeySource>({
        placeholder: vscode.l10n.t('Where does the customer key come from?'),
        active: draft.source,
        choices: [
          {
            label: `$(edit) ${vscode.l10n.t('Type or paste it')}`,
            detail: vscode.l10n.t('32 characters of text, base64 or hex; the format is detected'),
            value: 'typed',
          },
          {
            label: `$(file) ${vscode.l10n.t('Read it from a file')}`,
            detail: vscode.l10n.t('32 raw bytes, or text, base64 or hex'),
            value: 'file',
          },
          ...(expected === undefined
            ? [
                {
                  label: `$(sparkle) ${vscode.l10n.t('Generate a new one')}`,
                  detail: vscode.l10n.t('32 random bytes; a copy can be saved before it is stored'),
                  value: 'generate' as const,
                },
              ]
            : []),
        ],
      });
      if (draft.source === before && draft.key !== undefined) return;
      draft.readings = undefined;
      draft.key = undefined;
      if (draft.source === 'generate') takeReading(draft, undefined);
    },
  };
}

function typedStep(context: NewKeyContext): KeyStep {
  return {
    applies: (draft) => draft.source === 'typed',
    ask: async (draft, input) => {
      const typed = await input.text({
        prompt: vscode.l10n.t('The customer key: 32 characters of text, base64 or hex.'),
        password: true,
        validate: (text) => describeTyped(text, context),
      });
      takeReadings(draft, possibleReadings(typed), context.expected);
    },
  };
}

function fileStep({ expected }: NewKeyContext): KeyStep {
  return {
    applies: (draft) => draft.source === 'file',
    ask: async (draft) => {
      const [uri] =
        (await vscode.window.showOpenDialog({
          title: vscode.l10n.t('File with the Customer Key'),
          openLabel: vscode.l10n.t('Read'),
        })) ?? [];
      if (uri === undefined) throw new Back();
      try {
        takeReadings(draft, await readKeyFile(uri), expected);
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        await vscode.window.showErrorMessage(error.message, { modal: true });
        throw new Back();
      }
    },
  };
}

/** Only where the input can be read in several ways. */
const readingStep: KeyStep = {
  applies: (draft) => (draft.readings?.length ?? 0) > 1,
  ask: async (draft, input) => {
    const reading = await input.pick<CustomerKeyReading>({
      placeholder: vscode.l10n.t('It can be read in several ways. Which fingerprint is right?'),
      choices: (draft.readings ?? []).map((each) => ({
        label: describeFormat(each.format),
        description: each.key.fingerprint,
        value: each,
      })),
    });
    takeReading(draft, reading);
  },
};

export function scopeStep({ hasWorkspace }: NewKeyContext): KeyStep {
  return {
    applies: () => hasWorkspace,
    ask: async (draft, input) => {
      draft.scope = await input.pick<KeyScope>({
        placeholder: vscode.l10n.t('Who is to have the customer key?'),
        active: draft.scope,
        choices: [
          {
            label: vscode.l10n.t('This workspace'),
            detail: vscode.l10n.t('Other workspaces do not see it'),
            value: 'workspace',
          },
          {
            label: vscode.l10n.t('The user'),
            detail: vscode.l10n.t('All your workspaces have it'),
            value: 'user',
          },
        ],
      });
    },
  };
}

export function keyNameStep({ records }: NewKeyContext): KeyStep {
  return {
    ask: async (draft, input) => {
      draft.name = await input.text({
        prompt: vscode.l10n.t('A name for the customer key {0}', draft.key?.fingerprint ?? ''),
        value: draft.name,
        validate: (text) => nameProblem(text, draft, records),
      });
    },
  };
}

/** What is wrong with a name for a customer key, if anything. */
export function nameProblem(
  text: string,
  {
    scope,
    key,
  }: { readonly scope: KeyScope; readonly key?: { readonly fingerprint: string } | undefined },
  records: readonly KeyRecord[],
): string | undefined {
  try {
    const name = checkKeyName(text);
    const other = records.find((record) => record.scope === scope && record.name === name);
    if (other === undefined || other.fingerprint === key?.fingerprint) return undefined;
    return vscode.l10n.t('There is a customer key "{0}" already.', name);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Says while it is typed what a customer key is read as; never the key itself. */
function describeTyped(
  text: string,
  { records, expected }: NewKeyContext,
): vscode.InputBoxValidationMessage {
  const { Error: error, Warning: warning, Info: info } = vscode.InputBoxValidationSeverity;
  try {
    const { key, format } = readCustomerKey(text);
    requireExpected(possibleReadings(text), expected);
    const { fingerprint } = key;
    const known = records.find((record) => record.fingerprint === fingerprint && !record.missing);
    const read = vscode.l10n.t(
      'Read as {0}. Fingerprint: {1}',
      describeFormat(format),
      fingerprint,
    );
    if (known === undefined) return { message: read, severity: info };
    const here = vscode.l10n.t('It is here already, as "{0}".', known.name);
    return { message: `${read}. ${here}`, severity: warning };
  } catch (problem) {
    return { message: problem instanceof Error ? problem.message : '', severity: error };
  }
}
