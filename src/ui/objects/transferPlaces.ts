import * as vscode from 'vscode';
import {
  baseName,
  formatAddress,
  type ObjectAddress,
  type PrefixAddress,
} from '../../core/address.ts';
import { visibleText } from '../../core/visibleText.ts';
import type { TargetKey } from '../../transfer/copyObject.ts';
import type { RunReport } from '../../transfer/run.ts';
import { planSelection, type SelectionPlan } from '../../transfer/selectionPlan.ts';
import type { ObjectChange } from '../objectChanges.ts';
import { confirm } from '../prompts.ts';
import { withProgress } from '../withProgress.ts';
import { agreeToCopy, amountOf } from './copyAgreement.ts';
import { runCopyJob } from './copyJob.ts';
import type { Place } from './objectArguments.ts';
import type { ObjectDeps } from './objectDeps.ts';
import { requireSaved } from './openEditors.ts';
import type { RunOutcome } from './runOutcome.ts';
import type { Verb } from './transferObject.ts';
import { describePrefix, isBelow, type TransferPrefixOptions } from './transferPrefix.ts';

const nothing: RunOutcome = { succeeded: 0, failures: [], skipped: 0 };

/**
 * Moves or copies objects and prefixes into a prefix, each under its own name: lists first, says
 * what is going to happen, and reports what failed at the end.
 *
 * @param verb undefined asks: the one that fits best comes first
 * @throws StoreError if it cannot be begun; Cancelled
 */
export async function transferPlaces(
  deps: ObjectDeps,
  verb: Verb | undefined,
  places: readonly Place[],
  target: PrefixAddress,
  options: TransferPrefixOptions,
): Promise<RunOutcome> {
  const { context } = deps;
  const title = vscode.l10n.t('Listing');
  const inPlace = verb === 'copy' ? 'beside' : 'leave';
  const plan = await withProgress(title, (signal, report) =>
    planSelection(context, places, target, {
      ...{ signal, inPlace },
      onFound: (count) => {
        report(vscode.l10n.t('{0} objects', count));
      },
    }),
  );
  // All of it is there already.
  if (plan.count === 0 && plan.markers.length === 0) return nothing;
  const chosen = verb ?? (await askVerb(plan));
  if (chosen === 'move') requireSaved((address) => plan.items.some((item) => holds(item, address)));
  const { targetKey = 'asSource' satisfies TargetKey, overwrite, confirmed } = options;
  const lines = linesOf(plan);
  const asked = { lines, targetKey, overwrite, confirmed, isCounted: verb === undefined };
  const agreed = await agreeToCopy(context, chosen, plan, asked);
  return await runCopyJob(deps, {
    ...{ verb: chosen, plan, agreed, targetKey, target, label: labelOf(plan) },
    changesOf: (report) => (chosen === 'move' ? goneIn(plan, report) : []),
  });
}

/** Whether to move or to copy, with how much it is. @throws Cancelled */
async function askVerb(plan: SelectionPlan): Promise<Verb> {
  const { target, items, count, bytes } = plan;
  const move = vscode.l10n.t('Move');
  const copy = vscode.l10n.t('Copy');
  const question = vscode.l10n.t(
    'Move or copy {0} to {1}?',
    amountOf(count, bytes),
    visibleText(formatAddress({ bucket: target.bucket, key: target.prefix })),
  );
  const isHere = items.every(({ address }) => address.connection === target.connection);
  const verbs: readonly [string, string] = isHere ? [move, copy] : [copy, move];
  return (await confirm(question, linesOf(plan).join('\n'), ...verbs)) === move ? 'move' : 'copy';
}

/** Where from and where to; of many the first ones. */
function linesOf({ items, target }: SelectionPlan): string[] {
  const shown = items.slice(0, 10).map(({ type, address }) => {
    const { connection, bucket } = address;
    return type === 'prefix'
      ? describePrefix(address)
      : visibleText(`${formatAddress({ bucket, key: address.key })} (${connection})`);
  });
  const more = items.length - shown.length;
  return [
    ...shown.map((line) => vscode.l10n.t('From {0}', line)),
    ...(more === 0 ? [] : [vscode.l10n.t('and {0} more', more)]),
    vscode.l10n.t('To {0}', describePrefix(target)),
  ];
}

/** As the view "Transfers" shows it: the only item's name, or how many there are. */
function labelOf({ items, target }: SelectionPlan): string {
  const [first, ...others] = items;
  const { bucket, prefix } = target;
  const to = visibleText(formatAddress({ bucket, key: prefix }));
  if (first === undefined || others.length > 0) {
    return `${vscode.l10n.t('{0} items', items.length)} → ${to}`;
  }
  const key = first.type === 'object' ? first.address.key : first.address.prefix;
  return `${visibleText(key === '' ? first.address.bucket : baseName(key))} → ${to}`;
}

/** What is not where it was any more. */
function goneIn({ items }: SelectionPlan, { succeeded }: RunReport): ObjectChange[] {
  const gone = new Set(succeeded.map(nameOf));
  return items.flatMap((item): ObjectChange[] => {
    if (item.type === 'prefix') return [{ type: 'prefixChanged', address: item.address }];
    return gone.has(nameOf(item.address)) ? [{ type: 'deleted', address: item.address }] : [];
  });
}

function holds(item: Place, address: ObjectAddress): boolean {
  return item.type === 'prefix'
    ? isBelow(address, item.address)
    : nameOf(item.address) === nameOf(address);
}

function nameOf({ connection, bucket, key }: ObjectAddress): string {
  return `${connection}/${bucket}/${key}`;
}
