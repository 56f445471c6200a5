import * as vscode from 'vscode';
import { visibleText } from '../../core/visibleText.ts';
import { sizeText } from '../tree/sizeText.ts';
import type { SyncOutcome } from './syncOutcome.ts';

/** A report of a run, in Markdown. */
export function reportText(outcome: SyncOutcome): string {
  const { name, sides, endedAt, succeeded, bytes, failures, skipped, conflicts, blocked } = outcome;
  const counted = [
    vscode.l10n.t('Done: {0} ({1})', succeeded, sizeText(bytes)),
    vscode.l10n.t('Failed: {0}', failures.length),
    vscode.l10n.t('Not begun: {0}', skipped),
  ];
  return [
    `# ${vscode.l10n.t('Sync of {0}', visibleText(name))}`,
    `${sides}, ${new Date(endedAt).toLocaleString()}`,
    list(counted),
    ...section(
      vscode.l10n.t('Failed'),
      failures.map(({ path, action, message }) => `${action} ${code(path)}: ${message}`),
    ),
    ...section(
      vscode.l10n.t('Conflicts that wait for a decision'),
      conflicts.map((path) => code(path)),
    ),
    ...section(
      vscode.l10n.t('Cannot be synced'),
      blocked.map(({ path, why }) => `${code(path)}: ${why}`),
    ),
  ].join('\n\n');
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`## ${title} (${lines.length})`, list(lines)];
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n');
}

function code(path: string): string {
  return `\`${visibleText(path).replaceAll('`', '′')}\``;
}
