import * as v from 'valibot';
import { CustomerKey, customerKeyLength, type Fingerprint } from '../core/customerKey.ts';
import type { Binding } from './bindings.ts';

/** Which key ring an item is of: the user's, or that of a workspace. */
export type ScopeId = 'user' | `workspace:${string}`;

export function workspaceScopeId(workspaceId: string): ScopeId {
  return `workspace:${encodeURIComponent(workspaceId)}`;
}

/** The workspace of a scope; undefined for the user's. */
export function workspaceIdOf(scopeId: ScopeId): string | undefined {
  return scopeId === 'user' ? undefined : decodeURIComponent(scopeId.slice('workspace:'.length));
}

/** The name of the secret that holds a customer key: `customerKey/<scope id>/<fingerprint>`. */
export function itemName(scopeId: ScopeId, fingerprint: Fingerprint): string {
  return `customerKey/${scopeId}/${fingerprint}`;
}

/** The inverse of {@link itemName}; undefined if the secret is no customer key. */
export function parseItemName(
  name: string,
): { readonly scopeId: ScopeId; readonly fingerprint: Fingerprint } | undefined {
  const match = /^customerKey\/(user|workspace:[^/]+)\/(.+)$/s.exec(name);
  return match?.[1] === undefined || match[2] === undefined
    ? undefined
    : { scopeId: match[1] as ScopeId, fingerprint: match[2] };
}

export const bindingSchema = v.object({
  host: v.string(),
  buckets: v.optional(v.array(v.string())),
});

/** A customer key with what belongs to it, as one secret holds it. */
export interface KeyItem {
  readonly name: string;
  readonly key: CustomerKey;
  readonly bindings: readonly Binding[];
  /** ISO 8601. */
  readonly createdAt: string;
  readonly workspaceLabel?: string | undefined;
}

const keySchema = v.object({
  version: v.literal(1),
  name: v.string(),
  key: v.pipe(
    v.string(),
    v.transform((text) => Buffer.from(text, 'base64')),
    v.length(customerKeyLength),
  ),
  bindings: v.array(bindingSchema),
  createdAt: v.string(),
  workspaceLabel: v.optional(v.string()),
});

/** What is left where a person removed a key, so that other windows don't take it for lost. */
const removedSchema = v.object({ version: v.literal(1), removedAt: v.string() });

const itemSchema = v.pipe(v.string(), v.parseJson(), v.union([keySchema, removedSchema]));

/**
 * Reads a secret.
 *
 * @returns `unreadable` for anything but a customer key with this fingerprint: damaged, or written
 *   by a later version. Nobody may overwrite or delete that unasked.
 */
export function readItem(
  text: string,
  fingerprint: Fingerprint,
): KeyItem | { readonly removedAt: string } | 'unreadable' {
  const result = v.safeParse(itemSchema, text);
  if (!result.success) return 'unreadable';
  const output = result.output;
  if ('removedAt' in output) return { removedAt: output.removedAt };
  const key = new CustomerKey(output.key);
  if (key.fingerprint !== fingerprint) return 'unreadable';
  const { name, bindings, createdAt, workspaceLabel } = output;
  return { name, key, bindings, createdAt, workspaceLabel };
}

/** The secret's text for a customer key; equal items give equal texts. */
export function writeItem(item: KeyItem): string {
  const { name, key, bindings, createdAt, workspaceLabel } = item;
  const text = Buffer.from(key.reveal()).toString('base64');
  return JSON.stringify({ version: 1, name, key: text, bindings, createdAt, workspaceLabel });
}

export function writeRemovedItem(removedAt: string): string {
  return JSON.stringify({ version: 1, removedAt });
}
