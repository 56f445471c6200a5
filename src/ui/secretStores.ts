import type * as vscode from 'vscode';
import type { Disposable } from '../core/emitter.ts';
import type { SecretStore, StateStore } from '../keys/stores.ts';

/** VS Code's secret storage: encrypted by the operating system, shared by all windows. */
export class VscodeSecretStore implements SecretStore {
  readonly #secrets: vscode.SecretStorage;

  constructor(secrets: vscode.SecretStorage) {
    this.#secrets = secrets;
  }

  async get(name: string): Promise<string | undefined> {
    return await this.#secrets.get(name);
  }

  async set(name: string, value: string): Promise<void> {
    await this.#secrets.store(name, value);
  }

  async delete(name: string): Promise<void> {
    await this.#secrets.delete(name);
  }

  async names(): Promise<string[]> {
    return await this.#secrets.keys();
  }

  onDidChange(listener: (name: string) => void): Disposable {
    return this.#secrets.onDidChange(({ key }) => {
      listener(key);
    });
  }
}

/** VS Code's state of a workspace or of the user; it holds no secrets. */
export class MementoStateStore implements StateStore {
  readonly #memento: vscode.Memento;

  constructor(memento: vscode.Memento) {
    this.#memento = memento;
  }

  get(name: string): unknown {
    return this.#memento.get<unknown>(name);
  }

  async set(name: string, value: unknown): Promise<void> {
    await this.#memento.update(name, value);
  }
}
