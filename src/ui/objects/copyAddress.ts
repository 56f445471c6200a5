import * as v from 'valibot';
import * as vscode from 'vscode';
import { formatAddress } from '../../core/address.ts';
import { type AnyCommand, defineCommand } from '../command.ts';
import { commandIds } from '../ids.ts';
import { placeFields, placeFromTarget } from './objectArguments.ts';
import type { ObjectDeps } from './objectDeps.ts';
import { placeFor } from './placePrompts.ts';

/** "Copy S3 Address": `s3://bucket/object key` for the clipboard. */
export function copyAddressCommand(deps: ObjectDeps): AnyCommand {
  return defineCommand({
    id: commandIds.copyAddress,
    schema: v.strictObject(placeFields),
    fromTarget: placeFromTarget,
    run: async (args) => {
      const place = await placeFor(deps, args, vscode.l10n.t('Copy S3 Address'), 'any');
      const { bucket } = place.address;
      const key = place.type === 'object' ? place.address.key : place.address.prefix;
      const address = formatAddress({ bucket, key });
      await vscode.env.clipboard.writeText(address);
      return { address };
    },
  });
}
