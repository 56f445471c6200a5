import { formatAddress, type ObjectAddress } from '../core/address.ts';
import type { ObjectStore, WriteCondition } from '../core/objectStore.ts';
import { StoreError } from '../core/storeError.ts';
import { findListed } from './findListed.ts';

/**
 * Looks whether a write's condition holds before much work is put into it; the write itself has to
 * state the condition all the same. One LIST.
 *
 * @throws StoreError `conflict`
 */
export async function ensureExpected(
  store: ObjectStore,
  address: ObjectAddress,
  condition: WriteCondition,
  signal: AbortSignal | undefined,
): Promise<void> {
  // How parts are to be announced is known once the server has answered something.
  if (condition.type === 'any' && store.traits().conditionalPut !== 'unknown') return;
  const found = await findListed(store, address, signal);
  if (condition.type === 'any') return;
  const expected = condition.type === 'matches' ? condition.etag : undefined;
  if (found?.etag === expected) return;
  const state = found === undefined ? 'was deleted' : expected === undefined ? 'exists' : 'changed';
  throw new StoreError(
    'conflict',
    `${formatAddress(address)} ${state} on the server. Nothing was written.`,
    address,
  );
}
