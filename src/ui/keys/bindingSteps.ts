import * as vscode from 'vscode';
import { bucketsFrom } from '../connections/typedText.ts';
import type { Step } from '../steps.ts';
import { hostFrom } from './hosts.ts';

/** What the questions about a binding are answered into. */
export interface BindingDraft {
  hosts?: readonly string[] | undefined;
  buckets?: readonly string[] | undefined;
  otherHost?: boolean | undefined;
}

const other = Symbol('other host');

/**
 * Asks which hosts (and buckets) a customer key may be sent to.
 *
 * @param known the hosts of the connections
 * @param proposed those of them that are ticked at first
 * @param placeholder what is asked about the hosts
 */
export function bindingSteps(
  known: readonly string[],
  proposed: readonly string[],
  placeholder: string,
): readonly Step<BindingDraft>[] {
  return [hostsStep(known, proposed, placeholder), otherHostStep(known), bucketsStep];
}

function hostsStep(
  known: readonly string[],
  proposed: readonly string[],
  placeholder: string,
): Step<BindingDraft> {
  return {
    ask: async (draft, input) => {
      const chosen = draft.hosts ?? proposed;
      const answers = await input.pickMany<string | typeof other>({
        placeholder,
        choices: [
          ...known.map((host) => ({ label: host, value: host, picked: chosen.includes(host) })),
          { label: vscode.l10n.t('Another host…'), value: other, picked: draft.otherHost === true },
        ],
      });
      draft.otherHost = answers.includes(other);
      const typed = draft.otherHost ? chosen.filter((host) => !known.includes(host)) : [];
      draft.hosts = [...answers.filter((answer) => typeof answer === 'string'), ...typed];
    },
  };
}

function otherHostStep(known: readonly string[]): Step<BindingDraft> {
  return {
    applies: (draft) => draft.otherHost === true,
    ask: async (draft, input) => {
      const typed = await input.text({
        prompt: vscode.l10n.t('The host, with its port if it has one'),
        placeholder: 's3.example.com:9000',
        value: draft.hosts?.find((host) => !known.includes(host)),
        validate: (text) =>
          hostFrom(text) === undefined
            ? vscode.l10n.t('A host is a name such as s3.example.com, or the https URL of one.')
            : undefined,
      });
      const host = hostFrom(typed);
      const ticked = draft.hosts?.filter((each) => known.includes(each)) ?? [];
      draft.hosts = [...new Set([...ticked, ...(host === undefined ? [] : [host])])];
    },
  };
}

const bucketsStep: Step<BindingDraft> = {
  applies: (draft) => (draft.hosts?.length ?? 0) > 0,
  ask: async (draft, input) => {
    const typed = await input.text({
      prompt: vscode.l10n.t(
        'Only for these buckets of {0}; leave it empty for all.',
        (draft.hosts ?? []).join(', '),
      ),
      placeholder: vscode.l10n.t('For example: photos, backups'),
      value: draft.buckets?.join(', '),
      validate: (text) =>
        text.includes('/') ? vscode.l10n.t('A bucket name has no slash.') : undefined,
    });
    draft.buckets = bucketsFrom(typed);
  },
};
