import * as v from 'valibot';
import { type AnyCommand, defineCommand } from './command.ts';
import { commandIds } from './ids.ts';
import type { Log } from './log.ts';

/** `ssec.showLog`: shows the log channel. */
export function showLogCommand(log: Log): AnyCommand {
  return defineCommand({
    id: commandIds.showLog,
    schema: v.strictObject({}),
    fromTarget: () => ({}),
    run: () => {
      log.show();
      return Promise.resolve();
    },
  });
}
