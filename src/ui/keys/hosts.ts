import { type Connection, connectionHost, isSecure } from '../../core/connection.ts';
import type { Binding } from '../../keys/bindings.ts';

/** The hosts that customer keys can be sent to, as the connections name them. */
export function hostsOf(connections: readonly Connection[]): readonly string[] {
  return [...new Set(connections.filter(isSecure).map(connectionHost))];
}

/**
 * A host as bindings have it: `host` or `host:port`, in lower case; a URL gives its host.
 *
 * @returns undefined if the text is no host, or a URL that is not https
 */
export function hostFrom(text: string): string | undefined {
  const typed = text.trim();
  const url = typed.includes('://') ? typed : `https://${typed}`;
  if (!/^https:\/\/[^/?#@\s]+\/?$/i.test(url) || !URL.canParse(url)) return undefined;
  return new URL(url).host;
}

/** For people: the host, and the buckets if they are not all. */
export function describeBinding({ host, buckets }: Binding): string {
  return buckets === undefined ? host : `${host} (${buckets.join(', ')})`;
}
