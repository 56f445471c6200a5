import { formatAddress, type ObjectAddress } from '../core/address.ts';
import type { CustomerKey } from '../core/customerKey.ts';
import type { KeyAccess, OpenedWith } from '../core/keyAccess.ts';
import type { ObjectStore } from '../core/objectStore.ts';
import { isStoreError, StoreError } from '../core/storeError.ts';

/** A read that may need a customer key: the request itself, made once for each key to try. */
type Attempt<T> = (customerKey: CustomerKey | undefined) => Promise<T>;

/** What fitted, and what the request with it gave. */
export interface Fitting<T> {
  readonly tried: OpenedWith;
  readonly result: T;
}

/**
 * Makes a request with one candidate after the other until the server takes it: a missing, wrong
 * or needless customer key goes on with the next one, every other failure ends it. If none fits,
 * the person is asked until a key fits or they give up.
 *
 * @throws StoreError what the server said; if no key fits, `customerKeyMismatch` or
 *   `customerKeyRequired`, or `insecureEndpoint` if keys could not be tried because of it
 */
export async function withFittingKey<T>(
  store: ObjectStore,
  keys: KeyAccess,
  address: ObjectAddress,
  attempt: Attempt<T>,
  mayAsk = true,
): Promise<Fitting<T>> {
  const failures = new Failures();
  for await (const candidate of keys.candidates(address, store.host, mayAsk)) {
    const result = await failures.of(candidate, attempt);
    if (result !== undefined) return { tried: candidate, result: result.value };
  }
  while (mayAsk && !failures.insecure) {
    const answer = await keys.ask(address, store.host, failures.reason);
    if (answer === undefined) break;
    const result = await failures.of(answer, attempt);
    if (result !== undefined) return { tried: answer, result: result.value };
  }
  throw failures.worst(address);
}

/**
 * The key that opened an object last; undefined if that is not known.
 * @throws StoreError `customerKeyRequired` if it is known and the key cannot be had any more: what
 *   was encrypted is not to be stored again without its key
 */
export async function keyThatOpened(
  keys: KeyAccess,
  address: ObjectAddress,
  host: string,
): Promise<OpenedWith | undefined> {
  const known = keys.known(address);
  if (known === undefined || known === 'none') return known;
  for await (const candidate of keys.candidates(address, host)) {
    if (candidate !== 'none' && candidate.fingerprint === known) return candidate;
  }
  throw new StoreError(
    'customerKeyRequired',
    `${formatAddress(address)} was encrypted with the customer key ${known}, which is in no key ring. Add it to save the object.`,
    { ...address, host, fingerprint: known },
  );
}

/** The failures that left the question of the key open. */
class Failures {
  readonly #tried = new Map<string, StoreError>();

  /** Tries one key. Wrapped, because a request may well give undefined. */
  async of<T>(
    candidate: OpenedWith,
    attempt: Attempt<T>,
  ): Promise<{ readonly value: T } | undefined> {
    const name = candidate === 'none' ? candidate : candidate.fingerprint;
    try {
      return { value: await attempt(candidate === 'none' ? undefined : candidate) };
    } catch (error) {
      if (!leavesOpen(error)) throw error;
      this.#tried.set(name, error);
      return undefined;
    }
  }

  /** Keys cannot travel to this endpoint: there is no point in asking for one. */
  get insecure(): boolean {
    return this.#find('insecureEndpoint') !== undefined;
  }

  get reason(): 'noneKnown' | 'noneFits' {
    return [...this.#tried.keys()].some((name) => name !== 'none') ? 'noneFits' : 'noneKnown';
  }

  /** The failure that says most about what to do next. */
  worst(address: ObjectAddress): StoreError {
    return (
      this.#find('insecureEndpoint') ??
      this.#find('customerKeyMismatch') ??
      this.#find('keyNotBound') ??
      this.#find('customerKeyRequired') ??
      this.#find('notEncrypted') ??
      new StoreError(
        'customerKeyRequired',
        `No customer key was chosen for ${formatAddress(address)}.`,
        address,
      )
    );
  }

  #find(kind: StoreError['kind']): StoreError | undefined {
    return [...this.#tried.values()].find((error) => error.kind === kind);
  }
}

function leavesOpen(error: unknown): error is StoreError {
  return isStoreError(
    error,
    'customerKeyRequired',
    'customerKeyMismatch',
    'notEncrypted',
    'keyNotBound',
    'insecureEndpoint',
  );
}
