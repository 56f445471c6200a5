import { parentPrefix, type ObjectAddress } from '../core/address.ts';
import { type GpgAccess, type GpgCipher, GpgError, type GpgPassphrase } from '../core/gpg.ts';
import { Secret } from '../core/secret.ts';
import type { SecretStore } from './stores.ts';
import { Turns } from './turns.ts';

/** Asks the person. Only one question is open at a time. */
export interface GpgAsker {
  /** The passphrase that opens an object; undefined if the person gives up. */
  askToOpen(address: ObjectAddress, reason: 'noneKnown' | 'noneFits'): Promise<Secret | undefined>;

  /** A new passphrase for a name that a rule has; undefined if the person gives up. */
  askFor(name: string): Promise<Secret | undefined>;

  /** Offers to keep a passphrase that was typed and fitted; does not wait for the answer. */
  offerToKeep(passphrase: GpgPassphrase): void;
}

export interface GpgPassphrasesOptions {
  readonly secrets: SecretStore;
  readonly asker: GpgAsker;
  /** Loads the cipher. */
  readonly cipher: () => Promise<GpgCipher>;
  /** The name of the passphrase that a rule has for new objects at an address. */
  readonly ruledName: (address: ObjectAddress) => string | undefined;
  readonly now?: () => number;
}

/** One secret of the secret storage each, by the name of the passphrase. */
const prefix = 'gpgPassphrase/';

/** For how long the answer "give up" holds for what is asked next: a run asks object by object. */
const quietMilliseconds = 3_000;

/** The passphrases of GPG: in memory until the window closes, in the secret storage if wanted. */
export class GpgPassphrases implements GpgAccess {
  readonly #options: GpgPassphrasesOptions;
  readonly #turns = new Turns();
  /** Typed in this window, most recently used first. */
  #session: readonly GpgPassphrase[] = [];
  /** What opened an object last, by the prefix that it stands in. */
  readonly #byPrefix = new Map<string, GpgPassphrase>();
  /** Typed, and not yet seen to fit. */
  readonly #untried = new Set<GpgPassphrase>();
  /** What was typed last, whether it fitted or not. */
  #latest: GpgPassphrase | undefined;
  #quietUntil = 0;
  #cipher: Promise<GpgCipher> | undefined;

  constructor(options: GpgPassphrasesOptions) {
    this.#options = options;
  }

  cipher(): Promise<GpgCipher> {
    this.#cipher ??= this.#options.cipher();
    this.#cipher.catch(() => (this.#cipher = undefined));
    return this.#cipher;
  }

  async *candidates(address: ObjectAddress): AsyncGenerator<GpgPassphrase, void> {
    const tried = new Set<string>();
    const isNew = (passphrase: GpgPassphrase | undefined): passphrase is GpgPassphrase =>
      passphrase !== undefined && tried.size < tried.add(passphrase.secret.reveal()).size;
    const last = this.#byPrefix.get(prefixOf(address));
    if (isNew(last)) yield last;
    const ruled = this.#ruledName(address);
    const named = ruled === undefined ? undefined : await this.find(ruled);
    if (isNew(named)) yield named;
    for (const passphrase of this.#session) if (isNew(passphrase)) yield passphrase;
    for (const name of await this.storedNames()) {
      const stored = await this.find(name);
      if (isNew(stored)) yield stored;
    }
  }

  async ask(
    address: ObjectAddress,
    tried: ReadonlySet<GpgPassphrase>,
  ): Promise<GpgPassphrase | undefined> {
    const { asker, now = Date.now } = this.#options;
    return await this.#turns.take(async () => {
      // Somebody else's question was answered meanwhile; that answer is to be tried first.
      if (this.#latest !== undefined && !tried.has(this.#latest)) return this.#latest;
      if (now() < this.#quietUntil) {
        this.#quietUntil = now() + quietMilliseconds;
        return undefined;
      }
      const secret = await asker.askToOpen(address, tried.size === 0 ? 'noneKnown' : 'noneFits');
      if (secret === undefined) {
        this.#quietUntil = now() + quietMilliseconds;
        return undefined;
      }
      // Without the name of a rule: what reads an old object is not what new ones are to have.
      const passphrase = { secret };
      this.#untried.add(passphrase);
      this.#latest = passphrase;
      return passphrase;
    });
  }

