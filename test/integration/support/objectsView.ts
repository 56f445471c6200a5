import * as vscode from 'vscode';
import { rowOf, rowsOf, type Row } from './rows.ts';

const viewId = 'ssec.objects';
let provider: vscode.TreeDataProvider<object> | undefined;
let controller: vscode.TreeDragAndDropController<object> | undefined;

// The extension and the tests have the same `vscode.window`; the tests are loaded before the
// extension is activated.
const { createTreeView } = vscode.window;
vscode.window.createTreeView = <T>(id: string, options: vscode.TreeViewOptions<T>) => {
  if (id === viewId) {
    provider = options.treeDataProvider as unknown as vscode.TreeDataProvider<object>;
    controller = options.dragAndDropController as unknown as typeof controller;
  }
  return createTreeView.call(vscode.window, id, options) as vscode.TreeView<T>;
};

/** What the extension gave to VS Code for the view. Shows the view, so that it is all real. */
export async function objectsProvider(): Promise<vscode.TreeDataProvider<object>> {
  await vscode.commands.executeCommand(`${viewId}.focus`);
  if (provider === undefined) throw new Error('The view was made before the tests were loaded.');
  return provider;
}

/** What stands below a row, or below the root. */
export async function rowsBelow(row?: Row): Promise<readonly Row[]> {
  return await rowsOf(await objectsProvider(), row);
}

/** The row with the labels of a path, from the connection on. */
export async function rowAt(...path: readonly string[]): Promise<Row> {
  return await rowOf(await objectsProvider(), path);
}

export async function labelsBelow(row?: Row): Promise<readonly string[]> {
  return (await rowsBelow(row)).map(({ label }) => label);
}

const token = new vscode.CancellationTokenSource().token;

/** What VS Code carries while rows are dragged. */
export async function drag(...rows: readonly Row[]): Promise<vscode.DataTransfer> {
  const transfer = new vscode.DataTransfer();
  await controller?.handleDrag?.(
    rows.map(({ node }) => node),
    transfer,
    token,
  );
  return transfer;
}

/** Drops it onto a row, or into the empty space below all. */
export async function dropOnto(row: Row | undefined, transfer: vscode.DataTransfer): Promise<void> {
  await controller?.handleDrop?.(row?.node, transfer, token);
}
