import { createHash } from 'node:crypto';
import { join } from 'node:path';
import * as vscode from 'vscode';

/** 40 MiB that are the same in every start of VS Code, and nowhere repeat themselves. */
export const largeBytes = Buffer.concat(
  Array.from({ length: 40 * 16 }, (_, index) => {
    const seed = createHash('sha512').update(String(index)).digest();
    return Buffer.alloc(64 * 1024, seed);
  }),
);

/** A path in the folder that is open. */
export function workspacePath(name: string): string {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  return join(folder?.uri.fsPath ?? '', name);
}
