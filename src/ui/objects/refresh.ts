import * as v from 'valibot';
import { type AnyCommand, defineCommand } from '../command.ts';
import { commandIds } from '../ids.ts';
import { ErrorNode } from '../tree/nodes.ts';
import { placeFromTarget, placeOf, prefixFields, withoutUri } from './objectArguments.ts';
import type { ObjectDeps } from './objectDeps.ts';

/** "Refresh": lists a node of the tree anew, or all that is expanded. */
export function refreshCommand({ tree }: Pick<ObjectDeps, 'tree'>): AnyCommand {
  const command = defineCommand({
    id: commandIds.refresh,
    schema: v.strictObject(prefixFields),
    fromTarget: placeFromTarget,
    run: async (args) => {
      const place = placeOf(args);
      const { connection } = withoutUri(args);
      if (place?.type === 'prefix') await tree.refresh(tree.nodeOf(place.address));
      else
        await tree.refresh(connection === undefined ? undefined : tree.connectionNode(connection));
    },
  });
  // What failed is tried again where it failed, which no arguments can say.
  return {
    ...command,
    invoke: (target, selection) =>
      target instanceof ErrorNode ? tree.refresh(target) : command.invoke(target, selection),
  };
}
