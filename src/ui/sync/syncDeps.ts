import type { Connections } from '../connections/connections.ts';
import type { PairSettings } from './pairSettings.ts';
import type { PlanTree } from './planTree.ts';
import type { SyncDesk } from './syncDesk.ts';
import type { SyncHistory } from './syncHistory.ts';
import type { Syncs } from './syncs.ts';

/** What the commands about syncs need. */
export interface SyncDeps {
  readonly connections: Pick<Connections, 'list'>;
  readonly settings: PairSettings;
  readonly syncs: Syncs;
  readonly desk: SyncDesk;
  readonly tree: PlanTree;
  readonly history: SyncHistory;
}
