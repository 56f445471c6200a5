import type { Disposable } from '../core/emitter.ts';

/**
 * Where secrets are kept: VS Code's SecretStorage, shared by all windows and workspaces.
 *
 * @see https://code.visualstudio.com/api/references/vscode-api#SecretStorage
 */
export interface SecretStore {
  /** The secret of a name, or undefined; also when VS Code could not decrypt it and dropped it. */
  get(name: string): Promise<string | undefined>;
  set(name: string, value: string): Promise<void>;
  delete(name: string): Promise<void>;
  /** The names of all secrets of the extension, in no order. */
  names(): Promise<string[]>;
  /** Tells the name of a secret that was set or deleted, in this window or another one. */
  onDidChange(listener: (name: string) => void): Disposable;
}

/**
 * Where state without secrets is kept: VS Code's Memento, of a workspace or of the user.
 *
 * @see https://code.visualstudio.com/api/references/vscode-api#Memento
 */
export interface StateStore {
  /** The JSON value of a name, or undefined. Whatever it is: check it. */
  get(name: string): unknown;
  /** Keeps a JSON value; undefined removes it. */
  set(name: string, value: unknown): Promise<void>;
}
