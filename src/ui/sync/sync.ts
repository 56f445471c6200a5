import type { StateStore } from '../../keys/stores.ts';
import type { TransferContext } from '../../transfer/transferContext.ts';
import type { TransferJournal } from '../../transfer/transferJournal.ts';
import type { AnyCommand } from '../command.ts';
import type { Connections } from '../connections/connections.ts';
import type { Log } from '../log.ts';
import type { ObjectChanges } from '../objectChanges.ts';
import type { Transfers } from '../transfers/transfers.ts';
import { addSyncPairCommand } from './addSyncPair.ts';
import { AutoSync } from './autoSync.ts';
import { editSyncPairCommand } from './editSyncPair.ts';
import { PairSettings } from './pairSettings.ts';
import { planCommands } from './planCommands.ts';
import { PlanTree } from './planTree.ts';
import { removeSyncPairCommand } from './removeSyncPair.ts';
import { reportCommands } from './reportCommands.ts';
import { SyncDesk } from './syncDesk.ts';
import { SyncHistory } from './syncHistory.ts';
import { syncNowCommand } from './syncNow.ts';
import { Syncs } from './syncs.ts';
import { SyncStatus } from './syncStatus.ts';

/** What syncing needs of the rest of the extension. */
export interface SyncOptions {
  readonly context: TransferContext;
  readonly connections: Pick<Connections, 'list'>;
  readonly transfers: Transfers;
  readonly changes: ObjectChanges;
  /** Of large files that were not finished. */
  readonly journal: TransferJournal;
  /** State of the workspace: when its pairs were synced last. */
  readonly state: StateStore;
  /** An absolute local folder for what is remembered of pairs, shared by all windows. */
  readonly stateFolder: string;
  readonly log: Log;
}

/** The parts of syncing, joined: the view, what happens by itself, and the commands. */
export class Sync {
  readonly commands: readonly AnyCommand[];
  readonly #parts: readonly { dispose(): unknown }[];

  constructor(options: SyncOptions) {
    const { context, connections, transfers, changes, journal, stateFolder, log } = options;
    const settings = new PairSettings();
    const history = new SyncHistory(options.state);
    const syncs = new Syncs({ context, transfers, changes, journal, history, stateFolder });
    const tree = new PlanTree(settings, history);
    const desk = new SyncDesk({ syncs, tree });
    const auto = new AutoSync({ settings, syncs, desk, history, log });
    const status = new SyncStatus(settings, history);
    const deps = { connections, settings, syncs, desk, tree, history };
    this.#parts = [auto, status, desk, tree, history, settings];
    this.commands = [
      addSyncPairCommand(deps),
      syncNowCommand(deps),
      editSyncPairCommand(deps),
      removeSyncPairCommand(deps),
      ...planCommands(deps),
      ...reportCommands(deps),
    ];
  }

  dispose(): void {
    for (const part of this.#parts) part.dispose();
  }
}
