import * as vscode from 'vscode';
import type { ServerTraits } from '../../core/objectStore.ts';
import { defineCommand, type AnyCommand } from '../command.ts';
import { commandIds } from '../ids.ts';
import { testArguments, type TestArguments } from './connectionArguments.ts';
import { connectionFor, nameFromTarget, type ConnectionDeps } from './connectionChoice.ts';
import { tryConnection } from './connectionTrial.ts';
import { explained } from './keepConnection.ts';

/** What `ssec.testConnection` returns. */
export interface TestedConnection {
  readonly name: string;
  readonly region: string;
  readonly buckets: readonly string[];
  /** What was seen of the server since the window opened. */
  readonly traits: ServerTraits;
}

/** "Test Connection": one request, and what is known of the server. */
export function testConnectionCommand(deps: ConnectionDeps): AnyCommand {
  return defineCommand({
    id: commandIds.testConnection,
    schema: testArguments,
    fromTarget: nameFromTarget,
    run: (args) => testConnection(deps, args),
  });
}

async function testConnection(
  deps: ConnectionDeps,
  args: TestArguments,
): Promise<TestedConnection> {
  const connection = await connectionFor(deps, args.name);
  const { name, region } = connection;
  try {
    // A store of its own: it reads the CA file and the credentials afresh.
    const accessKey = await deps.connections.accessKey(connection);
    const { buckets } = await tryConnection(deps.stores, connection, accessKey);
    const traits = (await deps.stores.get(name)).traits();
    void vscode.window.showInformationMessage(
      [
        vscode.l10n.t('The connection "{0}" works.', name),
        vscode.l10n.t('Region: {0}; buckets: {1}.', region, buckets.length),
        ...describeTraits(traits),
      ].join(' '),
    );
    return { name, region, buckets, traits };
  } catch (error) {
    throw explained(error, connection);
  }
}

function describeTraits({ conditionalPut, serverSideCopy }: ServerTraits): readonly string[] {
  const lines: string[] = [];
  if (conditionalPut === 'atomic') {
    lines.push(vscode.l10n.t('The server guarantees that a save overwrites nobody’s change.'));
  } else if (conditionalPut === 'comparedBefore') {
    lines.push(
      vscode.l10n.t(
        'The server cannot guarantee that a save overwrites nobody’s change: objects are compared right before.',
      ),
    );
  }
  if (serverSideCopy === 'no') {
    lines.push(vscode.l10n.t('Encrypted objects are copied through this computer.'));
  } else if (serverSideCopy !== 'unknown') {
    lines.push(vscode.l10n.t('Encrypted objects are copied on the server.'));
  }
  return lines;
}
