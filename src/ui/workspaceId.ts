import { createHash } from 'node:crypto';
import * as vscode from 'vscode';

/**
 * What names the workspace in the secret storage, which all workspaces share: a hash of the URI of
 * the `.code-workspace` file, else of the first folder (an untitled workspace's own file changes
 * with every session). Undefined in an empty window.
 */
export function workspaceId(): string | undefined {
  const { workspaceFile, workspaceFolders } = vscode.workspace;
  const uri =
    workspaceFile === undefined || workspaceFile.scheme === 'untitled'
      ? workspaceFolders?.[0]?.uri
      : workspaceFile;
  if (uri === undefined) return undefined;
  return createHash('sha256').update(uri.toString()).digest('hex').slice(0, 32);
}
