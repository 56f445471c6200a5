import type { Fingerprint } from '../../core/customerKey.ts';
import type { KeyAccess } from '../../core/keyAccess.ts';
import type { ObjectNode } from './nodes.ts';

/** What this window knows of how an object is encrypted. A listing never tells. */
export type LockState =
  | { readonly type: 'opened'; readonly fingerprint: Fingerprint }
  /** Encrypted with a customer key, and it is not known here which. */
  | { readonly type: 'locked' }
  /** Not encrypted with a customer key. */
  | { readonly type: 'plain' }
  | { readonly type: 'notLookedAt' };

export function lockStateOf(node: ObjectNode, keys: Pick<KeyAccess, 'known'>): LockState {
  const { refusal, listed, address } = node;
  const known = keys.known(address);
  if (refusal?.etag === listed.etag && refusal.known === known) return { type: 'locked' };
  if (known === undefined) return { type: 'notLookedAt' };
  return known === 'none' ? { type: 'plain' } : { type: 'opened', fingerprint: known };
}
