import * as vscode from 'vscode';
import { baseName, formatAddress, type ObjectAddress, parentPrefix } from '../../core/address.ts';
import type { WriteCondition } from '../../core/objectStore.ts';
import { StoreError } from '../../core/storeError.ts';
import { visibleText } from '../../core/visibleText.ts';
import {
  type CopiedObject,
  copyObject,
  type CopyObjectOptions,
  type TargetKey,
} from '../../transfer/copyObject.ts';
import { findListed } from '../../transfer/findListed.ts';
import { moveObject } from '../../transfer/moveObject.ts';
import type { TransferContext } from '../../transfer/transferContext.ts';
import { confirm } from '../prompts.ts';
import { sizeText } from '../tree/sizeText.ts';
import { withProgress } from '../withProgress.ts';
import { agreeToDecrypt } from './copyAgreement.ts';
import type { ObjectDeps } from './objectDeps.ts';
import { followMoves, requireSaved } from './openEditors.ts';

export type Verb = 'move' | 'copy';

const functions = { move: moveObject, copy: copyObject };

export interface TransferObjectOptions {
  /** What to encrypt the target with; default: as the source. */
  readonly targetKey?: TargetKey | undefined;
  /** Whether an object at the target may be overwritten; undefined asks. */
  readonly overwrite?: boolean | undefined;
  /** Whether it may lose its encryption without a question. */
  readonly confirmed?: boolean | undefined;
}

/**
 * Moves or copies an object, with its properties and tags. Between connections it is a transfer in
 * the list of all.
 *
 * @throws StoreError `conflict` if there is one that may not; Cancelled
 */
export async function transferObject(
  deps: ObjectDeps,
  verb: Verb,
  source: ObjectAddress,
  target: ObjectAddress,
  options: TransferObjectOptions,
): Promise<void> {
  const { context, changes } = deps;
  if (verb === 'move') requireSaved((address) => isSame(address, source));
  if (isSame(source, target)) {
    const message = vscode.l10n.t('{0} is there already.', visibleText(formatAddress(source)));
    throw new StoreError('invalid', message, target);
  }
  const condition = await conditionAt(context, target, options.overwrite);
  const { targetKey = 'asSource', confirmed } = options;
  const mayDecrypt = await agreeToKey(context, source, target, targetKey, confirmed === true);
  const transfer = functions[verb];
  // As a whole, so that a retry is followed as well.
  const run = async (how: CopyObjectOptions): Promise<CopiedObject> => {
    let copied: CopiedObject;
    try {
      const given = { condition, targetKey, mayDecrypt };
      copied = await transfer(context, source, target, { ...given, ...how });
    } catch (error) {
      // A move may have got as far as the copy.
      const { connection, bucket, key } = target;
      const address = { connection, bucket, prefix: parentPrefix(key) };
      changes.fire({ type: 'prefixChanged', address });
      throw error;
    }
    changes.fire({ type: condition.type === 'absent' ? 'created' : 'changed', address: target });
    if (verb === 'copy') return copied;
    try {
      await followMoves([{ source, target }]);
    } finally {
      changes.fire({ type: 'deleted', address: source });
    }
    return copied;
  };
  const isHere = source.connection === target.connection;
  await (isHere ? runHere(verb, source, run) : runBetween(deps, verb, source, target, run));
}

type Run = (how: CopyObjectOptions) => Promise<CopiedObject>;

/** Within a connection the bytes mostly stay on the server. */
async function runHere(verb: Verb, source: ObjectAddress, run: Run): Promise<void> {
  const name = visibleText(baseName(source.key));
  const title =
    verb === 'move' ? vscode.l10n.t('Moving “{0}”', name) : vscode.l10n.t('Copying “{0}”', name);
  await withProgress(title, async (signal, report) => {
    const onProgress = (bytes: number): void => {
      report(sizeText(bytes));
    };
    await run({ signal, onProgress });
  });
}

/** Between connections they travel, which may take a while. */
async function runBetween(
  { transfers, tree }: ObjectDeps,
  verb: Verb,
  source: ObjectAddress,
  target: ObjectAddress,
  run: Run,
): Promise<void> {
  const [from, to] = [source, target].map((address) => visibleText(formatAddress(address)));
  const { connection, bucket, key } = target;
  const { done } = transfers.start({
    kind: verb,
    label: `${from ?? ''} → ${to ?? ''}`,
    reveal: () => tree.revealPrefix({ connection, bucket, prefix: parentPrefix(key) }),
    run: async ({ signal, limits, report }) => {
      const onProgress = (bytes: number): void => {
        report({ bytes, objects: 0, totalObjects: 1 });
      };
      const { info, droppedStorageClass } = await run({ signal, limits, onProgress });
      report({ bytes: info.size, objects: 1, totalObjects: 1 });
      if (droppedStorageClass !== undefined) tellDropped(target, droppedStorageClass);
      return { succeeded: 1, failures: [], skipped: 0 };
    },
  });
  await done;
}

/** Storage classes are the server's own. */
function tellDropped(target: ObjectAddress, storageClass: string): void {
  void vscode.window.showInformationMessage(
    vscode.l10n.t(
      '“{0}” was stored without its storage class {1}: another server may not know it.',
      visibleText(baseName(target.key)),
      storageClass,
    ),
  );
}

/** Asks, if what may be encrypted would be stored without a key. @returns whether it may */
async function agreeToKey(
  { keys, stores }: TransferContext,
  source: ObjectAddress,
  target: ObjectAddress,
  targetKey: TargetKey,
  confirmed: boolean,
): Promise<boolean> {
  const { host } = await stores.get(target.connection);
  const wanted = targetKey === 'byRule' ? await keys.forNewObject(target, host) : targetKey;
  if (wanted !== 'none') return false;
  if (!confirmed && keys.known(source) !== 'none') await agreeToDecrypt(1);
  return true;
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
    const message = vscode.l10n.t(
      'There is an object {0} already.',
      visibleText(formatAddress(target)),
    );
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
