import type { KeyAccess } from '../../core/keyAccess.ts';
import { isStoreError } from '../../core/storeError.ts';
import { inspectObject } from '../../transfer/openObject.ts';
import type { StoreSource } from '../../transfer/transferContext.ts';
import { lockStateOf } from './lockState.ts';
import type { ObjectNode } from './nodes.ts';

export interface ObjectInspectorOptions {
  readonly stores: StoreSource;
  readonly keys: KeyAccess;
}

/**
 * Looks an object's properties up with the customer key that fits: one HEAD in the common case.
 * Nobody is asked anything.
 */
export class ObjectInspector {
  readonly #options: ObjectInspectorOptions;

  constructor(options: ObjectInspectorOptions) {
    this.#options = options;
  }

  /** What it found stands in the node afterwards. @throws StoreError unless no key fits */
  async inspect(node: ObjectNode, signal: AbortSignal): Promise<void> {
    const { stores, keys } = this.#options;
    const { address, listed, info } = node;
    if (info?.etag === listed.etag || lockStateOf(node, keys).type === 'locked') return;
    const store = await stores.get(address.connection);
    try {
      const opened = await inspectObject(store, keys, address, { mayAsk: false, signal });
      node.info = opened.info;
    } catch (error) {
      const isLocked = isStoreError(error, 'customerKeyRequired', 'customerKeyMismatch');
      if (!isLocked) throw error;
      node.refusal = { etag: listed.etag, known: keys.known(address) };
    }
  }
}
