import * as vscode from 'vscode';
import { workspaceIdOf } from './workspaceIdOf.ts';

/** What names the workspace in the secret storage; undefined in an empty window. */
export function workspaceId(): string | undefined {
  const { workspaceFile, workspaceFolders } = vscode.workspace;
  return workspaceIdOf(workspaceFile, workspaceFolders?.[0]?.uri);
}
