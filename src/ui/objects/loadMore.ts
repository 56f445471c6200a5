import * as v from 'valibot';
import { type AnyCommand, defineCommand, InvalidArguments } from '../command.ts';
import { commandIds } from '../ids.ts';
import { LoadMoreNode } from '../tree/nodes.ts';
import { placeFromTarget, placeOf, prefixFields } from './objectArguments.ts';
import type { ObjectDeps } from './objectDeps.ts';

/** "Load More": the next page of a bucket or prefix in the tree. */
export function loadMoreCommand({ tree }: Pick<ObjectDeps, 'tree'>): AnyCommand {
  return defineCommand({
    id: commandIds.loadMore,
    schema: v.strictObject(prefixFields),
    fromTarget: (target) =>
      target instanceof LoadMoreNode ? { ...target.parent.address } : placeFromTarget(target),
    run: async (args) => {
      const place = placeOf(args);
      if (place?.type !== 'prefix') {
        throw new InvalidArguments('Expected connection, bucket and prefix.');
      }
      await tree.loadMore(tree.nodeOf(place.address));
    },
  });
}
