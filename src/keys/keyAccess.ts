import { parentPrefix, formatAddress, type ObjectAddress } from '../core/address.ts';
import type { CustomerKey, Fingerprint } from '../core/customerKey.ts';
import type { KeyAccess, KeyQuestionReason, OpenedWith, RuleKeys } from '../core/keyAccess.ts';
import { StoreError } from '../core/storeError.ts';
import type { KeyRecord } from './keyRecord.ts';
import type { KeyRing } from './keyRing.ts';
import { showableName } from './keyName.ts';
import { KeyRingError } from './keyRingError.ts';
import type { KeyRules } from './keyRules.ts';
import type { Ledger } from './ledger.ts';
import { Turns } from './turns.ts';

/** A person's answer to the question for a customer key. */
export interface KeyAnswer {
  /** The key is in a key ring already: picking may add it. */
  readonly key: OpenedWith;
  /** Whether it holds for the object only or for everything in the prefix that it stands in. */
  readonly remember: 'object' | 'prefix';
}

/** Asks the person. Only one question is open at a time. */
export interface KeyAsker {
  /** Which customer key opens an object; undefined if the person gives up. */
  pickKey(
    address: ObjectAddress,
    host: string,
    reason: KeyQuestionReason,
  ): Promise<KeyAnswer | undefined>;

  /** Whether a customer key may be sent to a host: to all its buckets, to this one, or not. */
  confirmBinding(record: KeyRecord, host: string, bucket: string): Promise<boolean | 'bucketOnly'>;
}

/** What the access to customer keys is made of. */
export interface KeyRingAccessOptions {
  readonly ring: KeyRing;
  readonly ledger: Ledger;
  readonly asker: KeyAsker;
  /** The key rules in force now. */
  readonly rules: () => KeyRules;
  /** The name or fingerprint of the default customer key; undefined or `none` if there is none. */
  readonly defaultKey: () => string | undefined;
}

/** Finds customer keys by ledger, rules, default key and key rings. */
export class KeyRingAccess implements KeyAccess {
  readonly #ring: KeyRing;
  readonly #ledger: Ledger;
  readonly #asker: KeyAsker;
  readonly #rules: () => KeyRules;
  readonly #defaultKey: () => string | undefined;
  readonly #turns = new Turns();
  /** Fingerprint and host of what the person refused to bind; until the window closes. */
  readonly #refused = new Set<string>();
  /** Questions that are open or wait for their turn, by host, connection and bucket. */
  readonly #questions = new Map<string, Promise<OpenedWith | undefined>>();
  /** Answers for a prefix, by the object that they have to open first. */
  readonly #prefixAnswers = new Map<string, OpenedWith>();

  constructor(options: KeyRingAccessOptions) {
    this.#ring = options.ring;
    this.#ledger = options.ledger;
    this.#asker = options.asker;
    this.#rules = options.rules;
    this.#defaultKey = options.defaultKey;
  }

  async *candidates(
    address: ObjectAddress,
    host: string,
    mayAsk = true,
  ): AsyncGenerator<OpenedWith, void> {
    const tried = new Set<string>();
    for (const nameOrFingerprint of this.#named(address)) {
      const candidate = await this.#candidate(nameOrFingerprint, address, host, mayAsk);
      if (candidate === undefined || tried.has(idOf(candidate))) continue;
      tried.add(idOf(candidate));
      yield candidate;
    }
    if (!tried.has('none')) yield 'none';
    for (const fingerprint of await this.#boundTo(address, host)) {
      const key = tried.has(fingerprint) ? undefined : await this.#ring.load(fingerprint);
      tried.add(fingerprint);
      if (key !== undefined) yield key;
    }
  }

