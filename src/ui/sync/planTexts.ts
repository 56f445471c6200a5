import * as vscode from 'vscode';
import { visibleText } from '../../core/visibleText.ts';
import type { BlockedItem, PlanItem } from '../../transfer/sync/planItem.ts';
import type { Side } from '../../transfer/sync/syncEntry.ts';
import type { PlanGroup } from './planModel.ts';

/** Whether the near side of a pair is a local folder, or the prefix that is copied from. */
export type NearSide = 'local' | 'remote';

/** A side as people know it. */
export function sideName(side: Side, near: NearSide): string {
  if (side === 'far') return vscode.l10n.t('the remote side');
  return near === 'local' ? vscode.l10n.t('the local folder') : vscode.l10n.t('the source');
}

export function groupTitle(group: PlanGroup): string {
  switch (group) {
    case 'conflict':
      return vscode.l10n.t('Conflicts');
    case 'blocked':
      return vscode.l10n.t('Cannot Be Synced');
    case 'upload':
      return vscode.l10n.t('Upload');
    case 'download':
      return vscode.l10n.t('Download');
    case 'copy':
      return vscode.l10n.t('Copy');
    case 'deleteLocal':
      return vscode.l10n.t('Delete Here');
    case 'deleteRemote':
      return vscode.l10n.t('Delete on the Server');
    case 'reencrypt':
      return vscode.l10n.t('Re-encrypt');
    case 'compare':
      return vscode.l10n.t('Compare First');
    case 'note':
      return vscode.l10n.t('Just Remember');
    case 'kept':
      return vscode.l10n.t('Left Alone');
    case 'unchanged':
      return vscode.l10n.t('Unchanged');
  }
}

/** What a group means, for its tooltip. */
export function groupMeaning(group: PlanGroup): string {
  switch (group) {
    case 'conflict':
      return vscode.l10n.t(
        'Both sides changed. Nothing is done about them until you decide: keep both, use the local one or the remote one.',
      );
    case 'blocked':
      return vscode.l10n.t('Left as they are; each says why and what to do about it.');
    case 'upload':
      return vscode.l10n.t('Go from the local folder to the server.');
    case 'download':
      return vscode.l10n.t('Come from the server into the local folder.');
    case 'copy':
      return vscode.l10n.t('Go from the source to the target.');
    case 'deleteLocal':
      return vscode.l10n.t('Are deleted from the local folder. You are asked before.');
    case 'deleteRemote':
      return vscode.l10n.t('Are deleted on the server. You are asked before.');
    case 'reencrypt':
      return vscode.l10n.t('A key rule names another customer key than they have.');
    case 'compare':
      return vscode.l10n.t(
        'Both sides have them and they may be the same: they are compared, by checksum where there is one. Only what differs is transferred, or becomes a conflict.',
      );
    case 'note':
      return vscode.l10n.t('Nothing is transferred; only what is remembered of them changes.');
    case 'kept':
      return vscode.l10n.t('Only one side has them, and nothing is deleted.');
    case 'unchanged':
      return vscode.l10n.t('As at the last sync, on both sides.');
  }
}

/** What follows from a decision: the item that a conflict became by it. */
export function decisionText(decided: PlanItem, near: NearSide): string {
  switch (decided.action) {
    case 'keepBoth':
      return vscode.l10n.t('keep both');
    case 'deleteLocal':
      return vscode.l10n.t('delete here');
    case 'deleteRemote':
      return vscode.l10n.t('delete on the server');
    case 'download':
      return vscode.l10n.t('use the remote one');
    case 'upload':
    case 'copy':
      return near === 'local'
        ? vscode.l10n.t('use the local one')
        : vscode.l10n.t('use the source’s');
    default:
      return vscode.l10n.t('leave it as it is');
  }
}

/** Why something is to be done about an item, in a few words. */
export function reasonText(item: PlanItem, near: NearSide): string {
  switch (item.action) {
    case 'upload':
    case 'download':
    case 'copy':
      return transferReason(item.reason, sideName(item.to, near));
    case 'deleteLocal':
    case 'deleteRemote':
      return item.reason === 'extraneous'
        ? vscode.l10n.t('the source does not have it')
        : vscode.l10n.t('deleted on the other side');
    case 'reencrypt':
      return item.reason === 'rule'
        ? vscode.l10n.t('the key rule changed')
        : vscode.l10n.t('its customer key is not known yet');
    case 'adopt':
      return item.reason === 'noRecord'
        ? vscode.l10n.t('same size, never synced')
        : vscode.l10n.t('written again, perhaps with the same content');
    case 'accept':
      return vscode.l10n.t('the same on both sides');
    case 'forget':
      return vscode.l10n.t('gone from both sides');
    case 'keepBoth':
      return vscode.l10n.t('keep both');
    case 'conflict':
      return conflictReason(item.reason, near);
    case 'kept':
      return keptReason(item.reason);
    case 'blocked':
      return blockedReason(item, near);
    case 'unchanged':
      return vscode.l10n.t('unchanged');
  }
}

