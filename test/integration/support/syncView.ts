import * as vscode from 'vscode';
import type { Row } from './objectsView.ts';

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
  const { provider } = await syncView();
  const nodes = (await provider.getChildren(row?.node)) ?? [];
  return await Promise.all(
    nodes.map(async (node) => {
      const item = await provider.getTreeItem(node);
      const label = typeof item.label === 'string' ? item.label : (item.label?.label ?? '');
      return { node, item, label };
    }),
  );
}

/** The row with the labels of a path. */
export async function syncRowAt(...path: readonly string[]): Promise<Row> {
  let row: Row | undefined;
  for (const label of path) {
    const rows = await syncRows(row);
    row = rows.find((each) => each.label === label);
    if (row === undefined) {
      throw new Error(`No "${label}" among ${rows.map((each) => each.label).join(', ')}`);
    }
  }
  if (row === undefined) throw new Error('The path is empty.');
  return row;
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
