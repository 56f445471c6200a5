import * as vscode from 'vscode';
import { baseName, formatAddress, type ObjectAddress, parentPrefix } from '../../core/address.ts';
import type { WriteCondition } from '../../core/objectStore.ts';
import { StoreError } from '../../core/storeError.ts';
import { copyObject } from '../../transfer/copyObject.ts';
import { findListed } from '../../transfer/findListed.ts';
import { moveObject } from '../../transfer/moveObject.ts';
import type { TransferContext } from '../../transfer/transferContext.ts';
import { confirm } from '../prompts.ts';
import { sizeText } from '../tree/sizeText.ts';
import { visibleText } from '../tree/visibleText.ts';
import { withProgress } from '../withProgress.ts';
import type { ObjectDeps } from './objectDeps.ts';
import { followMoves, requireSaved } from './openEditors.ts';

export type Verb = 'move' | 'copy';

/**
 * Moves or copies an object, with its customer key, properties and tags.
 *
 * @param overwrite whether an object at the target may be overwritten; undefined asks
 * @throws StoreError `conflict` if there is one that may not; Cancelled
 */
export async function transferObject(
  deps: ObjectDeps,
  verb: Verb,
  source: ObjectAddress,
  target: ObjectAddress,
  overwrite: boolean | undefined,
): Promise<void> {
  const { context, changes } = deps;
  if (verb === 'move') requireSaved((address) => isSame(address, source));
  if (isSame(source, target)) {
    const message = vscode.l10n.t('{0} is there already.', visibleText(formatAddress(source)));
    throw new StoreError('invalid', message, target);
  }
  const condition = await conditionAt(context, target, overwrite);
  const name = visibleText(baseName(source.key));
  const title =
    verb === 'move' ? vscode.l10n.t('Moving “{0}”', name) : vscode.l10n.t('Copying “{0}”', name);
  const transfer = verb === 'move' ? moveObject : copyObject;
  try {
    await withProgress(title, async (signal, report) => {
      const onProgress = (bytes: number): void => {
        report(sizeText(bytes));
      };
      await transfer(context, source, target, { condition, signal, onProgress });
    });
  } catch (error) {
    // A move may have got as far as the copy.
    const { connection, bucket, key } = target;
    const address = { connection, bucket, prefix: parentPrefix(key) };
    changes.fire({ type: 'prefixChanged', address });
    throw error;
  }
  changes.fire({ type: condition.type === 'absent' ? 'created' : 'changed', address: target });
  if (verb === 'copy') return;
  try {
    await followMoves([{ source, target }]);
  } finally {
    changes.fire({ type: 'deleted', address: source });
  }
}

/** What is expected at a target: what the person was shown, or nothing. */
async function conditionAt(
  { stores }: TransferContext,
  target: ObjectAddress,
  overwrite: boolean | undefined,
): Promise<WriteCondition> {
  const store = await stores.get(target.connection);
  const found = await findListed(store, target);
  if (found === undefined) return { type: 'absent' };
  if (overwrite === false) {
    const message = vscode.l10n.t('There is an object {0} already.', formatAddress(target));
    throw new StoreError('conflict', message, target);
  }
  if (overwrite === undefined) {
    await confirm(
      vscode.l10n.t('Overwrite “{0}”?', visibleText(baseName(target.key))),
      vscode.l10n.t(
        '{0} is there already: {1}, of {2}.',
        visibleText(formatAddress(target)),
        sizeText(found.size),
        found.lastModified.toLocaleString(vscode.env.language),
      ),
      vscode.l10n.t('Overwrite'),
    );
  }
  return { type: 'matches', etag: found.etag };
}

function isSame(one: ObjectAddress, other: ObjectAddress): boolean {
  return (
    one.connection === other.connection && one.bucket === other.bucket && one.key === other.key
  );
}
