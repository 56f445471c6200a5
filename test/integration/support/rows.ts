import type * as vscode from 'vscode';

/** A row of a tree view, as VS Code gets it. */
export interface Row {
  readonly node: object;
  readonly item: vscode.TreeItem;
  readonly label: string;
}

/** What stands below a row, or below the root. */
export async function rowsOf(
  provider: vscode.TreeDataProvider<object>,
  row?: Row,
): Promise<readonly Row[]> {
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
export async function rowOf(
  provider: vscode.TreeDataProvider<object>,
  path: readonly string[],
): Promise<Row> {
  let row: Row | undefined;
  for (const label of path) {
    const rows = await rowsOf(provider, row);
    row = rows.find((each) => each.label === label);
    if (row === undefined) {
      throw new Error(`No "${label}" among ${rows.map((each) => each.label).join(', ')}`);
    }
  }
  if (row === undefined) throw new Error('The path is empty.');
  return row;
}
