import { join } from 'node:path';
import * as vscode from 'vscode';
import type { ObjectStore } from './core/objectStore.ts';
import { KeyRingAccess } from './keys/keyAccess.ts';
import { KeyRing } from './keys/keyRing.ts';
import { Ledger } from './keys/ledger.ts';
import { JobFolder } from './transfer/jobFolder.ts';
import { FolderJournal } from './transfer/transferJournal.ts';
import { registerCommands } from './ui/command.ts';
import { connectionCommands } from './ui/connections/connectionCommands.ts';
import { Connections } from './ui/connections/connections.ts';
import { ConnectionSecrets } from './ui/connections/connectionSecrets.ts';
import { CredentialsApproval } from './ui/connections/credentialsApproval.ts';
import { ErrorBoundary } from './ui/errorBoundary.ts';
import { registerFiles } from './ui/files/files.ts';
import { observeStore } from './ui/files/observedStore.ts';
import { SeenObjects } from './ui/files/seenObjects.ts';
import { createGpgPassphrases, uploadDescriptions } from './ui/gpg/gpg.ts';
import { gpgCommands } from './ui/gpg/gpgCommands.ts';
import { keyCommands } from './ui/keys/keyCommands.ts';
import { KeyPrompts } from './ui/keys/keyPrompts.ts';
import { KeySettings } from './ui/keys/keySettings.ts';
import { KeyTree } from './ui/keys/keyTree.ts';
import { Log } from './ui/log.ts';
import { ObjectChanges } from './ui/objectChanges.ts';
import { ObjectClipboard } from './ui/objects/objectClipboard.ts';
import { objectCommands } from './ui/objects/objectCommands.ts';
import { MementoStateStore, VscodeSecretStore } from './ui/secretStores.ts';
import { showLogCommand } from './ui/showLog.ts';
import { type CreateStore, Stores } from './ui/stores.ts';
import { Sync } from './ui/sync/sync.ts';
import { ObjectTree } from './ui/tree/objectTree.ts';
import { fileTransferCommands } from './ui/transfers/fileTransferCommands.ts';
import { showLeftTransfers } from './ui/transfers/leftTransfers.ts';
import { transferCommands } from './ui/transfers/transferCommands.ts';
import { Transfers } from './ui/transfers/transfers.ts';
import { TransferStatus } from './ui/transfers/transferStatus.ts';
import { TransferView } from './ui/transfers/transferView.ts';
import { workspaceId } from './ui/workspaceId.ts';

/** Composition root: builds the parts, joins them, registers them. No network, no SDK. */
export function activate(context: vscode.ExtensionContext): void {
  const { subscriptions } = context;
  const kept = <T extends vscode.Disposable>(part: T): T => {
    subscriptions.push(part);
    return part;
  };
  const log = kept(new Log());
  const boundary = new ErrorBoundary(log);
  const secrets = new VscodeSecretStore(context.secrets);
  const state = {
    workspace: new MementoStateStore(context.workspaceState),
    user: new MementoStateStore(context.globalState),
  };

  const workspace = workspaceId();
  const approval = new CredentialsApproval(state.user);
  const connections = kept(new Connections(new ConnectionSecrets(secrets, workspace), approval));

  const workspaceLabel = vscode.workspace.name;
  const ring = kept(new KeyRing({ secrets, state, workspaceId: workspace, workspaceLabel }));
  const ledger = new Ledger(state.workspace);
  const settings = kept(new KeySettings());
  const keyDeps = { ring, ledger, settings, connections };
  const keys = new KeyRingAccess({
    ...{ ring, ledger, asker: new KeyPrompts(keyDeps) },
    rules: () => settings.rules(),
    defaultKey: () => settings.defaultKey(),
  });

  const seen = new SeenObjects();
  subscriptions.push(
    connections.onDidChange(() => {
      seen.clear();
    }),
  );
  const guard = ring.isBound.bind(ring);
  const stores = kept(new Stores(connections, () => loadObserved(seen), guard, log));
  const gpg = createGpgPassphrases(secrets, settings);
  const describeUpload = uploadDescriptions(settings, gpg);
  const objects = { stores, keys, gpg, describeUpload };
  const transfers = kept(new Transfers());
  const changes = kept(new ObjectChanges());
  const journal = new FolderJournal(join(context.globalStorageUri.fsPath, 'parts'));
  // A connection can be the workspace's own: what was begun with it is gone on with there.
  const jobs = new JobFolder(join((context.storageUri ?? context.globalStorageUri).fsPath, 'jobs'));
  const fileDeps = { connections, context: objects, changes, log, transfers, journal, jobs };

  kept(new KeyTree(ring, settings));
  kept(new TransferView(transfers));
  kept(new TransferStatus(transfers));
  kept(showLeftTransfers(fileDeps));
  const tree = kept(new ObjectTree({ connections, context: objects, ring, seen, changes }));
  const clipboard = kept(new ObjectClipboard());
  kept(registerFiles({ context: objects, seen, state: state.workspace, changes, boundary }));
  const stateFolder = join(context.globalStorageUri.fsPath, 'sync');
  const sync = kept(new Sync({ ...fileDeps, state: state.workspace, stateFolder }));
  kept(
    registerCommands(
      [
        ...connectionCommands({ connections, stores }),
        ...keyCommands(keyDeps),
        ...objectCommands({ ...fileDeps, ring, tree }, clipboard),
        ...transferCommands({ transfers, log }),
        ...fileTransferCommands(fileDeps),
        ...gpgCommands(gpg),
        ...sync.commands,
        showLogCommand(log),
      ],
      boundary,
    ),
  );
}

/** The S3 store stands in a bundle of its own, with the SDK; it is loaded on first use. */
async function loadObserved(seen: SeenObjects): Promise<CreateStore> {
  // @ts-expect-error The bundle is made beside this one (esbuild.mjs); it has no types here.
  const { createStore } = (await import('./s3.cjs')) as { createStore: CreateStore };
  return (options): ObjectStore => observeStore(createStore(options), seen);
}
