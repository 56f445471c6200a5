import * as v from 'valibot';
import * as vscode from 'vscode';
import { formatAddress } from '../../core/address.ts';
import { visibleText } from '../../core/visibleText.ts';
import { type AnyCommand, defineCommand, InvalidArguments } from '../command.ts';
import { commandIds } from '../ids.ts';
import { askText } from '../prompts.ts';
import { placeFromTarget, placeOf, prefixFields } from './objectArguments.ts';
import type { ObjectDeps } from './objectDeps.ts';

/** "Filter by Prefix…": shows only what starts with a text; the server does the filtering. */
export function filterPrefixCommand({ tree }: Pick<ObjectDeps, 'tree'>): AnyCommand {
  return defineCommand({
    id: commandIds.filterPrefix,
    schema: v.strictObject({ ...prefixFields, filter: v.optional(v.string('expected a text.')) }),
    fromTarget: placeFromTarget,
    run: async ({ filter, ...args }) => {
      const place = placeOf(args);
      if (place?.type !== 'prefix') {
        throw new InvalidArguments('Expected connection, bucket and prefix.');
      }
      const { address } = place;
      const where = visibleText(formatAddress({ bucket: address.bucket, key: address.prefix }));
      const answer =
        filter ??
        (await askText({
          title: vscode.l10n.t('Filter by Prefix'),
          prompt: vscode.l10n.t('Show only what starts with {0}…; empty shows all', where),
          value: tree.filterOf(address),
        }));
      tree.setFilter(address, answer);
    },
  });
}