  /**
   * @throws KeyRingError `unknownKey` if the rule or the default names a key that is not there, and
   *   StoreError `keyNotBound` if the person refused to send it there: an object that was to be
   *   encrypted is never stored without its key
   */
  async forNewObject(address: ObjectAddress, host: string): Promise<OpenedWith> {
    const rule = this.#rules().match(address);
    const named =
      rule === undefined
        ? (this.#defaultKey() ?? this.#ledger.forPrefixOf(address) ?? 'none')
        : rule.customerKey;
    if (named === null || named === 'none') return 'none';
    const source =
      rule !== undefined
        ? `the key rule ${rule.pattern}`
        : this.#defaultKey() === undefined
          ? 'what was chosen for its prefix'
          : 'the default';
    const name = named === undefined ? '' : showableName(named);
    const start = `By ${source}, ${formatAddress(address)} is to be encrypted with`;
    if (named === undefined) {
      throw new KeyRingError('unknownKey', `${start} a customer key that cannot be read.`, '');
    }
    const record = await this.#ring.find(named);
    const key = record && (await this.#ring.load(record.fingerprint));
    if (record === undefined || key === undefined) {
      const message = `${start} the customer key “${name}”, which is in no key ring.`;
      throw new KeyRingError('unknownKey', message, name);
    }
    if (await this.#mayBeSent(record, host, address.bucket)) return key;
    throw new StoreError(
      'keyNotBound',
      `${start} the customer key “${name}”, which may not be sent to ${host}.`,
      { ...address, host, fingerprint: record.fingerprint },
    );
  }

  async ruleKeys(): Promise<RuleKeys> {
    const rules = this.#rules();
    const fingerprints = new Map<string, Fingerprint>();
    for (const { customerKey: named } of rules.all()) {
      const record = typeof named === 'string' ? await this.#ring.find(named) : undefined;
      if (record !== undefined && named) fingerprints.set(named, record.fingerprint);
    }
    return (address) => {
      const named = rules.match(address)?.customerKey;
      return typeof named === 'string' ? fingerprints.get(named) : named;
    };
  }

  /**
   * Objects of one bucket that ask while a question is open share its answer, also giving up: many
   * objects opened at once ask once.
   */
  ask(
    address: ObjectAddress,
    host: string,
    reason: KeyQuestionReason,
  ): Promise<OpenedWith | undefined> {
    const id = JSON.stringify([host, address.connection, address.bucket]);
    const open = this.#questions.get(id);
    if (open !== undefined) return open;
    const question = this.#turns
      .take(() => this.#asker.pickKey(address, host, reason))
      .then((answer) => answer && this.#accept(answer, address, host))
      .finally(() => this.#questions.delete(id));
    this.#questions.set(id, question);
    return question;
  }

  async mayBeSent(key: CustomerKey, { bucket }: ObjectAddress, host: string): Promise<boolean> {
    const record = await this.#ring.find(key.fingerprint);
    return record !== undefined && (await this.#mayBeSent(record, host, bucket));
  }

  known(address: ObjectAddress): string | undefined {
    return this.#ledger.openedWith(address);
  }

  remember(address: ObjectAddress, openedWith: OpenedWith): void {
    this.#ledger.remember(address, idOf(openedWith));
    const answer = this.#prefixAnswers.get(nameOf(address));
    this.#prefixAnswers.delete(nameOf(address));
    if (answer === undefined || idOf(answer) !== idOf(openedWith)) return;
    const { connection, bucket, key } = address;
    this.#ledger.rememberPrefix({ connection, bucket, prefix: parentPrefix(key) }, idOf(answer));
  }

  forget(address: ObjectAddress): void {
    this.#ledger.forget(address);
  }

  /** What ledger, rule and default say, in this order; evaluated as far as it is asked for. */
  *#named(address: ObjectAddress): Generator<string | undefined> {
    yield this.#ledger.openedWith(address);
    yield this.#ledger.forPrefixOf(address);
    const rule = this.#rules().match(address);
    yield rule?.customerKey === null ? 'none' : rule?.customerKey;
    const defaultKey = this.#defaultKey();
    yield defaultKey === 'none' ? undefined : defaultKey;
  }

  async #candidate(
    nameOrFingerprint: string | undefined,
    address: ObjectAddress,
    host: string,
    mayAsk: boolean,
  ): Promise<OpenedWith | undefined> {
    if (nameOrFingerprint === undefined || nameOrFingerprint === 'none') return nameOrFingerprint;
    const record = await this.#ring.find(nameOrFingerprint);
    const key = record && (await this.#ring.load(record.fingerprint));
    if (record === undefined || key === undefined) return undefined;
    const { bucket } = address;
    const maySend = mayAsk
      ? await this.#mayBeSent(record, host, bucket)
      : this.#ring.isBound(record.fingerprint, host, bucket);
    return maySend ? key : undefined;
  }

  /** The keys that may be sent there, most recently used first. */
  async #boundTo(address: ObjectAddress, host: string): Promise<readonly Fingerprint[]> {
    const recent = this.#ledger.recentFingerprints();
    const rank = (fingerprint: Fingerprint): number => {
      const index = recent.indexOf(fingerprint);
      return index === -1 ? recent.length : index;
    };
    return (await this.#ring.list())
      .map(({ fingerprint }) => fingerprint)
      .filter((fingerprint) => this.#ring.isBound(fingerprint, host, address.bucket))
      .sort((one, other) => rank(one) - rank(other));
  }

  /** Whether a key is bound to a host and bucket, or the person binds it now. */
  async #mayBeSent(record: KeyRecord, host: string, bucket: string): Promise<boolean> {
    const { fingerprint } = record;
    if (this.#ring.isBound(fingerprint, host, bucket)) return true;
    return this.#turns.take(async () => {
      // Somebody else's question may have been answered since.
      if (this.#ring.isBound(fingerprint, host, bucket)) return true;
      if (this.#refused.has(`${fingerprint} ${host}`)) return false;
      return this.#confirm(record, host, bucket);
    });
  }

  async #confirm(record: KeyRecord, host: string, bucket: string): Promise<boolean> {
    const { fingerprint, scope } = record;
    const answer = await this.#asker.confirmBinding(record, host, bucket);
    if (answer === false) {
      this.#refused.add(`${fingerprint} ${host}`);
      return false;
    }
    this.#refused.delete(`${fingerprint} ${host}`);
    const binding = answer === 'bucketOnly' ? { host, buckets: [bucket] } : { host };
    await this.#ring.bind(fingerprint, binding, scope);
    return true;
  }

  /** A key that the person picked is asked about again even if its binding was refused before. */
  async #accept(
    answer: KeyAnswer,
    address: ObjectAddress,
    host: string,
  ): Promise<OpenedWith | undefined> {
    if (answer.key !== 'none') {
      const { fingerprint } = answer.key;
      const record = await this.#ring.find(fingerprint);
      this.#refused.delete(`${fingerprint} ${host}`);
      if (record === undefined || !(await this.#mayBeSent(record, host, address.bucket))) {
        return undefined;
      }
    }
    if (answer.remember === 'prefix') this.#prefixAnswers.set(nameOf(address), answer.key);
    return answer.key;
  }
}

function nameOf({ connection, bucket, key }: ObjectAddress): string {
  return JSON.stringify([connection, bucket, key]);
}

function idOf(openedWith: CustomerKey | 'none'): string {
  return openedWith === 'none' ? 'none' : openedWith.fingerprint;
}
