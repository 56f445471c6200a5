import type * as vscode from 'vscode';
import type { AccessKey, Connection } from '../core/connection.ts';
import type { ObjectStore } from '../core/objectStore.ts';
import { StoreError } from '../core/storeError.ts';
import type { KeyGuard, StoreOptions } from '../core/storeOptions.ts';
import type { Log } from './log.ts';

/** Where the stores learn of connections; a change closes the connection's store. */
export interface ConnectionSource {
  /** The connection of that slug; undefined if there is none (or none that is trusted). */
  get(name: string): Connection | undefined;
  /** The access key of a connection whose credentials have the source `accessKey`. */
  accessKey(connection: Connection): Promise<AccessKey | undefined>;
  readonly onDidChange: vscode.Event<void>;
}

/** Makes a store; the S3 bundle's one export. */
export type CreateStore = (options: StoreOptions) => ObjectStore;

/** The open stores, one a connection, made on first use: only then the SDK is loaded. */
export class Stores {
  readonly #stores = new Map<string, Promise<ObjectStore>>();
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
    this.#subscription = connections.onDidChange(() => {
      this.#closeAll();
    });
  }

  /**
   * The store of a connection.
   * @throws StoreError `invalid` if there is no such connection, `credentials` if its access key is
   *   not in the secret storage
   */
  get(name: string): Promise<ObjectStore> {
    let store = this.#stores.get(name);
    if (store === undefined) {
      store = this.#open(name);
      this.#stores.set(name, store);
      store.catch(() => this.#stores.delete(name));
    }
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
    this.#closeAll();
  }

  async #open(name: string): Promise<ObjectStore> {
    const connection = this.#connections.get(name);
    if (connection === undefined) {
      throw new StoreError(
        'invalid',
        `There is no connection "${name}" here. Add it with "SSE-C: Add Connection…"; a connection of an untrusted workspace is not used.`,
        { connection: name },
      );
    }
    return await this.open(connection, await this.#connections.accessKey(connection));
  }

  #closeAll(): void {
    for (const store of this.#stores.values()) {
      store.then(
        (opened) => {
          opened.dispose();
        },
        () => undefined,
      );
    }
    this.#stores.clear();
  }
}
