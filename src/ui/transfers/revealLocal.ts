import * as vscode from 'vscode';

/** Shows a file or folder: in VS Code's Explorer if it is in the workspace, else in the system's. */
export async function revealLocal(path: string): Promise<void> {
  const uri = vscode.Uri.file(path);
  const isInWorkspace = vscode.workspace.getWorkspaceFolder(uri) !== undefined;
  const command = isInWorkspace ? 'revealInExplorer' : 'revealFileInOS';
  try {
    await vscode.commands.executeCommand(command, uri);
  } catch {
    // A remote window has no file manager.
    const copy = vscode.l10n.t('Copy Path');
    const chosen = await vscode.window.showInformationMessage(path, copy);
    if (chosen === copy) await vscode.env.clipboard.writeText(path);
  }
}
