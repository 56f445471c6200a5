import * as v from 'valibot';
import * as vscode from 'vscode';
import { formatAddress } from '../../core/address.ts';
import { visibleText } from '../../core/visibleText.ts';
import { discardDownload } from '../../transfer/discardParts.ts';
import type { DownloadPlan, DownloadSource } from '../../transfer/downloadPlan.ts';
import { downloadTree, type DownloadTask } from '../../transfer/downloadTree.ts';
import type { NotedJob } from '../../transfer/jobFolder.ts';
import { localPath } from '../../transfer/sync/localPath.ts';
import type { TreeFailure } from '../../transfer/treeRun.ts';
import { addressSchema } from '../../transfer/uploadJournal.ts';
import type { FileTransferDeps } from './fileTransferDeps.ts';
import { localSystem } from './localSystem.ts';
import { notedProblems, noteJob, PendingTasks } from './pendingTasks.ts';
import { revealLocal } from './revealLocal.ts';
import type { TransferJob } from './transferJob.ts';
import { restoresMode } from './transferSettings.ts';
import { treeOutcome } from './treeOutcome.ts';

const taskSchema = v.object({
  ...{ address: addressSchema, below: v.string(), size: v.number(), isFolder: v.boolean() },
  condition: v.variant('type', [
    v.object({ type: v.literal('absent') }),
    v.object({
      type: v.literal('matches'),
      file: v.object({ size: v.number(), mtimeNs: v.string(), inode: v.string() }),
    }),
  ]),
});

/** Where it goes is computed anew: what was noted never leads out of the folder. */
function parseIn(folder: string): (value: unknown) => DownloadTask | undefined {
  return (value) => {
    const parsed = v.safeParse(taskSchema, value);
    if (!parsed.success) return undefined;
    return { ...parsed.output, path: localPath(folder, parsed.output.below, localSystem()) };
  };
}

/** A download as a transfer; noted, so that it can be gone on with. */
export async function newGetJob(
  deps: FileTransferDeps,
  { folder, problems }: DownloadPlan,
  tasks: readonly DownloadTask[],
  sources: readonly DownloadSource[],
): Promise<TransferJob> {
  const label = `${sourcesText(sources)} → ${visibleText(folder)}`;
  const noted = await noteJob(deps, { label, what: { type: 'get', folder } }, problems, tasks);
  const pending = new PendingTasks(noted, parseIn(folder), tasks);
  const [only] = tasks.length === 1 ? tasks : [];
  return getJob(deps, label, folder, problems, pending, only?.path);
}

/** A download that an earlier window left. */
export function notedGetJob(deps: FileTransferDeps, noted: NotedJob, folder: string): TransferJob {
  const { record } = noted;
  const pending = new PendingTasks(noted, parseIn(folder));
  return getJob(deps, record.label, folder, notedProblems(record), pending);
}

function getJob(
  { context, journal }: FileTransferDeps,
  label: string,
  folder: string,
  problems: readonly TreeFailure[],
  pending: PendingTasks<DownloadTask>,
  shown = folder,
): TransferJob {
  return {
    ...{ kind: 'download', label },
    run: async ({ signal, limits, report }) => {
      const result = await downloadTree(context, folder, await pending.list(), {
        ...{ limits, journal, onProgress: report },
        restoreMode: restoresMode(vscode.workspace.getConfiguration()),
        signal: pending.signal(signal),
        onDone: (task) => {
          pending.done(task);
        },
      });
      return treeOutcome(result, problems);
    },
    reveal: () => revealLocal(shown),
    keeper: pending.keeper(({ address, path }) => discardDownload(journal, address, path)),
  };
}

/** The address of the only one, or of the first one and how many more there are. */
function sourcesText(sources: readonly DownloadSource[]): string {
  const [first, ...others] = sources;
  if (first === undefined) return '';
  const { bucket } = first.address;
  const key = first.type === 'object' ? first.address.key : first.address.prefix;
  const name = visibleText(formatAddress({ bucket, key }));
  return others.length === 0 ? name : vscode.l10n.t('{0} and {1} more', name, others.length);
}
