import * as vscode from 'vscode';
import type { AnyCommand } from '../command.ts';
import { commandIds } from '../ids.ts';
import type { ObjectDeps } from './objectDeps.ts';
import { transferCommand } from './transferTo.ts';

/** "Copy To…": another prefix, bucket or connection. */
export function copyObjectCommand(deps: ObjectDeps): AnyCommand {
  const title = vscode.l10n.t('Copy To');
  return transferCommand(deps, { id: commandIds.copyObject, verb: 'copy', title });
}