  async named(name: string): Promise<GpgPassphrase> {
    return await this.#turns.take(async () => {
      const known = await this.find(name);
      if (known !== undefined) return known;
      const secret = await this.#options.asker.askFor(name);
      if (secret === undefined) {
        throw new GpgError(
          'noPassphrase',
          `A rule wants the GPG passphrase "${name}", and none was given. Nothing was stored. Add it with "SSE-C: Add GPG Passphrase…".`,
        );
      }
      const passphrase = { name, secret };
      this.#use(passphrase);
      this.#options.asker.offerToKeep(passphrase);
      return passphrase;
    });
  }

  remember(address: ObjectAddress, passphrase: GpgPassphrase): void {
    this.#byPrefix.set(prefixOf(address), passphrase);
    if (!this.#untried.delete(passphrase)) return;
    this.#use(passphrase);
    this.#options.asker.offerToKeep(passphrase);
  }

  /** The passphrase of a name, typed in this window or stored. */
  async find(name: string): Promise<GpgPassphrase | undefined> {
    const typed = this.#session.find((each) => each.name === name);
    if (typed !== undefined) return typed;
    const stored = await this.#options.secrets.get(prefix + name);
    return stored === undefined ? undefined : { name, secret: new Secret(stored) };
  }

  /** The names of the passphrases in the secret storage. */
  async storedNames(): Promise<readonly string[]> {
    const names = await this.#options.secrets.names();
    return names
      .filter((name) => name.startsWith(prefix))
      .map((name) => name.slice(prefix.length))
      .sort();
  }

  /** The names of all passphrases. */
  async names(): Promise<readonly string[]> {
    const typed = this.#session.flatMap(({ name }) => (name === undefined ? [] : [name]));
    return [...new Set([...(await this.storedNames()), ...typed])].sort();
  }

  /** @param isStored whether it goes into the secret storage, or only until the window closes */
  async add(name: string, secret: Secret, isStored: boolean): Promise<void> {
    if (isStored) await this.#options.secrets.set(prefix + name, secret.reveal());
    else await this.#options.secrets.delete(prefix + name);
    this.#session = this.#session.filter((each) => each.name !== name);
    this.#use({ name, secret });
  }

  /** Forgets a passphrase, in memory and in the secret storage. */
  async remove(name: string): Promise<void> {
    const found = await this.find(name);
    await this.#options.secrets.delete(prefix + name);
    const isIt = (each: GpgPassphrase): boolean =>
      each.name === name || (found !== undefined && isSame(each, found));
    this.#session = this.#session.filter((each) => !isIt(each));
    if (this.#latest !== undefined && isIt(this.#latest)) this.#latest = undefined;
    for (const [where, each] of this.#byPrefix) if (isIt(each)) this.#byPrefix.delete(where);
  }

  #use(passphrase: GpgPassphrase): void {
    this.#session = [passphrase, ...this.#session.filter((each) => !isSame(each, passphrase))];
  }

  #ruledName(address: ObjectAddress): string | undefined {
    try {
      return this.#options.ruledName(address);
    } catch {
      // A rule that cannot be read keeps from storing, not from reading.
      return undefined;
    }
  }
}

/** Under another name the same passphrase is another one. */
function isSame(one: GpgPassphrase, other: GpgPassphrase): boolean {
  const sameName = one.name === undefined || other.name === undefined || one.name === other.name;
  return sameName && one.secret.reveal() === other.secret.reveal();
}

function prefixOf({ connection, bucket, key }: ObjectAddress): string {
  return JSON.stringify([connection, bucket, parentPrefix(key)]);
}
