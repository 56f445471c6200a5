import { eachOptions, inPlan, type PrefixOptions } from './copyPrefix.ts';
import { deleteObjects } from './deleteObjects.ts';
import { askingUntilGivenUp } from './givingUp.ts';
import { moveObject } from './moveObject.ts';
import { conditionOf, type CopyPlan } from './prefixPlan.ts';
import { joinReports, runAll, type RunReport } from './run.ts';
import type { TransferContext } from './transferContext.ts';

/**
 * Moves what a plan lists: each source is deleted only after its own target was verified, so a
 * failure leaves the source in place. As {@link copyPrefix} otherwise.
 */
export async function movePrefix(
  context: TransferContext,
  plan: CopyPlan,
  options: PrefixOptions = {},
): Promise<RunReport> {
  const { overwrite = false, signal } = options;
  const asking = askingUntilGivenUp(context);
  const optionsOf = eachOptions(options);
  const reports: RunReport[] = [];
  for (const [index, wave] of plan.waves.entries()) {
    const work = async (copy: (typeof wave)[number]): Promise<void> => {
      const condition = conditionOf(copy, overwrite, index > 0);
      const how = { ...optionsOf(), condition };
      const copied = await moveObject(asking, copy.source, copy.target, how);
      options.onCopied?.(copied);
    };
    reports.push(await runAll(wave, ({ source }) => source, work, inPlan(plan, reports, options)));
  }
  const report = joinReports(...reports);
  const isComplete = report.failures.length === 0 && report.skipped === 0;
  // A marker goes last: while something is left, the prefix is still somebody's folder.
  if (!isComplete || plan.markers.length === 0) return report;
  return joinReports(report, await deleteObjects(context, plan.markers, { signal }));
}
