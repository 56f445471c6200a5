import * as v from 'valibot';
import {
  type AccessKey,
  type Connection,
  connectionHost,
  isSecure,
} from '../../core/connection.ts';
import { Secret } from '../../core/secret.ts';
import { StoreError } from '../../core/storeError.ts';
import type { Disposable } from '../../core/emitter.ts';
import type { SecretStore } from '../../keys/stores.ts';
import type { SettingTarget } from '../workspaceSettings.ts';

/** One item of the secret storage. The origin is where the access key may be used. */
const itemSchema = v.object({
  origin: v.string(),
  accessKeyId: v.string(),
  secretAccessKey: v.string(),
  sessionToken: v.optional(v.string()),
});

const prefix = 'connection/';

/**
 * The access keys of connections, one item of the secret storage each. An access key is given out
 * only for the endpoint that it was added for: settings can be changed by a workspace, the secret
 * storage cannot.
 */
export class ConnectionSecrets {
  readonly #secrets: SecretStore;
  readonly #workspace: string | undefined;

  /** @param workspace the workspace's id; undefined in an empty window */
  constructor(secrets: SecretStore, workspace: string | undefined) {
    this.#secrets = secrets;
    this.#workspace = workspace;
  }

  /**
   * The access key of a connection; undefined if none is stored.
   *
   * @throws StoreError `credentials` if it was added for another endpoint
   */
  async get(connection: Connection, target: SettingTarget): Promise<AccessKey | undefined> {
    const stored = await this.#secrets.get(this.#item(connection.name, target));
    const item = stored === undefined ? undefined : readItem(stored);
    if (item === undefined) return undefined;
    if (item.origin !== originOf(connection)) {
      throw new StoreError(
        'credentials',
        `The access key of the connection "${connection.name}" was added for ${item.origin}, but the settings now name ${originOf(connection)}. Nothing was sent. Edit the connection to enter an access key for the new endpoint.`,
        { connection: connection.name, host: connectionHost(connection) },
      );
    }
    return {
      accessKeyId: item.accessKeyId,
      secretAccessKey: new Secret(item.secretAccessKey),
      ...(item.sessionToken !== undefined && { sessionToken: new Secret(item.sessionToken) }),
    };
  }

  async set(connection: Connection, target: SettingTarget, accessKey: AccessKey): Promise<void> {
    const item: v.InferOutput<typeof itemSchema> = {
      origin: originOf(connection),
      accessKeyId: accessKey.accessKeyId,
      secretAccessKey: accessKey.secretAccessKey.reveal(),
      sessionToken: accessKey.sessionToken?.reveal(),
    };
    await this.#secrets.set(this.#item(connection.name, target), JSON.stringify(item));
  }

  async delete(name: string, target: SettingTarget): Promise<void> {
    await this.#secrets.delete(this.#item(name, target));
  }

  /** Tells whose access key was added, changed or removed, in this window or another. */
  onDidChange(listener: (name: string) => void): Disposable {
    return this.#secrets.onDidChange((item) => {
      if (item.startsWith(prefix)) listener(item.slice(item.lastIndexOf('/') + 1));
    });
  }

  #item(name: string, target: SettingTarget): string {
    return `${prefix}${target === 'user' ? 'user' : (this.#workspace ?? 'none')}/${name}`;
  }
}

/**
 * Scheme, host and port that credentials are for; one for all regions of AWS. The scheme counts:
 * over `http:` a session token and all data would be readable.
 */
export function originOf(connection: Pick<Connection, 'endpoint' | 'region'>): string {
  return `${isSecure(connection) ? 'https' : 'http'}://${connectionHost(connection)}`;
}

function readItem(stored: string): v.InferOutput<typeof itemSchema> | undefined {
  try {
    const parsed = v.safeParse(itemSchema, JSON.parse(stored));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
