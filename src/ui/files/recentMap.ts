/** A map that forgets the least recently written entries beyond its capacity. */
export class RecentMap<Value> {
  readonly #entries = new Map<string, Value>();
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get(name: string): Value | undefined {
    return this.#entries.get(name);
  }

  set(name: string, value: Value): void {
    // Deleted first, so that it becomes the most recent one.
    this.#entries.delete(name);
    this.#entries.set(name, value);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#capacity) break;
      this.#entries.delete(oldest);
    }
  }

  delete(name: string): void {
    this.#entries.delete(name);
  }

  /** Forgets all entries whose names start with a text. */
  deletePrefixed(start: string): void {
    for (const name of this.#entries.keys()) if (name.startsWith(start)) this.#entries.delete(name);
  }

  entries(): readonly [name: string, value: Value][] {
    return [...this.#entries];
  }

  clear(): void {
    this.#entries.clear();
  }
}
