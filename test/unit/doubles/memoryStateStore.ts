import { setImmediate } from 'node:timers/promises';
import type { StateStore } from '../../../src/keys/stores.ts';

/** State in memory, as JSON, like a Memento: seen at once, written later. */
export class MemoryStateStore implements StateStore {
  readonly #texts = new Map<string, string>();
  /** How often something was set. */
  writes = 0;

  get(name: string): unknown {
    const text = this.#texts.get(name);
    return text === undefined ? undefined : JSON.parse(text);
  }

  async set(name: string, value: unknown): Promise<void> {
    this.writes++;
    if (value === undefined) this.#texts.delete(name);
    else this.#texts.set(name, JSON.stringify(value));
    await setImmediate();
  }

  /** Everything in it, for looking for secrets. */
  dump(): string {
    return [...this.#texts].flat().join('\n');
  }
}
