import type { JobFolder } from '../../transfer/jobFolder.ts';
import type { TransferContext } from '../../transfer/transferContext.ts';
import type { TransferJournal } from '../../transfer/transferJournal.ts';
import type { Connections } from '../connections/connections.ts';
import type { Log } from '../log.ts';
import type { ObjectChanges } from '../objectChanges.ts';
import type { Transfers } from './transfers.ts';

/** What uploads and downloads of files need. */
export interface FileTransferDeps {
  readonly connections: Pick<Connections, 'list'>;
  readonly context: TransferContext;
  readonly changes: ObjectChanges;
  readonly log: Log;
  readonly transfers: Transfers;
  /** Where large files that are on their way are noted. */
  readonly journal: TransferJournal;
  /** Where what is not done is noted. */
  readonly jobs: JobFolder;
}
