import { basename } from 'node:path';
import * as vscode from 'vscode';
import { parseS3Address } from '../../core/objectUri.ts';
import { baseName } from '../../core/address.ts';
import { Cancelled } from '../command.ts';
import type { Step, StepInput } from '../steps.ts';
import type { SettingTarget } from '../workspaceSettings.ts';
import { hasWorkspaceSettings } from '../workspaceSettings.ts';
import { folderWords } from './pairSettings.ts';
import { absoluteFolder, FolderProblem, writtenFolder } from './localFolder.ts';
import { addressText, isPairName, type PairEntry } from './savedPair.ts';
import type { SyncDeps } from './syncDeps.ts';

/** What the dialog knows so far. */
export type PairDraft = { -readonly [Field in keyof PairEntry]?: PairEntry[Field] | undefined } & {
  name?: string | undefined;
  near?: 'local' | 'remote' | undefined;
  /** `once` saves nothing. */
  keep?: SettingTarget | 'once' | undefined;
};

/** The questions of "Sync…"; those that the arguments answered are left out. */
export function pairSteps(deps: SyncDeps, given: Readonly<PairDraft>): readonly Step<PairDraft>[] {
  const { connections, settings } = deps;
  const askConnection = async (input: StepInput, placeholder: string): Promise<string> => {
    const choices = connections.list().map(({ name, endpoint, region }) => ({
      ...{ label: name, description: endpoint ?? `Amazon S3, ${region}`, value: name },
    }));
    return await input.pick({ placeholder, choices });
  };
  const isGiven = (...fields: readonly (keyof PairDraft)[]): boolean =>
    fields.some((field) => given[field] !== undefined);
  const only = connections.list().length === 1 ? connections.list()[0]?.name : undefined;
  return [
    {
      applies: () => !isGiven('local', 'from'),
      ask: async (draft, input) => {
        draft.near = await input.pick({
          placeholder: vscode.l10n.t('What is to be synced with the objects?'),
          choices: [
            {
              label: vscode.l10n.t('A local folder…'),
              detail: vscode.l10n.t('Upload, download or both ways'),
              value: 'local',
            },
            {
              label: vscode.l10n.t('Another prefix'),
              detail: vscode.l10n.t('Copy: of this bucket, another one, or another connection'),
              value: 'remote',
            },
          ],
        });
        if (draft.near === 'local') draft.local = await askFolder();
        else delete draft.local;
      },
    },
    {
      applies: ({ near }) => near === 'remote' && only === undefined,
      ask: async (draft, input) => {
        draft.fromConnection = await askConnection(
          input,
          vscode.l10n.t('The connection of the source'),
        );
      },
    },
    {
      applies: ({ near }) => near === 'remote',
      ask: async (draft, input) => {
        const prompt = vscode.l10n.t('Copy from: s3://bucket/prefix/');
        draft.from = await askPrefix(input, prompt, draft.from);
      },
    },
    {
      applies: () => !isGiven('connection') && only === undefined,
      ask: async (draft, input) => {
        draft.connection = await askConnection(input, vscode.l10n.t('The connection'));
      },
    },
    {
      applies: () => !isGiven('remote'),
      ask: async (draft, input) => {
        const prompt = vscode.l10n.t('The remote side: s3://bucket/prefix/');
        draft.remote = await askPrefix(input, prompt, draft.remote);
      },
    },
    {
      applies: (draft) => !isGiven('direction') && draft.local !== undefined,
      ask: async (draft, input) => {
        draft.direction = await input.pick({
          placeholder: vscode.l10n.t('Which way?'),
          choices: [
            {
              label: vscode.l10n.t('Upload'),
              detail: vscode.l10n.t('The objects are made like the folder, which is never written'),
              value: 'upload',
            },
            {
              label: vscode.l10n.t('Download'),
              detail: vscode.l10n.t('The folder is made like the objects, which are never written'),
              value: 'download',
            },
            {
              label: vscode.l10n.t('Both ways'),
              detail: vscode.l10n.t(
                'A change on either side goes to the other; conflicts are asked',
              ),
              value: 'both',
            },
          ],
        });
      },
    },
    {
      applies: () => given.keep === undefined,
      ask: async (draft, input) => {
        draft.keep = await input.pick({
          placeholder: vscode.l10n.t(
            'Save it as a pair? Nothing is transferred before you have seen the plan.',
          ),
          choices: [
            ...(hasWorkspaceSettings()
              ? [
                  {
                    label: vscode.l10n.t('Save in the workspace settings'),
                    value: 'workspace' as const,
                  },
                ]
              : []),
            { label: vscode.l10n.t('Save in the user settings'), value: 'user' as const },
            { label: vscode.l10n.t('Just this once'), value: 'once' as const },
          ],
        });
      },
    },
    {
      applies: (draft) => !isGiven('name') && draft.keep !== 'once',
      ask: async (draft, input) => {
        draft.name = await input.text({
          prompt: vscode.l10n.t('A name for the pair'),
          value: draft.name ?? nameFor(draft),
          validate: (value) => {
            if (!isPairName(value)) {
              return vscode.l10n.t('1 to 100 characters, without a space at the ends');
            }
            return settings.get(value) === undefined
              ? undefined
              : vscode.l10n.t('There is a pair of that name already');
          },
        });
      },
    },
  ];
}

/** A name that is not taken as far as the draft tells: the folder's or the prefix's. */
function nameFor({ local, remote }: PairDraft): string {
  try {
    if (local !== undefined) return basename(absoluteFolder(local, folderWords()));
  } catch (error) {
    if (!(error instanceof FolderProblem)) throw error;
  }
  return remote === undefined ? '' : baseName(remote.prefix).replace('/', '') || remote.bucket;
}

async function askFolder(): Promise<string> {
  const [uri] =
    (await vscode.window.showOpenDialog({
      ...{ canSelectFolders: true, canSelectFiles: false, canSelectMany: false },
      title: vscode.l10n.t('The folder to sync'),
      openLabel: vscode.l10n.t('Sync This Folder'),
    })) ?? [];
  if (uri === undefined) throw new Cancelled();
  return writtenFolder(uri.fsPath, folderWords());
}

async function askPrefix(
  input: StepInput,
  prompt: string,
  before: { readonly bucket: string; readonly prefix: string } | undefined,
): Promise<{ bucket: string; prefix: string }> {
  const answer = await input.text({
    prompt,
    value: before === undefined ? '' : addressText(before),
    placeholder: 's3://bucket/prefix/',
    validate: (text) =>
      parseS3Address(text.trim()) === undefined
        ? vscode.l10n.t('Expected s3://bucket/prefix/, or s3://bucket for all of it')
        : undefined,
  });
  const { bucket, key } = parseS3Address(answer.trim()) ?? { bucket: '', key: '' };
  return { bucket, prefix: key === '' || key.endsWith('/') ? key : `${key}/` };
}
