import * as vscode from 'vscode';
import { rowOf, rowsOf, type Row } from './rows.ts';

const viewId = 'ssec.syncPlan';

interface View {
  readonly provider: vscode.TreeDataProvider<object>;
  readonly check: (node: object, isChecked: boolean) => void;
}
let view: View | undefined;

// The extension and the tests have the same `vscode.window`; the tests are loaded before the
// extension is activated.
const { createTreeView } = vscode.window;
vscode.window.createTreeView = <T>(id: string, options: vscode.TreeViewOptions<T>) => {
  const made = createTreeView.call(vscode.window, id, options) as vscode.TreeView<T>;
  if (id !== viewId) return made;
  type Listener = (event: vscode.TreeCheckboxChangeEvent<object>) => void;
  const listeners: Listener[] = [];
  const own = (listener: Listener): vscode.Disposable => {
    listeners.push(listener);
    return new vscode.Disposable(() => undefined);
  };
  view = {
    provider: options.treeDataProvider as unknown as vscode.TreeDataProvider<object>,
    check: (node, isChecked) => {
      const { Checked, Unchecked } = vscode.TreeItemCheckboxState;
      for (const listener of listeners) {
        listener({ items: [[node, isChecked ? Checked : Unchecked]] });
      }
    },
  };
  // Nobody clicks here: the tests say that somebody did.
  return new Proxy(made, {
    get: (target, name): unknown =>
      name === 'onDidChangeCheckboxState' ? own : Reflect.get(target, name),
    set: (target, name, value) => Reflect.set(target, name, value),
  });
};

async function syncView(): Promise<View> {
  await vscode.commands.executeCommand(`${viewId}.focus`);
  if (view === undefined) throw new Error('The view was made before the tests were loaded.');
  return view;
}

/** What stands below a row of the view "Sync", or below its root. */
export async function syncRows(row?: Row): Promise<readonly Row[]> {
  return await rowsOf((await syncView()).provider, row);
}

/** The row with the labels of a path. */
export async function syncRowAt(...path: readonly string[]): Promise<Row> {
  return await rowOf((await syncView()).provider, path);
}

/** The plan that is shown: the labels of its groups and of what is in them. */
export async function planRows(): Promise<Record<string, readonly string[]>> {
  const groups: Record<string, readonly string[]> = {};
  for (const group of await syncRows()) {
    if (group.label === 'Unchanged') continue;
    groups[group.label] = (await syncRows(group)).map(({ label }) => label);
  }
  return groups;
}

/** Does what a click on the box of a row does. */
export async function checkRow(isChecked: boolean, ...path: readonly string[]): Promise<void> {
  const { node } = await syncRowAt(...path);
  (await syncView()).check(node, isChecked);
}
