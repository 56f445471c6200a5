import { setImmediate } from 'node:timers/promises';
import { Emitter, type Disposable } from '../../../src/core/emitter.ts';
import type { SecretStore } from '../../../src/keys/stores.ts';

/** Secrets in memory; every call takes a turn of the event loop, so that calls interleave. */
export class MemorySecretStore implements SecretStore {
  readonly secrets = new Map<string, string>();
  readonly #didChange = new Emitter<string>();

  async get(name: string): Promise<string | undefined> {
    await setImmediate();
    return this.secrets.get(name);
  }

  async set(name: string, value: string): Promise<void> {
    await setImmediate();
    this.secrets.set(name, value);
    this.#didChange.fire(name);
  }

  async delete(name: string): Promise<void> {
    await setImmediate();
    this.secrets.delete(name);
    this.#didChange.fire(name);
  }

  async names(): Promise<string[]> {
    await setImmediate();
    return [...this.secrets.keys()];
  }

  onDidChange(listener: (name: string) => void): Disposable {
    return this.#didChange.event(listener);
  }
}
