import * as v from 'valibot';
import { type AnyCommand, defineCommand } from '../command.ts';
import { commandIds } from '../ids.ts';
import { ErrorNode } from '../tree/nodes.ts';
import { parentPrefix, type PrefixAddress } from '../../core/address.ts';
import {
  objectsField,
  type Place,
  placeOf,
  placesFromTarget,
  placesIn,
  prefixFields,
  withoutUri,
} from './objectArguments.ts';
import type { ObjectDeps } from './objectDeps.ts';

/** "Refresh": lists a node of the tree anew, or all that is expanded. */
export function refreshCommand({ tree }: Pick<ObjectDeps, 'tree'>): AnyCommand {
  const command = defineCommand({
    id: commandIds.refresh,
    schema: v.strictObject({ ...prefixFields, objects: objectsField }),
    fromTarget: placesFromTarget,
    run: async (args) => {
      const places = placesIn(args);
      if (places !== undefined) {
        for (const prefix of containersOf(places)) await tree.refresh(tree.nodeOf(prefix));
        return;
      }
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

/** The prefixes themselves, and those that objects stand in; each once. */
function containersOf(places: readonly Place[]): readonly PrefixAddress[] {
  const prefixes = places.map(({ type, address }): PrefixAddress => {
    const { connection, bucket } = address;
    return type === 'prefix' ? address : { connection, bucket, prefix: parentPrefix(address.key) };
  });
  return [...new Map(prefixes.map((prefix) => [JSON.stringify(prefix), prefix])).values()];
}
