import * as vscode from 'vscode';
import type { Connection } from '../../core/connection.ts';
import { connectionEntry, readConnections } from '../../core/connectionConfig.ts';
import type { SettingProblem } from '../../core/settingProblem.ts';
import { settingIds } from '../ids.ts';
import { configurationTarget, type SettingTarget } from '../workspaceSettings.ts';

/** A connection and the settings that it stands in. */
export interface KeptConnection {
  readonly connection: Connection;
  readonly target: SettingTarget;
}

/**
 * The connections of the settings, by name. A connection of the workspace hides the user's of the
 * same name as a whole; VS Code's own merging would mix the fields of both. An untrusted
 * workspace's connections are not there.
 */
export function readConnectionSettings(): {
  readonly connections: ReadonlyMap<string, KeptConnection>;
  readonly problems: readonly SettingProblem[];
} {
  const connections = new Map<string, KeptConnection>();
  const problems: SettingProblem[] = [];
  for (const target of ['user', 'workspace'] as const) {
    const read = readConnections(valueIn(target));
    problems.push(...read.problems);
    for (const connection of read.connections) {
      connections.set(connection.name, { connection, target });
    }
  }
  return { connections, problems };
}

/** Writes (or, with undefined, removes) the entry of one connection, leaving the others alone. */
export async function writeConnectionSetting(
  target: SettingTarget,
  changes: Readonly<Record<string, Connection | undefined>>,
): Promise<void> {
  const before = valueIn(target);
  const entries = new Map(Object.entries(isObject(before) ? before : {}));
  for (const [name, connection] of Object.entries(changes)) {
    if (connection === undefined) entries.delete(name);
    else entries.set(name, connectionEntry(connection));
  }
  await vscode.workspace
    .getConfiguration()
    .update(
      settingIds.connections,
      entries.size === 0 ? undefined : Object.fromEntries(entries),
      configurationTarget(target),
    );
}

function valueIn(target: SettingTarget): unknown {
  const inspected = vscode.workspace.getConfiguration().inspect(settingIds.connections);
  if (target === 'user') return inspected?.globalValue;
  return vscode.workspace.isTrusted ? inspected?.workspaceValue : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
