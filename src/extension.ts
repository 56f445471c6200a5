import * as vscode from 'vscode';
import { KeyAccess } from './keys/keyAccess.ts';
import { KeyRing } from './keys/keyRing.ts';
import { Ledger } from './keys/ledger.ts';
import { registerCommands } from './ui/command.ts';
import { connectionCommands } from './ui/connections/connectionCommands.ts';
import { Connections } from './ui/connections/connections.ts';
import { ErrorBoundary } from './ui/errorBoundary.ts';
import { ObjectFileSystem } from './ui/files/objectFileSystem.ts';
import { keyCommands } from './ui/keys/keyCommands.ts';
import { KeyPrompts } from './ui/keys/keyPrompts.ts';
import { Log } from './ui/log.ts';
import { ObjectChanges } from './ui/objectChanges.ts';
import { objectCommands } from './ui/objects/objectCommands.ts';
import { type CreateStore, Stores } from './ui/stores.ts';
import { ObjectTree } from './ui/tree/objectTree.ts';

/** Composition root: builds the parts, joins them, registers them. No network, no SDK. */
export function activate(context: vscode.ExtensionContext): void {
  // Being joined part by part.
  void [vscode, KeyAccess, KeyRing, Ledger, registerCommands, connectionCommands, Connections];
  void [ErrorBoundary, ObjectFileSystem, keyCommands, KeyPrompts, Log, ObjectChanges];
  void [objectCommands, Stores, ObjectTree, context];
}

/** The S3 store stands in a bundle of its own, with the SDK; it is loaded on first use. */
export async function loadCreateStore(): Promise<CreateStore> {
  // @ts-expect-error The bundle is made beside this one (esbuild.mjs); it has no types here.
  const bundle = (await import('./s3.cjs')) as { createStore: CreateStore };
  return bundle.createStore;
}
