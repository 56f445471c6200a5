import * as vscode from 'vscode';
import { scheme } from '../../core/objectUri.ts';

/** The files of this extension that are open in editors of this window, each once. */
export function openFiles(): readonly vscode.Uri[] {
  const uris = [
    ...vscode.workspace.textDocuments.map((document) => document.uri),
    ...vscode.workspace.notebookDocuments.map((document) => document.uri),
    ...tabs().flatMap(urisOf),
  ].filter((uri) => uri.scheme === scheme);
  return [...new Map(uris.map((uri) => [uri.toString(), uri])).values()];
}

/** Whether an editor of this window has unsaved changes to a file. */
export function isDirty(uri: vscode.Uri): boolean {
  const name = uri.toString();
  const isSame = (other: vscode.Uri): boolean => other.toString() === name;
  const { textDocuments, notebookDocuments } = vscode.workspace;
  return (
    [...textDocuments, ...notebookDocuments].some((each) => each.isDirty && isSame(each.uri)) ||
    tabs().some((tab) => tab.isDirty && urisOf(tab).some(isSame))
  );
}

/** Tells when the editors of a file have no unsaved changes any more: saved, reverted or closed. */
export function onDidBecomeClean(listener: (uri: vscode.Uri) => void): vscode.Disposable {
  const tell = (uris: readonly vscode.Uri[]): void => {
    for (const uri of uris) if (uri.scheme === scheme) listener(uri);
  };
  return vscode.Disposable.from(
    // A document that becomes clean is told as a change of no content.
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length === 0 && !document.isDirty) tell([document.uri]);
    }),
    vscode.window.tabGroups.onDidChangeTabs(({ changed, closed }) => {
      tell([...changed.filter((tab) => !tab.isDirty), ...closed].flatMap(urisOf));
    }),
  );
}

function tabs(): readonly vscode.Tab[] {
  return vscode.window.tabGroups.all.flatMap((group) => group.tabs);
}

function urisOf({ input }: vscode.Tab): readonly vscode.Uri[] {
  if (
    input instanceof vscode.TabInputText ||
    input instanceof vscode.TabInputCustom ||
    input instanceof vscode.TabInputNotebook
  ) {
    return [input.uri];
  }
  if (input instanceof vscode.TabInputTextDiff || input instanceof vscode.TabInputNotebookDiff) {
    return [input.original, input.modified];
  }
  return [];
}
