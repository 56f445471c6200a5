import { copyObject } from './copyObject.ts';
import { askingUntilGivenUp } from './givingUp.ts';
import { conditionOf, type PrefixPlan } from './prefixPlan.ts';
import { joinReports, runAll, type RunOptions, type RunReport } from './run.ts';
import type { TransferContext } from './transferContext.ts';

export interface PrefixOptions extends RunOptions {
  /** Whether what the plan found at the targets may be overwritten; default false. */
  readonly overwrite?: boolean | undefined;
  /** Whether a person may be asked for customer keys; default true. */
  readonly mayAsk?: boolean | undefined;
}

/**
 * Copies what a plan lists. An object that appeared or changed at a target since the plan was made
 * is not overwritten. Failures of single objects are collected; the run goes on.
 */
export async function copyPrefix(
  context: TransferContext,
  plan: PrefixPlan,
  options: PrefixOptions = {},
): Promise<RunReport> {
  const { overwrite = false, mayAsk, signal } = options;
  const asking = askingUntilGivenUp(context);
  const reports: RunReport[] = [];
  for (const wave of plan.waves) {
    // What was not copied away yet is not overwritten.
    const mayOverwrite = overwrite && joinReports(...reports).failures.length === 0;
    const work = async (copy: (typeof wave)[number]): Promise<void> => {
      const condition = conditionOf(copy, mayOverwrite, false);
      await copyObject(asking, copy.source, copy.target, { condition, mayAsk, signal });
    };
    reports.push(await runAll(wave, ({ source }) => source, work, inPlan(plan, reports, options)));
  }
  return joinReports(...reports);
}

/** Progress over all waves of a plan. */
export function inPlan(
  { count }: PrefixPlan,
  before: readonly RunReport[],
  options: RunOptions,
): RunOptions {
  const { succeeded, failures, skipped } = joinReports(...before);
  const offset = succeeded.length + failures.length + skipped;
  return {
    ...options,
    onProgress: ({ done, address }) =>
      options.onProgress?.({ done: offset + done, total: count, address }),
  };
}
