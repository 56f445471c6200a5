import { setImmediate } from 'node:timers/promises';
import { CustomerKey } from '../../../src/core/customerKey.ts';
import { KeyRing } from '../../../src/keys/keyRing.ts';
import type { MemorySecretStore } from '../doubles/memorySecretStore.ts';
import { MemoryStateStore } from '../doubles/memoryStateStore.ts';

/** A customer key of 32 equal bytes. */
export function keyOf(byte: number): CustomerKey {
  return new CustomerKey(new Uint8Array(32).fill(byte));
}

/** A window: a key ring over secrets that all windows share, and over state of its own. */
export interface Window {
  readonly ring: KeyRing;
  readonly state: { readonly workspace: MemoryStateStore; readonly user: MemoryStateStore };
}

/** Opens a window; with a state of before it is the same window, started again. */
export function openWindow(
  secrets: MemorySecretStore,
  options: {
    readonly workspaceId?: string | undefined;
    readonly workspaceLabel?: string;
    readonly state?: Window['state'];
    readonly now?: () => Date;
  } = {},
): Window {
  const { state = { workspace: new MemoryStateStore(), user: new MemoryStateStore() } } = options;
  const workspaceId = 'workspaceId' in options ? options.workspaceId : 'w';
  return { ring: new KeyRing({ secrets, ...options, workspaceId, state }), state };
}

/** Waits until what was started by events has ended. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await setImmediate();
}
