import { writeFile } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import * as v from 'valibot';
import * as vscode from 'vscode';
import { visibleText } from '../../core/visibleText.ts';
import { type AnyCommand, Cancelled, defineCommand, InvalidArguments } from '../command.ts';
import { commandIds } from '../ids.ts';
import { flag, text } from '../objects/objectArguments.ts';
import { pick } from '../prompts.ts';
import { nameFromTarget } from './pairChoice.ts';
import type { SyncDeps } from './syncDeps.ts';
import type { SyncOutcome } from './syncOutcome.ts';
import { reportText } from './syncReport.ts';

/** The reports of the syncs of this window. */
export function reportCommands(deps: SyncDeps): readonly AnyCommand[] {
  return [
    defineCommand({
      id: commandIds.showSyncReport,
      schema: v.strictObject({ name: v.optional(text), show: v.optional(flag) }),
      fromTarget: nameFromTarget,
      run: async ({ name, show }) => {
        const outcome = await outcomeFor(deps, name, vscode.l10n.t('Show Sync Report'));
        if (show !== false) {
          const content = `${reportText(outcome)}\n`;
          const document = await vscode.workspace.openTextDocument({
            ...{ content, language: 'markdown' },
          });
          await vscode.window.showTextDocument(document);
        }
        return outcome;
      },
    }),
    defineCommand({
      id: commandIds.exportSyncReport,
      schema: v.strictObject({ name: v.optional(text), file: v.optional(text) }),
      fromTarget: nameFromTarget,
      run: async ({ name, file }) => {
        const title = vscode.l10n.t('Export Sync Report');
        const outcome = await outcomeFor(deps, name, title);
        const target = file ?? (await askFile(title));
        if (!isAbsolute(target)) {
          throw new InvalidArguments(vscode.l10n.t('"file": expected an absolute path.'));
        }
        const isJson = target.toLowerCase().endsWith('.json');
        const content = isJson ? JSON.stringify(outcome, undefined, 2) : reportText(outcome);
        // The dialog asked whether to replace a file; a caller that names one is not asked.
        await writeFile(target, `${content}\n`, { flag: file === undefined ? 'w' : 'wx' });
        return { file: target };
      },
    }),
  ];
}

async function askFile(title: string): Promise<string> {
  const uri = await vscode.window.showSaveDialog({
    ...{ title, saveLabel: vscode.l10n.t('Export') },
    filters: { JSON: ['json'], Markdown: ['md'] },
  });
  if (uri === undefined) throw new Cancelled();
  return uri.fsPath;
}

async function outcomeFor(
  { history }: SyncDeps,
  name: string | undefined,
  title: string,
): Promise<SyncOutcome> {
  if (name !== undefined) {
    const outcome = history.outcome(name);
    if (outcome !== undefined) return outcome;
    throw new InvalidArguments(
      vscode.l10n.t('The pair "{0}" was not run in this window.', visibleText(name)),
    );
  }
  const [first, ...others] = history.outcomes();
  if (first === undefined) {
    throw new InvalidArguments(vscode.l10n.t('Nothing was synced in this window yet.'));
  }
  if (others.length === 0) return first;
  const choices = [first, ...others].map((outcome) => ({
    label: visibleText(outcome.name),
    description: new Date(outcome.endedAt).toLocaleTimeString(),
    value: outcome,
  }));
  return await pick(choices, { title, placeHolder: vscode.l10n.t('The pair') });
}