function transferReason(reason: string, side: string): string {
  switch (reason) {
    case 'new':
      return vscode.l10n.t('new');
    case 'missing':
      return vscode.l10n.t('missing in {0}', side);
    case 'overwritten':
      return vscode.l10n.t('replaces a change in {0}', side);
    case 'different':
      return vscode.l10n.t('different in {0}', side);
    default:
      return vscode.l10n.t('changed');
  }
}

function conflictReason(reason: string, near: NearSide): string {
  switch (reason) {
    case 'bothNew':
      return vscode.l10n.t('different on both sides, and never synced');
    case 'deletedNear':
      return vscode.l10n.t('deleted in {0}, changed on the other side', sideName('near', near));
    case 'deletedFar':
      return vscode.l10n.t('deleted on the server, changed on the other side');
    case 'targetChanged':
      return vscode.l10n.t('the target was changed, and the source was not');
    case 'different':
      return vscode.l10n.t('compared: the sides differ');
    default:
      return vscode.l10n.t('changed on both sides');
  }
}

function keptReason(reason: string): string {
  switch (reason) {
    case 'deleted':
      return vscode.l10n.t('deleted on the other side; deletions are off');
    case 'emptySource':
      return vscode.l10n.t('the other side is empty, so that nothing is deleted');
    case 'resolved':
      return vscode.l10n.t('you decided so');
    default:
      return vscode.l10n.t('only this side has it');
  }
}

/** Why an item cannot be synced, and what to do about it. */
function blockedReason(item: BlockedItem, near: NearSide): string {
  const side = sideName(item.side, near);
  const other = visibleText(item.other ?? '');
  switch (item.reason) {
    case 'emptyName':
      return vscode.l10n.t(
        'a part of its name is empty, which {0} cannot hold: rename or exclude it',
        side,
      );
    case 'dotName':
      return vscode.l10n.t(
        'a part of its name is “.” or “..”, which {0} cannot hold: rename or exclude it',
        side,
      );
    case 'forbiddenCharacter':
      return vscode.l10n.t(
        'its name has a character that {0} cannot hold: rename or exclude it',
        side,
      );
    case 'reservedName':
      return vscode.l10n.t('its name is one that Windows keeps for devices: rename or exclude it');
    case 'trailingDotOrSpace':
      return vscode.l10n.t(
        'its name ends with a dot or a space, which Windows cuts off: rename or exclude it',
      );
    case 'tooLong':
      return vscode.l10n.t('its name is too long for {0}: shorten or exclude it', side);
    case 'malformed':
      return vscode.l10n.t('its name is no valid Unicode: rename or exclude it');
    case 'symlink':
      return vscode.l10n.t(
        'a symbolic link is in the way: exclude it, or let the pair follow links ("followSymlinks")',
      );
    case 'linkedFolder':
      return vscode.l10n.t(
        'it is reached through a symbolic link, where nothing is written: exclude it, or sync the folder that the link names',
      );
    case 'special':
      return vscode.l10n.t('no file is at its place, but a socket, pipe or device: exclude it');
    case 'unreadable':
      return vscode.l10n.t('it cannot be read: change its rights or exclude it');
    case 'undecodable':
      return vscode.l10n.t('its name is not UTF-8: rename it');
    case 'sameName':
      return vscode.l10n.t(
        '{0} takes its name and “{1}” for the same: rename one of them',
        side,
        other,
      );
    case 'fileBesideFolder':
      return vscode.l10n.t(
        '{0} cannot hold a file and a folder of one name (“{1}”): rename one of them',
        side,
        other,
      );
    case 'folderObject':
      return vscode.l10n.t('its object key ends with “/” and it has content: rename or exclude it');
    case 'vanished':
      return vscode.l10n.t(
        '{0} has nothing any more: look whether it is the right one; “Run” asks whether it is meant so',
        side,
      );
  }
}
