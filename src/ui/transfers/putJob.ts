import { basename } from 'node:path';
import * as v from 'valibot';
import * as vscode from 'vscode';
import { formatAddress, type PrefixAddress } from '../../core/address.ts';
import { visibleText } from '../../core/visibleText.ts';
import { discardUpload } from '../../transfer/discardParts.ts';
import type { NotedJob } from '../../transfer/jobFolder.ts';
import type { TreeFailure } from '../../transfer/treeRun.ts';
import { addressSchema } from '../../transfer/uploadJournal.ts';
import type { UploadPlan } from '../../transfer/uploadPlan.ts';
import { uploadTree, type UploadTask } from '../../transfer/uploadTree.ts';
import { viewIds } from '../ids.ts';
import type { FileTransferDeps } from './fileTransferDeps.ts';
import { type GivenFields, withGiven } from './givenDescription.ts';
import { notedProblems, noteJob, PendingTasks } from './pendingTasks.ts';
import type { TransferJob } from './transferJob.ts';
import { treeOutcome } from './treeOutcome.ts';

const taskSchema = v.object({
  ...{ path: v.string(), address: addressSchema, size: v.number(), isEncrypted: v.boolean() },
  condition: v.variant('type', [
    v.object({ type: v.literal('absent') }),
    v.object({ type: v.literal('matches'), etag: v.string() }),
  ]),
});

function parseTask(value: unknown): UploadTask | undefined {
  const parsed = v.safeParse(taskSchema, value);
  return parsed.success ? parsed.output : undefined;
}

/** An upload of files as a transfer; noted, so that it can be gone on with. */
export async function newPutJob(
  deps: FileTransferDeps,
  { target, problems }: UploadPlan,
  tasks: readonly UploadTask[],
  { paths, given }: { readonly paths: readonly string[]; readonly given?: GivenFields | undefined },
): Promise<TransferJob> {
  const where = visibleText(formatAddress({ bucket: target.bucket, key: target.prefix }));
  const label = `${chosenText(paths)} → ${where}`;
  const noted = await noteJob(
    deps,
    { label, what: { type: 'put', target, given } },
    problems,
    tasks,
  );
  return putJob(
    givingDeps(deps, given),
    label,
    target,
    problems,
    new PendingTasks(noted, parseTask, tasks),
  );
}

/** An upload that an earlier window left. */
export function notedPutJob(
  deps: FileTransferDeps,
  noted: NotedJob,
  target: PrefixAddress,
  given: unknown,
): TransferJob {
  const { record } = noted;
  const tasks = new PendingTasks(noted, parseTask);
  return putJob(givingDeps(deps, given), record.label, target, notedProblems(record), tasks);
}

function givingDeps(deps: FileTransferDeps, given: unknown): FileTransferDeps {
  return { ...deps, context: withGiven(deps.context, given) };
}

function putJob(
  { context, changes, journal }: FileTransferDeps,
  label: string,
  target: PrefixAddress,
  problems: readonly TreeFailure[],
  pending: PendingTasks<UploadTask>,
): TransferJob {
  return {
    ...{ kind: 'upload', label },
    run: async ({ signal, limits, report }) => {
      try {
        const result = await uploadTree(context, await pending.list(), {
          ...{ limits, journal, signal: pending.signal(signal), onProgress: report },
          onDone: (task) => {
            pending.done(task);
          },
        });
        return treeOutcome(result, problems);
      } finally {
        changes.fire({ type: 'prefixChanged', address: target });
      }
    },
    reveal: async () => {
      await vscode.commands.executeCommand(`${viewIds.objects}.focus`);
    },
    keeper: pending.keeper(({ address, path }) => discardUpload(context, journal, address, path)),
    uses: ({ connection, bucket, key }) =>
      pending.known().some(({ address }) => {
        const isThere = address.connection === connection && address.bucket === bucket;
        return isThere && address.key === key;
      }),
  };
}

/** The name of the only one, or of the first one and how many more there are. */
function chosenText(paths: readonly string[]): string {
  const [first = '', ...others] = paths;
  const name = visibleText(basename(first) || first);
  return others.length === 0 ? name : vscode.l10n.t('{0} and {1} more', name, others.length);
}
