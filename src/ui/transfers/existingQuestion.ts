import * as v from 'valibot';
import * as vscode from 'vscode';
import type { ExistingPolicy } from '../../transfer/existingPolicy.ts';
import { confirm } from '../prompts.ts';

/** How arguments say what becomes of what is at the target already. */
export const overwriteArgument = v.picklist(
  ['ask', 'skip', 'overwrite', 'keepBoth'],
  'expected "ask", "skip", "overwrite" or "keepBoth".',
);
export type OverwriteArgument = v.InferOutput<typeof overwriteArgument>;

/** How many names a question repeats. */
const shownNames = 8;

/**
 * What becomes of what is at the target already: as the arguments say, else as the person says,
 * once for all of them.
 *
 * @param names of what is there, as they are shown
 * @param total how many there are to bring across
 * @throws Cancelled
 */
export async function existingPolicy(
  given: OverwriteArgument | undefined,
  names: readonly string[],
  total: number,
): Promise<ExistingPolicy> {
  if (given !== undefined && given !== 'ask') return given;
  if (names.length === 0) return 'skip';
  const question =
    total === 1
      ? vscode.l10n.t('“{0}” is there already.', names[0] ?? '')
      : vscode.l10n.t('{0} of {1} are there already.', names.length, total);
  const detail = [
    ...(total === 1 ? [] : names.slice(0, shownNames)),
    ...(names.length > shownNames
      ? [vscode.l10n.t('and {0} more', names.length - shownNames)]
      : []),
    vscode.l10n.t('“Keep Both” gives what is new another name.'),
  ].join('\n');
  const [skip, both, replace] = [
    vscode.l10n.t('Skip'),
    vscode.l10n.t('Keep Both'),
    vscode.l10n.t('Overwrite'),
  ];
  const chosen = await confirm(question, detail, skip, both, replace);
  if (chosen === both) return 'keepBoth';
  return chosen === replace ? 'overwrite' : 'skip';
}
