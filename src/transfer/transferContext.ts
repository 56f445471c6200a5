import type { GpgAccess } from '../core/gpg.ts';
import type { KeyAccess } from '../core/keyAccess.ts';
import type { ObjectStore } from '../core/objectStore.ts';
import type { DescribeUpload } from './uploadOptions.ts';

/** Where stores come from, by the connection's slug. @throws StoreError if there is none */
export interface StoreSource {
  get(connection: string): Promise<ObjectStore>;
}

/** What every transfer needs: the stores of its addresses, and the customer keys. */
export interface TransferContext {
  readonly stores: StoreSource;
  readonly keys: KeyAccess;
  /** For objects that are encrypted by GPG; without it they are taken as they are. */
  readonly gpg?: GpgAccess | undefined;
  /** What new objects are given by rule; undefined gives them nothing. */
  readonly describeUpload?: DescribeUpload | undefined;
}
