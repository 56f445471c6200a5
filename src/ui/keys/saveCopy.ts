import { chmod, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { CustomerKey } from '../../core/customerKey.ts';
import { InvalidArguments } from '../command.ts';

/** The owner may read and write, nobody else. */
const mode = 0o600;

/**
 * Asks for a file and writes a customer key into it, as base64, which every S3 tool reads.
 *
 * @returns the file; undefined if the person changed their mind
 */
export async function saveCopy(key: CustomerKey, name: string): Promise<vscode.Uri | undefined> {
  const uri = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Save a Copy of the Customer Key'),
    saveLabel: vscode.l10n.t('Save Copy'),
    defaultUri: vscode.Uri.file(join(homedir(), `${name.replace(/[^\w.-]+/g, '-')}.key`)),
  });
  if (uri === undefined) return undefined;
  if (uri.scheme === 'file') {
    await writeFile(uri.fsPath, textOf(key), { mode });
    // A file that was there keeps its mode otherwise.
    await chmod(uri.fsPath, mode);
  } else {
    await vscode.workspace.fs.writeFile(uri, Buffer.from(textOf(key)));
  }
  return uri;
}

/**
 * Writes a customer key into a new file.
 *
 * @throws InvalidArguments if there is a file already: it may be the only copy of another key
 */
export async function writeCopy(key: CustomerKey, path: string): Promise<void> {
  try {
    await writeFile(path, textOf(key), { mode, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new InvalidArguments(vscode.l10n.t('There is a file {0} already.', path));
  }
}

/** Puts a customer key into the clipboard, as base64. */
export async function copyToClipboard(key: CustomerKey): Promise<void> {
  await vscode.env.clipboard.writeText(textOf(key).trim());
}

function textOf(key: CustomerKey): string {
  return `${Buffer.from(key.reveal()).toString('base64')}\n`;
}
