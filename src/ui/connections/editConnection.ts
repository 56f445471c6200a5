import * as vscode from 'vscode';
import { type AccessKey, type Connection } from '../../core/connection.ts';
import { isStoreError } from '../../core/storeError.ts';
import { defineCommand, type AnyCommand } from '../command.ts';
import { commandIds } from '../ids.ts';
import { confirm } from '../prompts.ts';
import { applyArguments, editArguments, type EditArguments } from './connectionArguments.ts';
import { connectionFor, nameFromTarget, type ConnectionDeps } from './connectionChoice.ts';
import { draftOf } from './connectionDraft.ts';
import { editInMenu } from './connectionMenu.ts';
import { originOf } from './connectionSecrets.ts';
import { tryAndKeep } from './keepConnection.ts';

/** "Edit Connection…": changes any field, tries, keeps. */
export function editConnectionCommand(deps: ConnectionDeps): AnyCommand {
  return defineCommand({
    id: commandIds.editConnection,
    schema: editArguments,
    fromTarget: nameFromTarget,
    run: (args) => editConnection(deps, args),
  });
}

async function editConnection(
  deps: ConnectionDeps,
  args: EditArguments,
): Promise<{ readonly name: string; readonly tried: boolean }> {
  const { connections, stores } = deps;
  const { name: given, keepOnFailure, ...changes } = args;
  const before = await connectionFor(deps, given);
  const title = vscode.l10n.t('Edit Connection "{0}"', before.name);
  const taken = connections
    .list()
    .map(({ name }) => name)
    .filter((name) => name !== before.name);
  const stored = await storedAccessKey(deps, before);
  const draft = draftOf(before, stored, connections.targetOf(before.name) ?? 'user');
  applyArguments(draft, args);
  if (args.newName !== undefined) draft.name = args.newName;
  const interactive = Object.values(changes).every((change) => change === undefined);
  if (interactive) await editInMenu(title, draft, taken);

  const kept = await tryAndKeep(draft, {
    title,
    stores,
    taken,
    interactive,
    keepOnFailure: keepOnFailure === true,
    check: async (connection, accessKey) => {
      const isMoved = originOf(connection) !== originOf(before);
      if (isMoved && accessKey !== undefined && isSame(accessKey, stored)) {
        await confirmMove(before, connection);
      }
      if (!interactive) await connections.requireApproval(connection, before.name);
    },
    keep: (connection, accessKey) => connections.update(before.name, connection, accessKey),
  });
  if (interactive) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('The connection "{0}" was changed.', kept.connection.name),
    );
  }
  return { name: kept.connection.name, tried: kept.trial !== undefined };
}

/** The access key that is kept; undefined also if it was added for another endpoint. */
async function storedAccessKey(
  { connections }: ConnectionDeps,
  connection: Connection,
): Promise<AccessKey | undefined> {
  if (connection.credentials.source !== 'accessKey') return undefined;
  try {
    return await connections.accessKey(connection);
  } catch (error) {
    if (isStoreError(error, 'credentials')) return undefined;
    throw error;
  }
}

function isSame(accessKey: AccessKey, stored: AccessKey | undefined): boolean {
  return accessKey.secretAccessKey === stored?.secretAccessKey;
}

/** A stored access key goes to another endpoint only if the person says so; no argument does. */
async function confirmMove(before: Connection, after: Connection): Promise<void> {
  await confirm(
    vscode.l10n.t('Use the stored access key with {0}?', originOf(after)),
    vscode.l10n.t('It was added for {0}.', originOf(before)),
    vscode.l10n.t('Use It'),
  );
}
