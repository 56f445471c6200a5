import * as v from 'valibot';
import { type AnyCommand, defineCommand, InvalidArguments } from '../command.ts';
import { commandIds } from '../ids.ts';
import { placeFromTarget, placeOf, prefixFields } from './objectArguments.ts';
import type { ObjectDeps } from './objectDeps.ts';

/** "Clear Filter": shows all of a bucket or prefix again. */
export function clearFilterCommand({ tree }: Pick<ObjectDeps, 'tree'>): AnyCommand {
  return defineCommand({
    id: commandIds.clearFilter,
    schema: v.strictObject(prefixFields),
    fromTarget: placeFromTarget,
    run: (args) => {
      const place = placeOf(args);
      if (place?.type !== 'prefix') {
        throw new InvalidArguments('Expected connection, bucket and prefix.');
      }
      tree.setFilter(place.address, '');
      return Promise.resolve();
    },
  });
}
