import * as vscode from 'vscode';
import { formatAddress, type ObjectAddress, type PrefixAddress } from '../../core/address.ts';
import { visibleText } from '../../core/visibleText.ts';
import type { CopiedObject, TargetKey } from '../../transfer/copyObject.ts';
import { copyPrefix, type PrefixOptions } from '../../transfer/copyPrefix.ts';
import { movePrefix } from '../../transfer/movePrefix.ts';
import { type CopyPlan, remainingOf } from '../../transfer/prefixPlan.ts';
import type { RunReport } from '../../transfer/run.ts';
import type { ObjectChange } from '../objectChanges.ts';
import type { JobTask } from '../transfers/transferJob.ts';
import { amountOf, type CopyAgreement } from './copyAgreement.ts';
import type { ObjectDeps } from './objectDeps.ts';
import { followMoves } from './openEditors.ts';
import { outcomeOf, type RunOutcome, showOutcome } from './runOutcome.ts';
import type { Verb } from './transferObject.ts';

export interface CopyJob {
  readonly verb: Verb;
  readonly plan: CopyPlan;
  readonly agreed: CopyAgreement;
  readonly targetKey: TargetKey;
  /** As the view "Transfers" shows it. */
  readonly label: string;
  readonly target: PrefixAddress;
  /** What changes beside the target. */
  readonly changesOf: (report: RunReport) => readonly ObjectChange[];
}

/**
 * Copies or moves what a plan lists, as a transfer in the list of all. "Retry" does what is not
 * done yet.
 */
export async function runCopyJob(deps: ObjectDeps, job: CopyJob): Promise<RunOutcome> {
  const { verb, label, target } = job;
  let rest = job.plan;
  let classless = 0;
  const onCopied = ({ droppedStorageClass }: CopiedObject): void => {
    if (droppedStorageClass !== undefined) classless += 1;
  };
  const run = async (task: JobTask): Promise<RunOutcome> => {
    const plan = rest;
    const report = await runPlan(deps, { ...job, onCopied }, plan, task);
    rest = remainingOf(plan, report.succeeded);
    return outcomeOf(report);
  };
  const reveal = (): Promise<void> => deps.tree.revealPrefix(target);
  const { id, done: running } = deps.transfers.start({ kind: verb, label, run, reveal });
  const outcome = await running;
  const show = (of: RunOutcome): void => {
    const text =
      verb === 'move'
        ? vscode.l10n.t('{0} moved', amountOf(of.succeeded, 0))
        : vscode.l10n.t('{0} copied', amountOf(of.succeeded, 0));
    const done =
      classless === 0
        ? text
        : vscode.l10n.t('{0}, {1} of them without their storage class', text, classless);
    showOutcome(deps, of, done, async () => {
      const transfer = deps.transfers.get(id);
      const again = transfer && (await deps.transfers.retry(transfer));
      if (again !== undefined) show(again);
    });
  };
  show(outcome);
  return outcome;
}

async function runPlan(
  { context, changes }: ObjectDeps,
  {
    verb,
    agreed,
    targetKey,
    target,
    changesOf,
    onCopied,
  }: CopyJob & Pick<PrefixOptions, 'onCopied'>,
  plan: CopyPlan,
  { signal, limits, report }: JobTask,
): Promise<RunReport> {
  const progress = { bytes: 0, objects: 0, current: undefined as string | undefined };
  const isMeasured = plan.waves.flat().every(({ size }) => size !== undefined);
  const tell = (): void => {
    const totalBytes = isMeasured ? plan.bytes : undefined;
    report({ ...progress, totalBytes, totalObjects: plan.count });
  };
  let done: RunReport | undefined;
  try {
    const go = verb === 'move' ? movePrefix : copyPrefix;
    done = await go(context, plan, {
      ...{ ...agreed, targetKey, signal, limits, onCopied },
      onBytes: (bytes) => {
        progress.bytes = bytes;
        tell();
      },
      onProgress: ({ done: objects, address }) => {
        progress.objects = objects;
        progress.current = visibleText(formatAddress(address));
        tell();
      },
    });
    if (verb === 'move') await followMoves(plan.waves.flat().filter(movedIn(done.succeeded)));
    return done;
  } finally {
    const own = done === undefined ? [] : changesOf(done);
    changes.fire(...own, { type: 'prefixChanged', address: target });
  }
}

function movedIn(
  succeeded: readonly ObjectAddress[],
): (copy: { readonly source: ObjectAddress }) => boolean {
  const names = new Set(succeeded.map(nameOf));
  return ({ source }) => names.has(nameOf(source));
}

function nameOf({ connection, bucket, key }: ObjectAddress): string {
  return `${connection}/${bucket}/${key}`;
}
