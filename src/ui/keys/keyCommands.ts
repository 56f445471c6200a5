import type { AnyCommand } from '../command.ts';
import { addCustomerKeyCommand } from './addCustomerKey.ts';
import { adoptCustomerKeyCommand } from './adoptCustomerKey.ts';
import { bindCustomerKeyCommand } from './bindCustomerKey.ts';
import type { KeyDeps } from './keyChoice.ts';
import { listCustomerKeysCommand } from './listCustomerKeys.ts';
import { removeCustomerKeyCommand } from './removeCustomerKey.ts';
import { renameCustomerKeyCommand } from './renameCustomerKey.ts';
import { setDefaultCustomerKeyCommand } from './setDefaultCustomerKey.ts';

export function keyCommands(deps: KeyDeps): readonly AnyCommand[] {
  return [
    addCustomerKeyCommand(deps),
    listCustomerKeysCommand(deps),
    renameCustomerKeyCommand(deps),
    removeCustomerKeyCommand(deps),
    setDefaultCustomerKeyCommand(deps),
    bindCustomerKeyCommand(deps),
    adoptCustomerKeyCommand(deps),
  ];
}
