import { writeFile } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import * as v from 'valibot';
import * as vscode from 'vscode';
import { type AnyCommand, Cancelled, defineCommand, InvalidArguments } from '../command.ts';
import { commandIds } from '../ids.ts';
import { text } from '../objects/objectArguments.ts';
import type { Transfer } from './transfer.ts';
import { transferFor, transferFromTarget } from './transferChoice.ts';
import { formatReport, reportOf } from './transferReport.ts';
import type { Transfers } from './transfers.ts';

const format = v.picklist(['json', 'csv'], 'expected "json" or "csv".');

/** The commands that show and keep what came of a transfer. */
export function reportCommands(transfers: Transfers): readonly AnyCommand[] {
  const hasReport = ({ isActive, outcome, error }: Transfer): boolean =>
    !isActive && (outcome !== undefined || error !== undefined);
  return [
    defineCommand({
      id: commandIds.showTransferReport,
      schema: v.strictObject({ id: v.optional(text), format: v.optional(format) }),
      fromTarget: transferFromTarget,
      run: async ({ id, format: given = 'json' }) => {
        const title = vscode.l10n.t('Show Report of Transfer');
        const report = reportOf(await transferFor(transfers, id, title, hasReport));
        const content = formatReport(report, given);
        const language = given === 'json' ? 'json' : 'plaintext';
        const document = await vscode.workspace.openTextDocument({ content, language });
        await vscode.window.showTextDocument(document);
        return report;
      },
    }),
    defineCommand({
      id: commandIds.exportTransferReport,
      schema: v.strictObject({ id: v.optional(text), file: v.optional(text) }),
      fromTarget: transferFromTarget,
      run: async ({ id, file: given }) => {
        const title = vscode.l10n.t('Export Report of Transfer');
        const report = reportOf(await transferFor(transfers, id, title, hasReport));
        const file = given ?? (await askFile(title));
        if (!isAbsolute(file)) {
          throw new InvalidArguments(vscode.l10n.t('"file": expected an absolute path.'));
        }
        const content = formatReport(report, file.toLowerCase().endsWith('.csv') ? 'csv' : 'json');
        // The dialog asked whether to replace a file; a caller that names one is not asked.
        await writeFile(file, content, { flag: given === undefined ? 'w' : 'wx' });
        return { file };
      },
    }),
  ];
}

async function askFile(title: string): Promise<string> {
  const uri = await vscode.window.showSaveDialog({
    ...{ title, filters: { JSON: ['json'], CSV: ['csv'] } },
    saveLabel: vscode.l10n.t('Export'),
  });
  if (uri === undefined) throw new Cancelled();
  return uri.fsPath;
}
