import * as v from 'valibot';
import * as vscode from 'vscode';
import { formatAddress } from '../../core/address.ts';
import { type AnyCommand, defineCommand } from '../command.ts';
import { commandIds } from '../ids.ts';
import { objectsField, type Place, placeFields, placesIn } from './objectArguments.ts';
import type { ObjectDeps } from './objectDeps.ts';
import { placeFor } from './placePrompts.ts';
import { selectedTargets } from './selectedTargets.ts';

/** "Copy S3 Address": `s3://bucket/object key` for the clipboard, of several a line each. */
export function copyAddressCommand(deps: ObjectDeps): AnyCommand {
  return defineCommand({
    id: commandIds.copyAddress,
    schema: v.strictObject({ ...placeFields, objects: objectsField }),
    fromTarget: selectedTargets(deps.tree),
    run: async (args) => {
      const title = vscode.l10n.t('Copy S3 Address');
      const places = placesIn(args) ?? [await placeFor(deps, args, title, 'any')];
      const address = places.map(addressOf).join('\n');
      await vscode.env.clipboard.writeText(address);
      return { address };
    },
  });
}

function addressOf({ type, address }: Place): string {
  const { bucket } = address;
  return formatAddress({ bucket, key: type === 'object' ? address.key : address.prefix });
}
