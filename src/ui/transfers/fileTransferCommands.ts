import type { AnyCommand } from '../command.ts';
import { cleanUpUploadsCommand } from './cleanUpUploads.ts';
import type { FileTransferDeps } from './fileTransferDeps.ts';
import { getCommand } from './get.ts';
import { putCommand } from './put.ts';

/** The commands that take files up and down. */
export function fileTransferCommands(deps: FileTransferDeps): readonly AnyCommand[] {
  return [putCommand(deps), getCommand(deps), cleanUpUploadsCommand(deps)];
}
