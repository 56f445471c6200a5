import * as vscode from 'vscode';
import { scheme } from '../../core/objectUri.ts';
import type { StateStore } from '../../keys/stores.ts';
import type { TransferContext } from '../../transfer/transferContext.ts';
import type { ErrorBoundary } from '../errorBoundary.ts';
import type { ObjectChanges } from '../objectChanges.ts';
import { confirm } from '../prompts.ts';
import { FailureReports } from './failureReports.ts';
import { FileBases } from './fileBases.ts';
import { FileEvents } from './fileEvents.ts';
import { FileFinder } from './fileFinder.ts';
import { FileMoves } from './fileMoves.ts';
import { FileReader } from './fileReader.ts';
import { FileRecheck } from './fileRecheck.ts';
import { FileStates } from './fileStates.ts';
import { fileUri, tryAddressOf } from './fileUris.ts';
import { FileWriter } from './fileWriter.ts';
import { LargeObjectGuard } from './largeObjectGuard.ts';
import { largeObjectSize } from './largeObjectSize.ts';
import { ObjectFileSystem } from './objectFileSystem.ts';
import { onDidBecomeClean, openFiles } from './openFiles.ts';
import { compareWithServer, RemoteFiles, remoteScheme } from './remoteFiles.ts';
import { modalSavePrompts } from './savePrompts.ts';
import type { SeenObjects } from './seenObjects.ts';

/** What the file system needs of the rest of the extension. */
export interface FilesOptions {
  readonly context: TransferContext;
  readonly seen: SeenObjects;
  /** State of the workspace: what its open files are based on. */
  readonly state: StateStore;
  readonly changes: ObjectChanges;
  readonly boundary: ErrorBoundary;
}

/** Registers the file systems, and keeps them and the rest of the extension in step. */
export function registerFiles(options: FilesOptions): vscode.Disposable {
  const { context, seen, changes, boundary } = options;
  const isOpen = (name: string): boolean => openFiles().some((uri) => uri.toString() === name);
  const bases = new FileBases(options.state, isOpen);
  const states = new FileStates(bases);
  const finder = new FileFinder((connection) => context.stores.get(connection), seen);
  const events = new FileEvents();
  const reports = new FailureReports((error) => void boundary.report(error));
  const guard = new LargeObjectGuard(largeObjectSize, confirm);
  const moves = new FileMoves(context, finder, states, (...told) => {
    changes.fire(...told);
  });
  const reader = new FileReader(context, seen, guard, reports, (address) => {
    changes.fire({ type: 'keyMissing', address });
  });
  const writer = new FileWriter(context, modalSavePrompts, (uri) => {
    void boundary.show(() => compareWithServer(uri));
  });
  const recheck = new FileRecheck(context.stores, states, (told) => {
    changes.fire(...told);
  });
  const fileSystem = new ObjectFileSystem({
    ...{ context, seen, states, finder, reader, writer, moves, events, changes, reports },
  });
  const remote = new RemoteFiles(context, reports);
  return vscode.Disposable.from(
    ...[bases, events, recheck, remote],
    vscode.workspace.registerFileSystemProvider(scheme, fileSystem, { isCaseSensitive: true }),
    vscode.workspace.registerFileSystemProvider(remoteScheme, remote, {
      isCaseSensitive: true,
      isReadonly: true,
    }),
    changes.onDidChange((told) => {
      for (const { type, address } of told) {
        if (type === 'prefixChanged') {
          seen.forgetPrefix(address);
          void recheck.checkBelow(address);
        }
        // An editor that still shows it is to be asked before it is made again.
        const uri = type === 'deleted' ? fileUri(address) : undefined;
        if (uri !== undefined && !isOpen(uri.toString())) states.forget(uri);
      }
      events.tell(told);
    }),
    onDidBecomeClean((uri) => {
      // Reverted, or closed: what was seen of somebody else's change meanwhile is shown now.
      const address = tryAddressOf(uri);
      const known = address && seen.object(address, Infinity);
      const base = states.base(uri);
      if (base === undefined || typeof known !== 'object' || known.etag === base.etag) return;
      events.fire([{ type: vscode.FileChangeType.Changed, uri }]);
    }),
  );
}
