import type { ObjectAddress } from '../core/address.ts';
import { withOwnKeyAccess, type KeyAccess, type OpenedWith } from '../core/keyAccess.ts';

/**
 * The access to customer keys for a run over many objects: of an object that nothing is known of,
 * what opened the last one of its bucket is tried first. It was sent there already, so this asks
 * nobody, and in the common case each object takes one request.
 */
export function withRecentKey(keys: KeyAccess): KeyAccess {
  const recent = new Map<string, OpenedWith>();
  return withOwnKeyAccess(keys, {
    candidates: (address, host, mayAsk) => {
      const last = keys.known(address) === undefined ? recent.get(nameOf(address)) : undefined;
      return last === undefined
        ? keys.candidates(address, host, mayAsk)
        : startingWith(last, keys.candidates(address, host, mayAsk));
    },
    remember: (address, openedWith) => {
      recent.set(nameOf(address), openedWith);
      keys.remember(address, openedWith);
    },
  });
}

/** The candidates with one of them first. */
async function* startingWith(
  first: OpenedWith,
  candidates: AsyncIterable<OpenedWith>,
): AsyncGenerator<OpenedWith, void> {
  yield first;
  for await (const candidate of candidates) {
    if (idOf(candidate) !== idOf(first)) yield candidate;
  }
}

function nameOf({ connection, bucket }: ObjectAddress): string {
  return JSON.stringify([connection, bucket]);
}

function idOf(openedWith: OpenedWith): string {
  return openedWith === 'none' ? 'none' : openedWith.fingerprint;
}
