import { join } from 'node:path';
import * as vscode from 'vscode';
import { baseName, type PrefixAddress } from '../../core/address.ts';
import { visibleText } from '../../core/visibleText.ts';
import type { PlanItem } from '../../transfer/sync/planItem.ts';
import { InvalidArguments } from '../command.ts';
import { fileUri } from '../files/fileUris.ts';
import { largeObjectSize } from '../files/largeObjectSize.ts';
import { remoteScheme } from '../files/remoteFiles.ts';
import { sizeText } from '../tree/sizeText.ts';
import { withProgress } from '../withProgress.ts';
import { enginePair } from './enginePair.ts';
import { folderWords } from './pairSettings.ts';
import type { SyncDeps } from './syncDeps.ts';
import type { OpenPlan } from './syncDesk.ts';

/** What comparing gave: whether both sides are the same, where an editor does not show it. */
export interface CompareResult {
  readonly same?: boolean;
}

/**
 * Shows both sides of an item beside each other, the remote ones read-only. What is too large for
 * editors is compared without them.
 *
 * @throws InvalidArguments
 */
export async function compareInPlan(
  { desk }: SyncDeps,
  path: string | undefined,
): Promise<CompareResult> {
  const open = desk.requirePlan();
  const item = open.plan.items.find((each) => each.path === path);
  if (item?.near === undefined || item.far === undefined) {
    throw new InvalidArguments(vscode.l10n.t('“path” names nothing that both sides have.'));
  }
  const size = Math.max(item.near.size, item.far.size);
  if (size > largeObjectSize() * 1024 * 1024) return await compareLarge(open, item, size);
  await showBoth(open, item);
  return {};
}

async function showBoth({ pair }: OpenPlan, { path }: PlanItem): Promise<void> {
  const { near, far } = enginePair(pair, folderWords());
  const isLocal = near.type === 'local';
  const here = isLocal
    ? vscode.Uri.file(join(near.folder, ...path.split('/')))
    : remoteUri(near.address, path);
  const there = remoteUri(far, path);
  const name = visibleText(baseName(path));
  const title = isLocal
    ? vscode.l10n.t('{0} (local ↔ remote)', name)
    : vscode.l10n.t('{0} (source ↔ target)', name);
  await vscode.commands.executeCommand('vscode.diff', here, there, title);
}

async function compareLarge(
  { session, plan }: OpenPlan,
  item: PlanItem,
  size: number,
): Promise<CompareResult> {
  const name = visibleText(baseName(item.path));
  const same = await withProgress(vscode.l10n.t('Comparing “{0}”', name), (signal) =>
    session.isSame(plan, item, { signal }),
  );
  const found = same
    ? vscode.l10n.t('Both sides of “{0}” are the same.', name)
    : vscode.l10n.t('The sides of “{0}” are different.', name);
  const why = vscode.l10n.t(
    'It has {0}: too much to show (setting ssec.largeObjectSize).',
    sizeText(size),
  );
  void vscode.window.showInformationMessage(`${found} ${why}`);
  return { same };
}

function remoteUri({ connection, bucket, prefix }: PrefixAddress, path: string): vscode.Uri {
  return fileUri({ connection, bucket, key: prefix + path }).with({ scheme: remoteScheme });
}
