import * as vscode from 'vscode';
import { formatAddress } from '../../core/address.ts';
import type { DownloadPlan, DownloadSource } from '../../transfer/downloadPlan.ts';
import { downloadTree, type DownloadTask } from '../../transfer/downloadTree.ts';
import { visibleText } from '../tree/visibleText.ts';
import type { FileTransferDeps } from './fileTransferDeps.ts';
import { revealLocal } from './revealLocal.ts';
import type { TransferJob } from './transferJob.ts';
import { treeOutcome } from './treeOutcome.ts';

/** A download as a transfer. What is here already does not come again by a later run. */
export function getJob(
  { context, journal }: FileTransferDeps,
  { folder, problems }: Pick<DownloadPlan, 'folder' | 'problems'>,
  tasks: readonly DownloadTask[],
  sources: readonly DownloadSource[],
): TransferJob {
  const remaining = new Set(tasks);
  return {
    kind: 'download',
    label: `${sourcesText(sources)} → ${visibleText(folder)}`,
    run: async ({ signal, limits, report }) => {
      const result = await downloadTree(context, folder, [...remaining], {
        ...{ limits, journal, signal, onProgress: report },
        onDone: (task) => void remaining.delete(task),
      });
      return treeOutcome(result, problems);
    },
    reveal: () => revealLocal(tasks.length === 1 ? (tasks[0]?.path ?? folder) : folder),
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
