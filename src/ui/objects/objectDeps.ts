import type { KeyRing } from '../../keys/keyRing.ts';
import type { TransferContext } from '../../transfer/transferContext.ts';
import type { Connections } from '../connections/connections.ts';
import type { Log } from '../log.ts';
import type { ObjectChanges } from '../objectChanges.ts';
import type { Transfers } from '../transfers/transfers.ts';
import type { ObjectTree } from '../tree/objectTree.ts';

/** What the commands about objects need. */
export interface ObjectDeps {
  readonly connections: Pick<Connections, 'list'>;
  readonly context: TransferContext;
  readonly ring: Pick<KeyRing, 'find' | 'list' | 'load'>;
  readonly changes: ObjectChanges;
  readonly tree: ObjectTree;
  readonly transfers: Transfers;
  readonly log: Log;
}
