import type { CustomerKey, Fingerprint } from '../../core/customerKey.ts';
import type { KeyAccess } from '../../core/keyAccess.ts';
import { isStoreError } from '../../core/storeError.ts';
import type { StoreSource } from '../../transfer/transferContext.ts';
import type { ObjectChanges } from '../objectChanges.ts';
import { lockStateOf } from './lockState.ts';
import type { ObjectNode } from './nodes.ts';

export interface ObjectInspectorOptions {
  readonly stores: StoreSource;
  readonly keys: KeyAccess;
  /** The customer key with a fingerprint, if it is in a key ring. */
  readonly loadKey: (fingerprint: Fingerprint) => Promise<CustomerKey | undefined>;
  readonly changes: ObjectChanges;
}

/**
 * Looks an object's properties up by one HEAD: with the customer key that opened it last, or
 * without one, which tells whether it needs one. Nobody is asked anything.
 */
export class ObjectInspector {
  readonly #options: ObjectInspectorOptions;

  constructor(options: ObjectInspectorOptions) {
    this.#options = options;
  }

  /** What it found stands in the node afterwards. @throws StoreError unless the key is missing */
  async inspect(node: ObjectNode, signal: AbortSignal): Promise<void> {
    const { stores, keys, loadKey } = this.#options;
    const { address, listed, info } = node;
    if (info?.etag === listed.etag || lockStateOf(node, keys).type === 'locked') return;
    const known = keys.known(address);
    const customerKey = known === undefined || known === 'none' ? undefined : await loadKey(known);
    const store = await stores.get(address.connection);
    try {
      node.info = await store.head(address, { customerKey, signal });
    } catch (error) {
      const isLocked = isStoreError(error, 'customerKeyRequired', 'customerKeyMismatch');
      if (!isLocked) throw error;
      node.refusal = { etag: listed.etag, known };
      this.#options.changes.fire({ type: 'keyKnown', address });
      return;
    }
    // Only a request without a key proves that the object needs none.
    if (customerKey !== undefined || known === 'none') return;
    keys.remember(address, 'none');
    this.#options.changes.fire({ type: 'keyKnown', address });
  }
}
