import * as vscode from 'vscode';
import { baseName } from '../../core/address.ts';
import { scheme } from '../../core/objectUri.ts';
import { visibleText } from '../../core/visibleText.ts';
import { findListed } from '../../transfer/findListed.ts';
import { openContent } from '../../transfer/gpgObject.ts';
import type { TransferContext } from '../../transfer/transferContext.ts';
import type { FailureReports } from './failureReports.ts';
import { toReadError } from './fileErrors.ts';
import { fileAddressOf } from './fileUris.ts';

/** The scheme of what stands on the server, beside an editor with unsaved changes. */
export const remoteScheme = 'ssec-remote';

/** Shows what stands on the server beside an editor that has other changes. */
export async function compareWithServer(uri: vscode.Uri): Promise<void> {
  const remote = uri.with({ scheme: remoteScheme });
  const name = visibleText(baseName(fileAddressOf(uri).key));
  const title = vscode.l10n.t('{0} (on the server ↔ yours)', name);
  await vscode.commands.executeCommand('vscode.diff', remote, uri.with({ scheme }), title);
}

/**
 * Objects as they stand on the server, for comparisons: read-only, read anew each time, and without
 * any effect on what the editors of the object itself are based on. The plaintext is nowhere but in
 * memory.
 */
export class RemoteFiles implements vscode.FileSystemProvider {
  readonly #context: TransferContext;
  readonly #reports: FailureReports;
  readonly #emitter = new vscode.EventEmitter<vscode.FileChangeEvent[]>();

  readonly onDidChangeFile = this.#emitter.event;

  constructor(context: TransferContext, reports: FailureReports) {
    this.#context = context;
    this.#reports = reports;
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const address = fileAddressOf(uri);
    try {
      const store = await this.#context.stores.get(address.connection);
      const found = await findListed(store, address);
      if (found === undefined) throw vscode.FileSystemError.FileNotFound(uri);
      const { size, lastModified } = found;
      const mtime = lastModified.getTime();
      const permissions = vscode.FilePermission.Readonly;
      return { type: vscode.FileType.File, ctime: mtime, mtime, size, permissions };
    } catch (error) {
      throw toReadError(error, uri);
    }
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const address = fileAddressOf(uri);
    try {
      const store = await this.#context.stores.get(address.connection);
      return (await openContent(this.#context, store, address)).bytes;
    } catch (error) {
      this.#reports.ofRead(error, uri.toString());
      throw toReadError(error, uri);
    }
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  readDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  createDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  writeFile(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  dispose(): void {
    this.#emitter.dispose();
  }
}
