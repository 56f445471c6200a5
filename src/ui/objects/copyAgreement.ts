import * as vscode from 'vscode';
import { StoreError } from '../../core/storeError.ts';
import type { TargetKey } from '../../transfer/copyObject.ts';
import { type CopyPlan, overwritesOf } from '../../transfer/prefixPlan.ts';
import type { TransferContext } from '../../transfer/transferContext.ts';
import { confirm } from '../prompts.ts';
import { sizeText } from '../tree/sizeText.ts';
import type { Verb } from './transferObject.ts';

/** What the person, or the caller, agreed to. */
export interface CopyAgreement {
  readonly overwrite: boolean;
  /** Whether what is encrypted with a customer key may be stored without one. */
  readonly mayDecrypt: boolean;
}

export interface AgreementOptions {
  /** Where from and where to, a line each, as they are shown. */
  readonly lines: readonly string[];
  readonly targetKey: TargetKey;
  /** Whether objects at the target may be overwritten; undefined asks. */
  readonly overwrite?: boolean | undefined;
  /** Goes on without a question about how many objects there are. */
  readonly confirmed?: boolean | undefined;
  /** The person saw the counts already, and is only asked what is still open. */
  readonly isCounted?: boolean | undefined;
}

/**
 * Says how much a plan is going to do, what it would overwrite, and what would lose its encryption.
 *
 * @throws StoreError `conflict` if nothing may be asked and it is open whether to overwrite;
 *   Cancelled
 */
export async function agreeToCopy(
  context: TransferContext,
  verb: Verb,
  plan: CopyPlan,
  options: AgreementOptions,
): Promise<CopyAgreement> {
  const overwrite = await agreeToOverwrite(verb, plan, options);
  const { targetKey, confirmed } = options;
  const plain = await countUnencrypted(context, plan, targetKey);
  if (plain > 0 && confirmed !== true) await agreeToDecrypt(plain);
  return { overwrite, mayDecrypt: plain > 0 };
}

/** Asks whether objects may be stored without a customer key. @throws Cancelled */
export async function agreeToDecrypt(count: number): Promise<void> {
  await confirm(
    count === 1
      ? vscode.l10n.t('Store the object without a customer key?')
      : vscode.l10n.t('Store {0} objects without a customer key?', count),
    vscode.l10n.t(
      'What is encrypted with a customer key now will not be at the target: whoever may read that bucket can read it.',
    ),
    vscode.l10n.t('Store Without a Key'),
  );
}

async function agreeToOverwrite(
  verb: Verb,
  plan: CopyPlan,
  { lines, overwrite, confirmed, isCounted }: AgreementOptions,
): Promise<boolean> {
  const isMove = verb === 'move';
  const { count, bytes } = plan;
  const overwrites = overwritesOf(plan, isMove).length;
  if (overwrites > 0 && overwrite === undefined && confirmed === true) {
    throw new StoreError(
      'conflict',
      vscode.l10n.t('{0} of {1} objects are at the target already.', overwrites, count),
      plan.waves.flat().find(({ existing }) => existing !== undefined)?.target,
    );
  }
  const isAnswered = overwrites === 0 || overwrite !== undefined;
  if ((confirmed === true || isCounted === true) && isAnswered) return overwrite === true;
  const amount = amountOf(count, bytes);
  const question = isMove ? vscode.l10n.t('Move {0}?', amount) : vscode.l10n.t('Copy {0}?', amount);
  const detail = [
    ...lines,
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

/** A number of objects with their size, if it is known: `7 objects (1.2 MB)`. */
export function amountOf(count: number, bytes: number): string {
  const objects = count === 1 ? vscode.l10n.t('1 object') : vscode.l10n.t('{0} objects', count);
  return bytes === 0 ? objects : vscode.l10n.t('{0} ({1})', objects, sizeText(bytes));
}

/** How many targets would have no customer key where their sources may have one. */
async function countUnencrypted(
  { keys, stores }: TransferContext,
  plan: CopyPlan,
  targetKey: TargetKey,
): Promise<number> {
  if (targetKey === 'none') return plan.count;
  if (targetKey !== 'byRule') return 0;
  let count = 0;
  for (const { source, target } of plan.waves.flat()) {
    if (keys.known(source) === 'none') continue;
    const { host } = await stores.get(target.connection);
    // What keeps the rule's key from being used is said of the object when it is its turn.
    const openedWith = await keys.forNewObject(target, host).catch(() => undefined);
    if (openedWith === 'none') count += 1;
  }
  return count;
}
