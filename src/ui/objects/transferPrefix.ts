import * as vscode from 'vscode';
import { formatAddress, type ObjectAddress, type PrefixAddress } from '../../core/address.ts';
import { StoreError } from '../../core/storeError.ts';
import { copyPrefix } from '../../transfer/copyPrefix.ts';
import { movePrefix } from '../../transfer/movePrefix.ts';
import { overwritesOf, planPrefix, type PrefixPlan } from '../../transfer/prefixPlan.ts';
import { confirm } from '../prompts.ts';
import { sizeText } from '../tree/sizeText.ts';
import { visibleText } from '../tree/visibleText.ts';
import { withProgress } from '../withProgress.ts';
import type { ObjectDeps } from './objectDeps.ts';
import { followMoves, requireSaved } from './openEditors.ts';
import { outcomeOf, type RunOutcome, showOutcome } from './runOutcome.ts';
import type { Verb } from './transferObject.ts';

export interface TransferPrefixOptions {
  /** Whether objects at the target may be overwritten; undefined asks. */
  readonly overwrite?: boolean | undefined;
  /** Goes on without a question about how many objects there are. */
  readonly confirmed?: boolean | undefined;
}

/**
 * Moves or copies everything below a prefix: lists first, says what is going to happen, and reports
 * what failed at the end.
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
  const { context, changes } = deps;
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
  const overwrite = await agree(plan, isMove, options);
  const title = isMove ? vscode.l10n.t('Moving {0}', name) : vscode.l10n.t('Copying {0}', name);
  const run = isMove ? movePrefix : copyPrefix;
  try {
    const report = await withProgress(title, (signal, show) =>
      run(context, plan, {
        ...{ overwrite, signal },
        onProgress: ({ done, total }) => {
          show(vscode.l10n.t('{0} of {1} objects', done, total), done, total);
        },
      }),
    );
    const outcome = outcomeOf(report);
    if (isMove) await followMoves(plan.waves.flat().filter(movedIn(report.succeeded)));
    const done = isMove
      ? vscode.l10n.t('{0} objects moved', outcome.succeeded)
      : vscode.l10n.t('{0} objects copied', outcome.succeeded);
    showOutcome(deps, outcome, done);
    return outcome;
  } finally {
    const touched = isMove ? [source, target] : [target];
    changes.fire(...touched.map((address) => ({ type: 'prefixChanged', address }) as const));
  }
}

/** Whether to overwrite, once the person knows how much is going to happen. */
async function agree(
  plan: PrefixPlan,
  isMove: boolean,
  { overwrite, confirmed }: TransferPrefixOptions,
): Promise<boolean> {
  const { count, bytes, source, target } = plan;
  const overwrites = overwritesOf(plan, isMove).length;
  if (overwrites > 0 && overwrite === undefined && confirmed === true) {
    throw new StoreError(
      'conflict',
      vscode.l10n.t('{0} of {1} objects are at the target already.', overwrites, count),
      target,
    );
  }
  const isAnswered = overwrites === 0 || overwrite !== undefined;
  if (confirmed === true && isAnswered) return overwrite === true;
  const question = isMove
    ? vscode.l10n.t('Move {0} objects ({1})?', count, sizeText(bytes))
    : vscode.l10n.t('Copy {0} objects ({1})?', count, sizeText(bytes));
  const [from, to] = [source, target].map(({ connection, bucket, prefix }) =>
    visibleText(`${formatAddress({ bucket, key: prefix })} (${connection})`),
  );
  const detail = [
    vscode.l10n.t('From {0}', from ?? ''),
    vscode.l10n.t('To {0}', to ?? ''),
    ...(overwrites === 0 ? [] : [vscode.l10n.t('{0} of them are there already.', overwrites)]),
  ].join('\n');
  const go = isMove ? vscode.l10n.t('Move') : vscode.l10n.t('Copy');
  if (isAnswered) {
    await confirm(question, detail, go);
    return overwrite === true;
  }
  const skip = isMove ? vscode.l10n.t('Move the Others') : vscode.l10n.t('Copy the Others');
  const replace = isMove
    ? vscode.l10n.t('Move and Overwrite')
    : vscode.l10n.t('Copy and Overwrite');
  return (await confirm(question, detail, skip, replace)) === replace;
}

function isBelow(address: ObjectAddress, { connection, bucket, prefix }: PrefixAddress): boolean {
  return (
    address.connection === connection && address.bucket === bucket && address.key.startsWith(prefix)
  );
}

function movedIn(
  succeeded: readonly ObjectAddress[],
): (copy: { readonly source: ObjectAddress }) => boolean {
  const keys = new Set(succeeded.map(({ key }) => key));
  return ({ source }) => keys.has(source.key);
}
