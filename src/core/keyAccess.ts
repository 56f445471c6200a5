import type { ObjectAddress } from './address.ts';
import type { CustomerKey, Fingerprint } from './customerKey.ts';

/** What was found to open an object: a customer key, or no key at all. */
export type OpenedWith = CustomerKey | 'none';

/** Why a person is asked for a customer key. */
export type KeyQuestionReason =
  /** No key was tried: none is known for this host. */
  | 'noneKnown'
  /** Every known key was tried and none fits. */
  | 'noneFits';

/**
 * The customer key that a key rule names for an object; null if it names none, undefined if no rule
 * matches, or its key is in no key ring.
 */
export type RuleKeys = (address: ObjectAddress) => Fingerprint | null | undefined;

/**
 * Which customer key is for which object. All of it respects bindings: a key that is not bound to
 * the host (and bucket) is yielded only after the person agreed to bind it.
 */
export interface KeyAccess {
  /**
   * What to try for reading, most likely first, each once: what opened it last, the rule, the
   * default key; then no key at all; then the other keys bound to this host. Loaded lazily.
   *
   * @param mayAsk whether the person may be asked to bind a key; default true, else it is left out
   */
  candidates(address: ObjectAddress, host: string, mayAsk?: boolean): AsyncIterable<OpenedWith>;

  /**
   * What a new object is to be encrypted with: by rule, else the default key, else what the person
   * chose for its prefix, else `none`.
   */
  forNewObject(address: ObjectAddress, host: string): Promise<OpenedWith>;

  /** What the key rules say as they are now; to be asked of many objects, without any I/O. */
  ruleKeys(): Promise<RuleKeys>;

  /**
   * Whether a customer key may be sent to a host for an object, for example for the target of a
   * copy; the person is asked to bind it if it is not bound yet.
   */
  mayBeSent(customerKey: CustomerKey, address: ObjectAddress, host: string): Promise<boolean>;

  /**
   * Asks the person to pick or add a key; `undefined` means give up. The person may say that the
   * answer holds for the whole prefix; it is remembered only once it opened something.
   */
  ask(
    address: ObjectAddress,
    host: string,
    reason: KeyQuestionReason,
  ): Promise<OpenedWith | undefined>;

  /** What opened or encrypted an object, without a request; undefined if not known. */
  known(address: ObjectAddress): string | undefined;

  /** Remembers in the ledger what opened or encrypted an object. */
  remember(address: ObjectAddress, openedWith: OpenedWith): void;

  /** Forgets an object (it was deleted or moved away). */
  forget(address: ObjectAddress): void;
}

/** The access to customer keys with some of it done otherwise. */
export function withOwnKeyAccess(keys: KeyAccess, own: Partial<KeyAccess>): KeyAccess {
  return {
    candidates: (address, host, mayAsk) => keys.candidates(address, host, mayAsk),
    forNewObject: (address, host) => keys.forNewObject(address, host),
    ruleKeys: () => keys.ruleKeys(),
    mayBeSent: (customerKey, address, host) => keys.mayBeSent(customerKey, address, host),
    ask: (address, host, reason) => keys.ask(address, host, reason),
    known: (address) => keys.known(address),
    remember: (address, openedWith) => {
      keys.remember(address, openedWith);
    },
    forget: (address) => {
      keys.forget(address);
    },
    ...own,
  };
}
