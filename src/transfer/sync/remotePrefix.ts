import { formatAddress, type ObjectAddress, type PrefixAddress } from '../../core/address.ts';
import type { CustomerKey, Fingerprint } from '../../core/customerKey.ts';
import type { KeyAccess, OpenedWith } from '../../core/keyAccess.ts';
import type { ObjectInfo, ObjectStore, WriteCondition } from '../../core/objectStore.ts';
import { StoreError } from '../../core/storeError.ts';
import { inspectObject, type OpenedObject } from '../openObject.ts';
import { withRetries } from '../retry.ts';
import { listRemote } from './listRemote.ts';
import type { ObjectEntry, SideEntry } from './syncEntry.ts';
import type { Mark } from './syncRecord.ts';

/** A remote side of a pair: a prefix and the store that it is in. */
export class RemotePrefix {
  readonly type = 'remote';
  readonly store: ObjectStore;
  readonly address: PrefixAddress;

  constructor(store: ObjectStore, address: PrefixAddress) {
    this.store = store;
    this.address = address;
  }

  addressOf(path: string): ObjectAddress {
    const { connection, bucket, prefix } = this.address;
    return { connection, bucket, key: prefix + path };
  }

  list(signal?: AbortSignal): AsyncGenerator<ObjectEntry, void> {
    return listRemote(this.store, this.address, signal);
  }

  /**
   * An object as a HEAD finds it, if it still is what was seen.
   *
   * @throws StoreError `conflict` if it is another one
   */
  async inspect(
    keys: KeyAccess,
    path: string,
    seen: SideEntry,
    options: { readonly mayAsk?: boolean | undefined; readonly signal?: AbortSignal | undefined },
  ): Promise<OpenedObject> {
    const address = this.addressOf(path);
    const opened = await withRetries(
      () => inspectObject(this.store, keys, address, options),
      options,
    );
    if (seen.type === 'object' && isSeen(opened.info, seen)) return opened;
    throw changedSince(address);
  }
}

/** What a write of an object may replace: what was seen there and nothing else. */
export function conditionFor(seen: SideEntry | undefined): WriteCondition {
  if (seen === undefined) return { type: 'absent' };
  return { type: 'matches', etag: seen.type === 'object' ? seen.etag : '' };
}

export function changedSince(address: ObjectAddress): StoreError {
  const message = `${formatAddress(address)} was changed since the plan was made. It was left as it is.`;
  return new StoreError('conflict', message, address);
}

/** The mark of an object as the answer to a HEAD, GET or PUT tells of it. */
export function markOfObject(
  info: Pick<ObjectInfo, 'size' | 'etag' | 'versionId'> & { readonly lastModified?: Date },
): Mark {
  const { size, etag, versionId, lastModified } = info;
  return { size, etag, versionId, lastModified: lastModified?.getTime() };
}

export function customerKeyOf(openedWith: OpenedWith): CustomerKey | undefined {
  return openedWith === 'none' ? undefined : openedWith;
}

export function fingerprintOf(openedWith: OpenedWith): Fingerprint | null {
  return openedWith === 'none' ? null : openedWith.fingerprint;
}

function isSeen({ etag, size }: ObjectInfo, seen: ObjectEntry): boolean {
  return size === seen.size && (seen.etag === '' || etag === seen.etag);
}
