import * as vscode from 'vscode';
import type { AccessKey, Connection } from '../../core/connection.ts';
import type { SettingProblem } from '../../core/settingProblem.ts';
import { settingIds } from '../ids.ts';
import type { ConnectionSource } from '../stores.ts';
import type { SettingTarget } from '../workspaceSettings.ts';
import type { ConnectionSecrets } from './connectionSecrets.ts';
import {
  type KeptConnection,
  readConnectionSettings,
  writeConnectionSetting,
} from './connectionSettings.ts';
import type { CredentialsApproval } from './credentialsApproval.ts';

/**
 * The connections: what the setting `ssec.connections` says, and their access keys in the secret
 * storage. Follows changes of both, also those made in other windows.
 */
export class Connections implements ConnectionSource {
  readonly #secrets: ConnectionSecrets;
  readonly #approval: CredentialsApproval;
  readonly #emitter = new vscode.EventEmitter<string | undefined>();
  readonly #subscription: vscode.Disposable;
  #settings: ReturnType<typeof readConnectionSettings> | undefined;

  readonly onDidChange = this.#emitter.event;

  constructor(secrets: ConnectionSecrets, approval: CredentialsApproval) {
    this.#secrets = secrets;
    this.#approval = approval;
    const changed = (name?: string): void => {
      this.#settings = undefined;
      this.#emitter.fire(name);
    };
    this.#subscription = vscode.Disposable.from(
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(settingIds.connections)) changed();
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        changed();
      }),
      secrets.onDidChange(changed),
    );
  }

  /** All of them, by name. */
  list(): readonly Connection[] {
    return [...this.#read().connections.values()]
      .map(({ connection }) => connection)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  get(name: string): Connection | undefined {
    return this.#kept(name)?.connection;
  }

  /** Which settings a connection stands in. */
  targetOf(name: string): SettingTarget | undefined {
    return this.#kept(name)?.target;
  }

  /** What in the setting cannot be used. */
  problems(): readonly SettingProblem[] {
    return this.#read().problems;
  }

  /**
   * The access key of a kept connection; undefined if none is stored or its credentials come from
   * elsewhere.
   *
   * @throws StoreError `credentials` if they may not be used with the connection's endpoint
   */
  async accessKey(connection: Connection): Promise<AccessKey | undefined> {
    const target = this.targetOf(connection.name) ?? 'user';
    if (connection.credentials.source === 'accessKey') {
      return await this.#secrets.get(connection, target);
    }
    await this.requireApproval(connection);
    return undefined;
  }

  /**
   * Asks, if it was never asked, whether the workspace may use credentials of this machine.
   *
   * @param keptAs the name that it has in the settings now
   * @throws StoreError `credentials` if not
   */
  async requireApproval(connection: Connection, keptAs = connection.name): Promise<void> {
    if (this.targetOf(keptAs) === 'workspace') await this.#approval.require(connection);
  }

  /**
   * Keeps a connection; one of the same name in the same settings is replaced.
   *
   * @param accessKey undefined if the credentials come from elsewhere
   */
  async add(
    connection: Connection,
    accessKey: AccessKey | undefined,
    target: SettingTarget,
  ): Promise<void> {
    await this.#keep(connection, accessKey, target);
  }

  /** Replaces a connection where it stands; it may get another name by it. */
  async update(
    name: string,
    connection: Connection,
    accessKey: AccessKey | undefined,
  ): Promise<void> {
    const target = this.targetOf(name) ?? 'user';
    await this.#keep(connection, accessKey, target, name);
    if (connection.name !== name) await this.#secrets.delete(name, target);
  }

  /** Removes a connection and its access key. */
  async remove(name: string): Promise<void> {
    const target = this.targetOf(name);
    if (target === undefined) return;
    await writeConnectionSetting(target, { [name]: undefined });
    await this.#secrets.delete(name, target);
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#emitter.dispose();
  }

  async #keep(
    connection: Connection,
    accessKey: AccessKey | undefined,
    target: SettingTarget,
    oldName = connection.name,
  ): Promise<void> {
    // The secret first: nobody sees a connection without its access key.
    if (accessKey !== undefined) await this.#secrets.set(connection, target, accessKey);
    else if (connection.credentials.source !== 'accessKey') {
      await this.#secrets.delete(connection.name, target);
    }
    await this.#approval.approve(connection);
    await writeConnectionSetting(target, {
      [oldName]: undefined,
      [connection.name]: connection,
    });
  }

  #kept(name: string): KeptConnection | undefined {
    return this.#read().connections.get(name.toLowerCase());
  }

  #read(): ReturnType<typeof readConnectionSettings> {
    this.#settings ??= readConnectionSettings();
    return this.#settings;
  }
}
