import * as vscode from 'vscode';
import type { AnyCommand } from '../command.ts';
import { commandIds } from '../ids.ts';
import type { ObjectDeps } from './objectDeps.ts';
import { transferCommand } from './transferTo.ts';

/** "Move To…": another prefix, bucket or connection. */
export function moveObjectCommand(deps: ObjectDeps): AnyCommand {
  const title = vscode.l10n.t('Move To');
  return transferCommand(deps, { id: commandIds.moveObject, verb: 'move', title });
}
