import type { AnyCommand } from '../command.ts';
import { chooseCustomerKeyCommand } from './chooseCustomerKey.ts';
import { clearFilterCommand } from './clearFilter.ts';
import { clipCommands } from './clipObjects.ts';
import { copyAddressCommand } from './copyAddress.ts';
import { copyObjectCommand } from './copyObject.ts';
import { deleteObjectCommand } from './deleteObject.ts';
import { filterPrefixCommand } from './filterPrefix.ts';
import { loadMoreCommand } from './loadMore.ts';
import { moveObjectCommand } from './moveObject.ts';
import { newObjectCommand } from './newObject.ts';
import { newPrefixCommand } from './newPrefix.ts';
import type { ObjectClipboard } from './objectClipboard.ts';
import type { ObjectDeps } from './objectDeps.ts';
import { openAsWorkspaceFolderCommand } from './openAsWorkspaceFolder.ts';
import { openObjectCommand } from './openObject.ts';
import { pasteObjectsCommand } from './pasteObjects.ts';
import { refreshCommand } from './refresh.ts';
import { renameObjectCommand } from './renameObject.ts';

export function objectCommands(
  deps: ObjectDeps,
  clipboard: ObjectClipboard,
): readonly AnyCommand[] {
  return [
    openObjectCommand(deps),
    chooseCustomerKeyCommand(deps),
    newObjectCommand(deps),
    newPrefixCommand(deps),
    renameObjectCommand(deps),
    moveObjectCommand(deps),
    copyObjectCommand(deps),
    deleteObjectCommand(deps),
    ...clipCommands(deps, clipboard),
    pasteObjectsCommand(deps, clipboard),
    copyAddressCommand(deps),
    openAsWorkspaceFolderCommand(deps),
    refreshCommand(deps),
    loadMoreCommand(deps),
    filterPrefixCommand(deps),
    clearFilterCommand(deps),
  ];
}
