import * as vscode from 'vscode';
import type { Connection } from '../../core/connection.ts';
import { InvalidArguments, NoConnection } from '../command.ts';
import { pick } from '../prompts.ts';
import type { Stores } from '../stores.ts';
import type { Connections } from './connections.ts';

/** What the commands about connections need. */
export interface ConnectionDeps {
  readonly connections: Connections;
  readonly stores: Pick<Stores, 'open' | 'get'>;
}

/**
 * The connection of that name, or the one that the person picks if no name was given.
 *
 * @throws InvalidArguments if there is no such connection; Cancelled at Escape
 */
export async function connectionFor(
  { connections }: ConnectionDeps,
  name: string | undefined,
): Promise<Connection> {
  if (name === undefined) {
    const choices = connections.list().map((connection) => ({
      label: connection.name,
      description: connection.endpoint ?? `Amazon S3, ${connection.region}`,
      value: connection,
    }));
    if (choices.length > 0) return await pick(choices, { title: vscode.l10n.t('Connection') });
    throw new NoConnection();
  }
  const connection = connections.get(name);
  if (connection !== undefined) return connection;
  throw new InvalidArguments(vscode.l10n.t('There is no connection "{0}".', name));
}

/** The connection that a menu was opened on, as an argument. */
export function nameFromTarget(target: unknown): { readonly name: string } | undefined {
  const { connection } = (target ?? {}) as { readonly connection?: unknown };
  return typeof connection === 'string' ? { name: connection } : undefined;
}
