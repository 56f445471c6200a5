import * as vscode from 'vscode';
import { confirm } from '../prompts.ts';
import { sizeText } from '../tree/sizeText.ts';
import { type NearSide, sideName } from './planTexts.ts';
import type { RunSummary } from './runSummary.ts';

/**
 * Asks what has to be asked before a plan is run: once, with everything that is lost by it.
 *
 * @throws Cancelled
 */
export async function confirmRun(
  name: string,
  { deletions, decryptions, toRun, openConflicts }: RunSummary,
  near: NearSide,
): Promise<void> {
  const questions = [
    ...deletions.map(({ side, tally, entries }) =>
      vscode.l10n.t(
        'Deleted from {0}: {1} of {2} ({3}).',
        sideName(side, near),
        tally.count,
        Math.max(entries, tally.count),
        sizeText(tally.bytes),
      ),
    ),
    ...(decryptions === 0
      ? []
      : [
          vscode.l10n.t(
            'Objects that lose their customer key, because the key rule says so: {0}.',
            decryptions,
          ),
        ]),
  ];
  if (questions.length === 0) return;
  const others = toRun.count - deletions.reduce((sum, { tally }) => sum + tally.count, 0);
  const rest = [
    ...(others === 0 ? [] : [vscode.l10n.t('Everything else: {0}.', others)]),
    ...(openConflicts === 0
      ? []
      : [vscode.l10n.t('Conflicts that stay as they are: {0}.', openConflicts)]),
  ];
  const go = deletions.length === 0 ? vscode.l10n.t('Run') : vscode.l10n.t('Delete and Run');
  await confirm(vscode.l10n.t('Run the sync “{0}”?', name), [...questions, ...rest].join('\n'), go);
}

/**
 * Asks whether sides that have nothing any more are meant to.
 *
 * @throws Cancelled
 */
export async function confirmVanished(
  name: string,
  vanished: RunSummary['vanished'],
  near: NearSide,
): Promise<void> {
  await confirm(
    vscode.l10n.t('Is “{0}” meant to be empty?', name),
    [
      ...vanished.map(({ side, records }) =>
        vscode.l10n.t(
          'At the last sync there were {0} in {1}; now there is nothing. Perhaps a disk is not mounted, or a setting names another place.',
          records,
          sideName(side, near),
        ),
      ),
      vscode.l10n.t('“Plan Again” shows what would follow from it; nothing is changed yet.'),
    ].join('\n'),
    vscode.l10n.t('Plan Again'),
  );
}
