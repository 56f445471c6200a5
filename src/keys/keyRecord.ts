import type { Fingerprint } from '../core/customerKey.ts';
import type { Binding } from './bindings.ts';

/** Which key ring a customer key is in: this workspace's, or the user's for all workspaces. */
export type KeyScope = 'workspace' | 'user';

/** A named customer key of a key ring, without the key. */
export interface KeyRecord {
  /** Unique in its scope. */
  readonly name: string;
  readonly fingerprint: Fingerprint;
  readonly scope: KeyScope;
  readonly bindings: readonly Binding[];
  /** When it was added; ISO 8601. */
  readonly createdAt: string;
  /** True if the secret storage lost the key, or holds something that cannot be read. */
  readonly missing: boolean;
}

/** A customer key that was stored for another workspace, and can be adopted by this one. */
export interface KeyOfOtherWorkspace {
  readonly workspaceId: string;
  /** What the workspace was called when the key was added. */
  readonly workspaceLabel?: string | undefined;
  readonly name: string;
  readonly fingerprint: Fingerprint;
  readonly bindings: readonly Binding[];
  readonly createdAt: string;
}

/** Whether a text has the form of a fingerprint: base64 of 16 bytes. */
export function isFingerprint(text: string): boolean {
  return /^[A-Za-z0-9+/]{22}==$/.test(text);
}
