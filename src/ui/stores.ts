import { isDeepStrictEqual } from 'node:util';
import type * as vscode from 'vscode';
import type { AccessKey, Connection } from '../core/connection.ts';
import type { ObjectStore } from '../core/objectStore.ts';
import { StoreError } from '../core/storeError.ts';
import type { KeyGuard, StoreOptions } from '../core/storeOptions.ts';
import type { Log } from './log.ts';
import type { SettingTarget } from './workspaceSettings.ts';

/** Where the stores learn of connections; a change closes the connection's store. */
export interface ConnectionSource {
  /** The connection of that slug; undefined if there is none (or none that is trusted). */
  get(name: string): Connection | undefined;
  /** Which settings it stands in; each has access keys of its own. */
  targetOf(name: string): SettingTarget | undefined;
  /** The access key of a connection whose credentials have the source `accessKey`. */
  accessKey(connection: Connection): Promise<AccessKey | undefined>;
  /** Tells whose access key changed; undefined if the settings did. */
  readonly onDidChange: vscode.Event<string | undefined>;
}

/** Makes a store; the S3 bundle's one export. */
export type CreateStore = (options: StoreOptions) => ObjectStore;

interface OpenStore {
  /** The connection as it was when the store was opened, and where it stood. */
  readonly basis: readonly [Connection | undefined, SettingTarget | undefined];
  readonly store: Promise<ObjectStore>;
}

/** The open stores, one a connection, made on first use: only then the SDK is loaded. */
export class Stores {
  readonly #stores = new Map<string, OpenStore>();
  readonly #subscription: vscode.Disposable;
  readonly #connections: ConnectionSource;
  readonly #loadCreateStore: () => Promise<CreateStore>;
  readonly #guard: KeyGuard;
  readonly #log: Log;

  constructor(
    connections: ConnectionSource,
    loadCreateStore: () => Promise<CreateStore>,
    guard: KeyGuard,
    log: Log,
  ) {
    this.#connections = connections;
    this.#loadCreateStore = loadCreateStore;
    this.#guard = guard;
    this.#log = log;
    this.#subscription = connections.onDidChange((changed) => {
      // What another connection has on its way is not cut.
      for (const [name, { basis }] of this.#stores) {
        if (name === changed || !isDeepStrictEqual(this.#basisOf(name), basis)) this.#close(name);
      }
    });
  }

  /**
   * The store of a connection.
   * @throws StoreError `invalid` if there is no such connection, `credentials` if its access key is
   *   not in the secret storage
   */
  get(name: string): Promise<ObjectStore> {
    const open = this.#stores.get(name);
    if (open !== undefined) return open.store;
    const basis = this.#basisOf(name);
    const store = this.#open(name, basis[0]);
    const opened = { basis, store };
    this.#stores.set(name, opened);
    store.catch(() => {
      if (this.#stores.get(name) === opened) this.#stores.delete(name);
    });
    return store;
  }

  /** A store for a connection that is not kept (yet): to try it out. The caller disposes it. */
  async open(connection: Connection, accessKey: AccessKey | undefined): Promise<ObjectStore> {
    const createStore = await this.#loadCreateStore();
    return createStore({
      connection,
      accessKey,
      guard: this.#guard,
      onRequest: (record) => {
        this.#log.request(connection.name, record);
      },
    });
  }

  dispose(): void {
    this.#subscription.dispose();
    for (const name of this.#stores.keys()) this.#close(name);
  }

  #basisOf(name: string): OpenStore['basis'] {
    return [this.#connections.get(name), this.#connections.targetOf(name)];
  }

  async #open(name: string, connection: Connection | undefined): Promise<ObjectStore> {
    if (connection === undefined) {
      throw new StoreError(
        'invalid',
        `There is no connection "${name}" here. Add it with "SSE-C: Add Connection…"; a connection of an untrusted workspace is not used.`,
        { connection: name },
      );
    }
    return await this.open(connection, await this.#connections.accessKey(connection));
  }

  #close(name: string): void {
    this.#stores.get(name)?.store.then(
      (opened) => {
        opened.dispose();
      },
      () => undefined,
    );
    this.#stores.delete(name);
  }
}
