import * as vscode from 'vscode';
import { formatAddress, type ObjectAddress, type PrefixAddress } from '../../core/address.ts';
import { visibleText } from '../../core/visibleText.ts';
import type { TargetKey } from '../../transfer/copyObject.ts';
import { planPrefix } from '../../transfer/prefixPlan.ts';
import { withProgress } from '../withProgress.ts';
import { agreeToCopy } from './copyAgreement.ts';
import { runCopyJob } from './copyJob.ts';
import type { ObjectDeps } from './objectDeps.ts';
import { requireSaved } from './openEditors.ts';
import type { RunOutcome } from './runOutcome.ts';
import type { Verb } from './transferObject.ts';

export interface TransferPrefixOptions {
  /** What to encrypt the targets with; default: as the sources. */
  readonly targetKey?: TargetKey | undefined;
  /** Whether objects at the target may be overwritten; undefined asks. */
  readonly overwrite?: boolean | undefined;
  /** Goes on without a question about how many objects there are. */
  readonly confirmed?: boolean | undefined;
}

/**
 * Moves or copies everything below a prefix, which becomes another one: lists first, says what is
 * going to happen, and reports what failed at the end.
 *
 * @throws StoreError if it cannot be begun; Cancelled
 */
export async function transferPrefix(
  deps: ObjectDeps,
  verb: Verb,
  source: PrefixAddress,
  target: PrefixAddress,
  options: TransferPrefixOptions,
): Promise<RunOutcome> {
  const { context } = deps;
  const isMove = verb === 'move';
  if (isMove) requireSaved((address) => isBelow(address, source));
  const name = visibleText(formatAddress({ bucket: source.bucket, key: source.prefix }));
  const plan = await withProgress(vscode.l10n.t('Listing {0}', name), (signal, report) =>
    planPrefix(context, source, target, {
      signal,
      onFound: (count) => {
        report(vscode.l10n.t('{0} objects', count));
      },
    }),
  );
  const [from, to] = [source, target].map(describePrefix);
  const lines = [vscode.l10n.t('From {0}', from ?? ''), vscode.l10n.t('To {0}', to ?? '')];
  const { targetKey = 'asSource', overwrite, confirmed } = options;
  const asked = { lines, targetKey, overwrite, confirmed };
  const agreed = await agreeToCopy(context, verb, plan, asked);
  const toName = visibleText(formatAddress({ bucket: target.bucket, key: target.prefix }));
  return await runCopyJob(deps, {
    ...{ verb, plan, agreed, targetKey, target, label: `${name} → ${toName}` },
    changesOf: () => (isMove ? [{ type: 'prefixChanged', address: source }] : []),
  });
}

/** A prefix and its connection, as they are shown. */
export function describePrefix({ connection, bucket, prefix }: PrefixAddress): string {
  return visibleText(`${formatAddress({ bucket, key: prefix })} (${connection})`);
}

/** Whether an object stands below a prefix. */
export function isBelow(
  address: ObjectAddress,
  { connection, bucket, prefix }: PrefixAddress,
): boolean {
  return (
    address.connection === connection && address.bucket === bucket && address.key.startsWith(prefix)
  );
}
