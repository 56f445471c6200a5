import * as vscode from 'vscode';
import type { Connection } from '../../core/connection.ts';
import { StoreError } from '../../core/storeError.ts';
import type { StateStore } from '../../keys/stores.ts';
import { originOf } from './connectionSecrets.ts';

const storageKey = 'approvedCredentials';

/**
 * Which credentials of this machine (a profile, the environment) may be used with which endpoint
 * because a connection in the workspace's settings says so. Those settings may come with a
 * repository, so the person is asked once for each pair; AWS's own hosts need no asking.
 */
export class CredentialsApproval {
  readonly #state: StateStore;
  /** Questions that are on the screen: several views may want the same connection at once. */
  readonly #asked = new Map<string, Promise<void>>();

  constructor(state: StateStore) {
    this.#state = state;
  }

  /** @throws StoreError `credentials` if the person does not agree */
  async require(connection: Connection): Promise<void> {
    const pair = pairOf(connection);
    if (pair === undefined || this.#approved().includes(pair)) return;
    const asked = this.#asked.get(pair) ?? this.#ask(connection);
    this.#asked.set(pair, asked);
    try {
      await asked;
    } finally {
      this.#asked.delete(pair);
    }
  }

  /** Notes that the person chose this pair. */
  async approve(connection: Connection): Promise<void> {
    const pair = pairOf(connection);
    if (pair === undefined || this.#approved().includes(pair)) return;
    await this.#state.set(storageKey, [...this.#approved(), pair]);
  }

  async #ask(connection: Connection): Promise<void> {
    const allow = vscode.l10n.t('Allow');
    const chosen = await vscode.window.showWarningMessage(
      vscode.l10n.t('Use your AWS credentials with {0}?', originOf(connection)),
      {
        modal: true,
        detail: vscode.l10n.t(
          'The connection "{0}" of this workspace uses {1}, with an endpoint that is not AWS.',
          connection.name,
          connection.credentials.source === 'profile'
            ? vscode.l10n.t('your profile "{0}"', connection.credentials.profile)
            : vscode.l10n.t('the credentials of your environment'),
        ),
      },
      allow,
    );
    if (chosen === allow) {
      await this.approve(connection);
      return;
    }
    throw new StoreError(
      'credentials',
      `The connection "${connection.name}" of this workspace was not allowed to use your AWS credentials with ${originOf(connection)}. Nothing was sent.`,
      { connection: connection.name },
    );
  }

  #approved(): readonly string[] {
    const stored = this.#state.get(storageKey);
    return Array.isArray(stored) ? stored.filter((pair) => typeof pair === 'string') : [];
  }
}

/** Undefined where nothing needs to be approved. */
function pairOf(connection: Connection): string | undefined {
  const { credentials, endpoint } = connection;
  if (endpoint === undefined || credentials.source === 'accessKey') return undefined;
  const source =
    credentials.source === 'profile' ? `profile ${credentials.profile}` : 'environment';
  return `${source} → ${originOf(connection)}`;
}
