import { createHash } from 'node:crypto';
import * as vscode from 'vscode';

/**
 * What names the workspace in the secret storage, which all workspaces share: a hash of the URI of
 * the `.code-workspace` file, else of the first folder (an untitled workspace's own file is another
 * one each time, so that a second folder would hide the customer keys). Undefined in an empty window.
 */
export function workspaceId(): string | undefined {
  const { workspaceFile, workspaceFolders } = vscode.workspace;
  const uri =
    workspaceFile === undefined || isUntitled(workspaceFile)
      ? workspaceFolders?.[0]?.uri
      : workspaceFile;
  if (uri === undefined) return undefined;
  return createHash('sha256').update(uri.toString()).digest('hex').slice(0, 32);
}

/** In a browser, an untitled workspace is a file of the server's user data. */
function isUntitled(workspaceFile: vscode.Uri): boolean {
  return (
    workspaceFile.scheme === 'untitled' ||
    /\/User\/Workspaces\/Untitled-\d+\.code-workspace$/.test(workspaceFile.path)
  );
}
