import * as v from 'valibot';
import type { ObjectAddress, PrefixAddress } from '../core/address.ts';
import { baseName } from '../core/address.ts';
import type { Fingerprint } from '../core/customerKey.ts';
import type { StateStore } from './stores.ts';

/** The fingerprint of the customer key that opened an object, or `none` if it needs none. */
export type LedgerEntry = string;

const version = 1;

const storedSchema = v.object({
  version: v.literal(version),
  /** The entries' values; the lists below have indices into it. */
  openedWith: v.array(v.string()),
  /** Runs of objects with a common parent, least recently used first: parent, name, index, … */
  objects: v.array(v.array(v.union([v.string(), v.number()]))),
  prefixes: v.array(v.tuple([v.string(), v.number()])),
});

/** The name under which the state store has the ledger. */
const stateName = 'ledger';

/**
 * Remembers which customer key opened which object, so that the next open is one request, and for
 * which prefixes the person said that a key holds. It holds fingerprints and object keys, no
 * secrets. The least recently used objects are forgotten first.
 */
export class Ledger {
  readonly #state: StateStore;
  readonly #capacity: number;
  readonly #writeDelay: number;
  /** `connection/bucket/object key` → entry, least recently used first. */
  readonly #objects = new Map<string, LedgerEntry>();
  readonly #prefixes = new Map<string, LedgerEntry>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param options.capacity how many objects (and how many prefixes) are remembered at most
   * @param options.writeDelay how long changes are collected before they are written, in ms
   */
  constructor(
    state: StateStore,
    options: { readonly capacity?: number; readonly writeDelay?: number } = {},
  ) {
    this.#state = state;
    this.#capacity = options.capacity ?? 10_000;
    this.#writeDelay = options.writeDelay ?? 1_000;
    this.#read();
  }

  /** What opened an object last; undefined if that is not known. */
  openedWith(address: ObjectAddress): LedgerEntry | undefined {
    return this.#objects.get(nameOf(address));
  }

  /** What the person said for the longest prefix that an object is in; undefined if nothing. */
  forPrefixOf(address: ObjectAddress): LedgerEntry | undefined {
    const name = nameOf(address);
    let longest: string | undefined;
    for (const prefix of this.#prefixes.keys()) {
      const isLonger = prefix.length >= (longest?.length ?? 0);
      if (isLonger && name.startsWith(prefix)) longest = prefix;
    }
    return longest === undefined ? undefined : this.#prefixes.get(longest);
  }

  remember(address: ObjectAddress, entry: LedgerEntry): void {
    this.#put(this.#objects, nameOf(address), entry);
  }

  rememberPrefix(address: PrefixAddress, entry: LedgerEntry): void {
    this.#put(this.#prefixes, nameOf(address), entry);
  }

  forget(address: ObjectAddress): void {
    if (this.#objects.delete(nameOf(address))) this.#writeSoon();
  }

  forgetPrefix(address: PrefixAddress): void {
    if (this.#prefixes.delete(nameOf(address))) this.#writeSoon();
  }

  /** The customer keys that opened objects, most recently used first. */
  recentFingerprints(): readonly Fingerprint[] {
    const recent = new Set([...this.#objects.values()].reverse());
    recent.delete('none');
    return [...recent];
  }

  /** The objects that a customer key opened, most recently used first. */
  objectsOpenedWith(fingerprint: Fingerprint): readonly ObjectAddress[] {
    return [...this.#objects]
      .filter(([, entry]) => entry === fingerprint)
      .map(([name]) => addressOf(name))
      .reverse();
  }

  /** Writes what has not been written yet. */
  async flush(): Promise<void> {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#state.set(stateName, this.#stored());
  }

  #put(map: Map<string, LedgerEntry>, name: string, entry: LedgerEntry): void {
    // Deleted first, so that it becomes the most recently used.
    map.delete(name);
    map.set(name, entry);
    for (const oldest of map.keys()) {
      if (map.size <= this.#capacity) break;
      map.delete(oldest);
    }
    this.#writeSoon();
  }

  #writeSoon(): void {
    this.#timer ??= setTimeout(() => void this.flush(), this.#writeDelay);
  }

  /** VS Code warns of state over 512 KiB: runs and indices keep 10,000 objects well below. */
  #stored(): v.InferOutput<typeof storedSchema> {
    const openedWith = [...new Set([...this.#objects.values(), ...this.#prefixes.values()])];
    const indices = new Map(openedWith.map((entry, index) => [entry, index]));
    const objects: (string | number)[][] = [];
    for (const [name, entry] of this.#objects) {
      const last = baseName(name);
      const parent = name.slice(0, name.length - last.length);
      if (objects.at(-1)?.[0] !== parent) objects.push([parent]);
      objects.at(-1)?.push(last, indices.get(entry) ?? 0);
    }
    const prefixes = [...this.#prefixes].map(([name, entry]): [string, number] => [
      name,
      indices.get(entry) ?? 0,
    ]);
    return { version, openedWith, objects, prefixes };
  }

  #read(): void {
    const result = v.safeParse(storedSchema, this.#state.get(stateName));
    if (!result.success) return;
    const { openedWith, objects, prefixes } = result.output;
    const put = (map: Map<string, LedgerEntry>, name: string, index: unknown): void => {
      const entry = openedWith[Number(index)];
      if (entry !== undefined) map.set(name, entry);
    };
    for (const [parent = '', ...run] of objects) {
      for (let at = 0; at < run.length; at += 2) {
        put(this.#objects, `${parent}${run[at] ?? ''}`, run[at + 1]);
      }
    }
    for (const [name, index] of prefixes) put(this.#prefixes, name, index);
  }
}

/** Unambiguous, because neither a connection's nor a bucket's name has a slash. */
function nameOf(address: ObjectAddress | PrefixAddress): string {
  const text = 'key' in address ? address.key : address.prefix;
  return `${address.connection}/${address.bucket}/${text}`;
}

function addressOf(name: string): ObjectAddress {
  const [connection = '', bucket = ''] = name.split('/', 2);
  return { connection, bucket, key: name.slice(connection.length + bucket.length + 2) };
}
