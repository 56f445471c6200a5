import type { AnyCommand } from '../command.ts';
import { addConnectionCommand } from './addConnection.ts';
import type { ConnectionDeps } from './connectionChoice.ts';
import { editConnectionCommand } from './editConnection.ts';
import { removeConnectionCommand } from './removeConnection.ts';
import { testConnectionCommand } from './testConnection.ts';

export function connectionCommands(deps: ConnectionDeps): readonly AnyCommand[] {
  return [
    addConnectionCommand(deps),
    editConnectionCommand(deps),
    removeConnectionCommand(deps),
    testConnectionCommand(deps),
  ];
}
