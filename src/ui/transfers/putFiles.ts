import * as vscode from 'vscode';
import { formatAddress, type PrefixAddress } from '../../core/address.ts';
import { visibleText } from '../../core/visibleText.ts';
import { planUpload, type UploadPlan } from '../../transfer/uploadPlan.ts';
import { uploadTasks } from '../../transfer/uploadTasks.ts';
import type { UploadTask } from '../../transfer/uploadTree.ts';
import { InvalidArguments } from '../command.ts';
import { type RunOutcome, showOutcome } from '../objects/runOutcome.ts';
import { confirm } from '../prompts.ts';
import { withProgress } from '../withProgress.ts';
import type { GivenFields } from './givenDescription.ts';
import { existingPolicy, type OverwriteArgument } from './existingQuestion.ts';
import type { FileTransferDeps } from './fileTransferDeps.ts';
import { newPutJob } from './putJob.ts';

export interface PutFilesOptions {
  /** Files and folders: absolute local paths, or URIs of local files. */
  readonly files: readonly (string | vscode.Uri)[];
  readonly target: PrefixAddress;
  /** What becomes of objects that are there already; default: the person is asked. */
  readonly overwrite?: OverwriteArgument | undefined;
  /** Stores without a customer key, where none is named, without a question; default false. */
  readonly confirmed?: boolean | undefined;
  /** What the objects are given over what the rules say. */
  readonly given?: GivenFields | undefined;
}

/**
 * Uploads files and folders below a prefix: looks what there is, asks what has to be asked, and
 * runs it as a transfer.
 *
 * @returns what came of it; objects that stay because they were there already do not count
 * @throws Cancelled, InvalidArguments, StoreError
 */
export async function putFiles(
  deps: FileTransferDeps,
  { files, target, overwrite, confirmed, given }: PutFilesOptions,
): Promise<RunOutcome> {
  const { context, transfers } = deps;
  const paths = files.map(localPathOf);
  const where = visibleText(formatAddress({ bucket: target.bucket, key: target.prefix }));
  const plan = await withProgress(
    vscode.l10n.t('Looking at what goes to {0}', where),
    (signal, report) =>
      planUpload(context, paths, target, {
        signal,
        onFound: (count) => {
          report(vscode.l10n.t('{0} files', count));
        },
      }),
  );
  if (plan.files.length === 0 && plan.problems.length === 0) {
    throw new InvalidArguments(vscode.l10n.t('There is no file in what was chosen.'));
  }
  const existing = plan.files.filter((file) => file.existing !== undefined);
  const names = existing.map(({ address }) => visibleText(address.key));
  const policy = await existingPolicy(overwrite, names, plan.files.length);
  const tasks = await uploadTasks(context, plan, policy);
  if (confirmed !== true) await agreeToPlaintext(tasks, where);
  const outcome =
    tasks.length + plan.problems.length === 0
      ? { succeeded: 0, failures: [], skipped: 0 }
      : await transfers.start(await newPutJob(deps, plan, tasks, { paths, given })).done;
  showOutcome(deps, outcome, doneText(outcome, plan, tasks));
  return outcome;
}

function localPathOf(file: string | vscode.Uri): string {
  const uri = typeof file === 'string' && file.startsWith('file:') ? vscode.Uri.parse(file) : file;
  if (typeof uri === 'string') return uri;
  if (uri.scheme === 'file') return uri.fsPath;
  throw new InvalidArguments(vscode.l10n.t('Only local files can be uploaded.'));
}

/** Says what would be stored without a customer key. @throws Cancelled */
async function agreeToPlaintext(tasks: readonly UploadTask[], where: string): Promise<void> {
  const plain = tasks.filter(({ isEncrypted }) => !isEncrypted);
  if (plain.length === 0) return;
  await confirm(
    plain.length === tasks.length
      ? vscode.l10n.t('Upload to {0} without a customer key?', where)
      : vscode.l10n.t('Upload {0} of {1} files without a key?', plain.length, tasks.length),
    vscode.l10n.t(
      'No key rule and no default names a customer key for them: the server, and whoever may read there, sees what is in them.',
    ),
    vscode.l10n.t('Upload Without Key'),
  );
}

function doneText(
  { succeeded }: RunOutcome,
  { files }: UploadPlan,
  tasks: readonly UploadTask[],
): string {
  const skipped = files.length - tasks.length;
  const done =
    succeeded === 1
      ? vscode.l10n.t('1 file uploaded')
      : vscode.l10n.t('{0} files uploaded', succeeded);
  return skipped === 0 ? done : vscode.l10n.t('{0}, {1} were there already', done, skipped);
}
