import { type CopiedObject, copyObject, type CopyObjectOptions } from './copyObject.ts';
import { askingUntilGivenUp } from './givingUp.ts';
import { conditionOf, type CopyPlan } from './prefixPlan.ts';
import { joinReports, runAll, type RunOptions, type RunReport } from './run.ts';
import type { TransferContext } from './transferContext.ts';

export interface PrefixOptions
  extends
    RunOptions,
    Pick<CopyObjectOptions, 'targetKey' | 'mayDecrypt' | 'mayAsk' | 'limits' | 'partSize'> {
  /** Whether what the plan found at the targets may be overwritten; default false. */
  readonly overwrite?: boolean | undefined;
  /** Told of each object that was copied, its target verified. */
  readonly onCopied?: ((copied: CopiedObject) => void) | undefined;
  /** Bytes copied so far, of all objects. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/**
 * Copies what a plan lists. An object that appeared or changed at a target since the plan was made
 * is not overwritten. Failures of single objects are collected; the run goes on.
 */
export async function copyPrefix(
  context: TransferContext,
  plan: CopyPlan,
  options: PrefixOptions = {},
): Promise<RunReport> {
  const { overwrite = false } = options;
  const asking = askingUntilGivenUp(context);
  const optionsOf = eachOptions(options);
  const reports: RunReport[] = [];
  for (const wave of plan.waves) {
    // What was not copied away yet is not overwritten.
    const mayOverwrite = overwrite && joinReports(...reports).failures.length === 0;
    const work = async (copy: (typeof wave)[number]): Promise<void> => {
      const condition = conditionOf(copy, mayOverwrite, false);
      const how = { ...optionsOf(), condition };
      const copied = await copyObject(asking, copy.source, copy.target, how);
      options.onCopied?.(copied);
    };
    reports.push(await runAll(wave, ({ source }) => source, work, inPlan(plan, reports, options)));
  }
  return joinReports(...reports);
}

/** What each object of a run is copied with; their bytes are counted together. */
export function eachOptions(options: PrefixOptions): () => CopyObjectOptions {
  const { targetKey, mayDecrypt, mayAsk, limits, partSize, signal, onBytes } = options;
  let total = 0;
  return () => {
    let last = 0;
    const onProgress = (bytes: number): void => {
      total += bytes - last;
      last = bytes;
      onBytes?.(total);
    };
    return { targetKey, mayDecrypt, mayAsk, limits, partSize, signal, onProgress };
  };
}

/** Progress over all waves of a plan. */
export function inPlan(
  { count }: CopyPlan,
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
