import { basename } from 'node:path';
import * as vscode from 'vscode';
import { formatAddress } from '../../core/address.ts';
import type { UploadPlan } from '../../transfer/uploadPlan.ts';
import { uploadTree, type UploadTask } from '../../transfer/uploadTree.ts';
import { viewIds } from '../ids.ts';
import { visibleText } from '../tree/visibleText.ts';
import type { FileTransferDeps } from './fileTransferDeps.ts';
import type { TransferJob } from './transferJob.ts';
import { treeOutcome } from './treeOutcome.ts';

/** An upload of files as a transfer. What is across is not sent again by a later run. */
export function putJob(
  { context, changes, journal, describeUpload }: FileTransferDeps,
  { target, problems }: Pick<UploadPlan, 'target' | 'problems'>,
  tasks: readonly UploadTask[],
  paths: readonly string[],
): TransferJob {
  const remaining = new Set(tasks);
  const where = visibleText(formatAddress({ bucket: target.bucket, key: target.prefix }));
  return {
    kind: 'upload',
    label: `${chosenText(paths)} → ${where}`,
    run: async ({ signal, limits, report }) => {
      try {
        const result = await uploadTree(context, [...remaining], {
          ...{ limits, journal, describeUpload, signal, onProgress: report },
          onDone: (task) => void remaining.delete(task),
        });
        return treeOutcome(result, problems);
      } finally {
        changes.fire({ type: 'prefixChanged', address: target });
      }
    },
    reveal: async () => {
      await vscode.commands.executeCommand(`${viewIds.objects}.focus`);
    },
  };
}

/** The name of the only one, or of the first one and how many more there are. */
function chosenText(paths: readonly string[]): string {
  const [first = '', ...others] = paths;
  const name = visibleText(basename(first) || first);
  return others.length === 0 ? name : vscode.l10n.t('{0} and {1} more', name, others.length);
}
