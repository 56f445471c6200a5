import type { TransferContext } from '../transferContext.ts';
import type { TransferJournal } from '../transferJournal.ts';
import type { TransferLimits } from '../transferLimits.ts';
import type { DescribeUpload } from '../uploadOptions.ts';
import type { LocalFolder } from './localFolder.ts';
import type { RemotePrefix } from './remotePrefix.ts';
import type { SyncOptions } from './syncOptions.ts';
import type { SyncState } from './syncState.ts';

/** What running the items of a plan takes. */
export interface SyncTask {
  readonly context: TransferContext;
  readonly near: LocalFolder | RemotePrefix;
  readonly far: RemotePrefix;
  readonly options: SyncOptions;
  readonly state: SyncState;
  readonly limits: TransferLimits;
  readonly journal?: TransferJournal | undefined;
  readonly describeUpload?: DescribeUpload | undefined;
  /** How local files are deleted; by default for good. */
  readonly removeFile?: ((path: string) => Promise<void>) | undefined;
  /** Whether downloaded files get the mode that s3cmd noted; default false. */
  readonly restoreMode?: boolean | undefined;
  readonly mayAsk: boolean;
  readonly signal: AbortSignal;
}

/** A task with what one of its items reports. */
export interface ItemTask extends SyncTask {
  /** The bytes of the item that are across so far. */
  readonly report: (bytes: number) => void;
}

/** The near side of a pair that has a local folder. */
export function localSideOf({ near }: SyncTask): LocalFolder {
  if (near.type === 'local') return near;
  throw new TypeError('Both sides of the pair are remote.');
}
