import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { ObjectAddress, PrefixAddress } from '../../core/address.ts';
import { prefixAddressOf } from '../../core/objectUri.ts';
import { fileUri, tryAddressOf } from '../files/fileUris.ts';
import { commandIds, scheme, viewIds } from '../ids.ts';
import { DroppedItems } from './droppedItems.ts';
import { ErrorNode, LoadMoreNode, ObjectNode, PrefixNode, type TreeNode } from './nodes.ts';

/** How VS Code calls what is dragged inside of this view. */
const treeMime = `application/vnd.code.tree.${viewIds.objects.toLowerCase()}`;
const uriListMime = 'text/uri-list';
/** Files from the operating system come by this one and the list of URIs. */
const filesMime = 'files';

type Dragged = readonly (ObjectAddress | PrefixAddress)[];

/** Drag and drop in the view "Objects": inside of it, and of files and objects from elsewhere. */
export class ObjectDragAndDrop implements vscode.TreeDragAndDropController<TreeNode> {
  readonly dragMimeTypes = [uriListMime];
  readonly dropMimeTypes = [treeMime, uriListMime, filesMime];

  handleDrag(source: readonly TreeNode[], dataTransfer: vscode.DataTransfer): void {
    const addresses = source.flatMap((node) =>
      node instanceof ObjectNode || node instanceof PrefixNode ? [node.address] : [],
    );
    if (addresses.length === 0) return;
    dataTransfer.set(treeMime, new vscode.DataTransferItem(addresses));
    const uris = addresses.map((address) => fileUri(address).toString());
    dataTransfer.set(uriListMime, new vscode.DataTransferItem(uris.join('\r\n')));
  }

  async handleDrop(target: TreeNode | undefined, dataTransfer: vscode.DataTransfer): Promise<void> {
    const prefix = containerOf(target);
    const own: unknown = dataTransfer.get(treeMime)?.value;
    if (prefix === undefined) {
      const message = vscode.l10n.t('Drop it onto a bucket or a prefix.');
      void vscode.window.showInformationMessage(message);
      return;
    }
    if (Array.isArray(own)) {
      await drop(prefix, { objects: own as Dragged });
      return;
    }
    const uris = await urisIn(dataTransfer);
    const local = uris.filter((uri) => uri.scheme === 'file').map(String);
    const remote = await Promise.all(uris.filter((uri) => uri.scheme === scheme).map(addressOf));
    const objects = remote.filter((address) => address !== undefined);
    if (objects.length > 0) await drop(prefix, { objects });
    if (local.length > 0) await drop(prefix, { files: local });
    if (uris.length === 0) await dropContents(prefix, dataTransfer);
    if (uris.length > 0 && objects.length + local.length === 0) {
      const message = vscode.l10n.t('Only files of this computer and objects can be dropped here.');
      void vscode.window.showWarningMessage(message);
    }
  }
}

/** By the command, so that its error boundary is around it. */
async function drop(
  target: PrefixAddress,
  items: { readonly objects?: Dragged; readonly files?: string[] },
): Promise<void> {
  const dropped = new DroppedItems(target, items);
  await vscode.commands.executeCommand(commandIds.pasteObjects, dropped);
}

/** The bucket or prefix that something is dropped into; beside an object it is the one around it. */
function containerOf(node: TreeNode | undefined): PrefixAddress | undefined {
  if (node instanceof PrefixNode) return node.address;
  if (node instanceof ObjectNode || node instanceof LoadMoreNode) return node.parent.address;
  if (node instanceof ErrorNode && node.parent instanceof PrefixNode) return node.parent.address;
  return undefined;
}

async function urisIn(dataTransfer: vscode.DataTransfer): Promise<readonly vscode.Uri[]> {
  const list = await dataTransfer.get(uriListMime)?.asString();
  const lines = (list ?? '').split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('#'));
  const listed = lines.map((line) => vscode.Uri.parse(line));
  if (listed.length > 0) return listed;
  return filesIn(dataTransfer).flatMap(({ uri }) => uri ?? []);
}

function filesIn(dataTransfer: vscode.DataTransfer): vscode.DataTransferFile[] {
  return [...dataTransfer].flatMap(([, item]) => item.asFile() ?? []);
}

/** Where VS Code runs in a browser, or elsewhere than the files, it has only what is in them. */
async function dropContents(
  target: PrefixAddress,
  dataTransfer: vscode.DataTransfer,
): Promise<void> {
  const files = filesIn(dataTransfer);
  if (files.length === 0) return;
  const folder = await mkdtemp(join(tmpdir(), 'ssec-drop-'));
  try {
    const paths: string[] = [];
    for (const file of files) {
      // A name from elsewhere names no folder here.
      const path = join(folder, file.name.replace(/^.*[/\\]/, ''));
      await writeFile(path, await file.data(), { mode: 0o600, flag: 'wx' });
      paths.push(path);
    }
    await drop(target, { files: paths });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What a file or folder of a mounted bucket stands for. */
async function addressOf(uri: vscode.Uri): Promise<ObjectAddress | PrefixAddress | undefined> {
  const { type } = await vscode.workspace.fs.stat(uri);
  return type === vscode.FileType.Directory ? prefixAddressOf(uri) : tryAddressOf(uri);
}
