import type { ObjectAddress, PrefixAddress } from '../../core/address.ts';

interface Items {
  readonly objects?: readonly (ObjectAddress | PrefixAddress)[];
  /** Paths or URIs of local files and folders. */
  readonly files?: string[];
}

/** What was dropped onto a bucket or prefix of the tree; what "Paste" is run on then. */
export class DroppedItems {
  readonly #target: PrefixAddress;
  readonly #items: Items;

  constructor(target: PrefixAddress, items: Items) {
    this.#target = target;
    this.#items = items;
  }

  /** As arguments of the command. */
  arguments(): PrefixAddress & Items {
    return { ...this.#target, ...this.#items };
  }
}
