import * as vscode from 'vscode';
import { sizeText } from '../tree/sizeText.ts';
import type { Transfer } from './transfer.ts';
import type { TransferJob } from './transferJob.ts';
import { durationText } from './transferMeter.ts';

/** The title of a notification: what is being done. */
export function runningTitle({ kind, label }: TransferJob): string {
  switch (kind) {
    case 'upload':
      return vscode.l10n.t('Uploading {0}', label);
    case 'download':
      return vscode.l10n.t('Downloading {0}', label);
    case 'copy':
      return vscode.l10n.t('Copying {0}', label);
    case 'move':
      return vscode.l10n.t('Moving {0}', label);
    case 'delete':
      return vscode.l10n.t('Deleting {0}', label);
    case 'sync':
      return vscode.l10n.t('Syncing {0}', label);
  }
}

/** How far a running one is: `12 MB of 1.2 GB · 3 of 7 · 5.1 MB/s · 1:20 left`. */
export function progressText({ progress, meter }: Transfer): string {
  const { bytes, totalBytes, objects, totalObjects } = progress;
  const now = performance.now();
  const rate = meter.rate(now);
  const left = totalBytes === undefined ? undefined : meter.secondsLeft(totalBytes, now);
  const parts: string[] = [];
  if (totalBytes !== undefined && totalBytes > 0) {
    parts.push(vscode.l10n.t('{0} of {1}', sizeText(bytes), sizeText(totalBytes)));
  } else if (bytes > 0) parts.push(sizeText(bytes));
  if (totalObjects !== undefined && totalObjects > 1) {
    parts.push(vscode.l10n.t('{0} of {1}', objects, totalObjects));
  }
  if (rate !== undefined && rate > 0) parts.push(vscode.l10n.t('{0}/s', sizeText(rate)));
  if (left !== undefined) parts.push(vscode.l10n.t('{0} left', durationText(left)));
  return parts.join(' · ');
}

/** What is said of a transfer behind its label. */
export function describeTransfer(transfer: Transfer): string {
  const { state, progress, outcome, error } = transfer;
  switch (state) {
    case 'waiting':
      return vscode.l10n.t('waiting');
    case 'running':
      return progressText(transfer) || vscode.l10n.t('running');
    case 'cancelled':
      return [vscode.l10n.t('cancelled'), amountText(transfer)].filter(Boolean).join(' · ');
    case 'interrupted':
      return vscode.l10n.t('interrupted; Resume goes on');
    case 'failed':
      return outcome === undefined
        ? (error?.message ?? vscode.l10n.t('failed'))
        : vscode.l10n.t(
            '{0} of {1} failed',
            outcome.failures.length,
            outcome.failures.length + outcome.succeeded + outcome.skipped,
          );
    case 'done':
      return progress.objects === 0 && progress.bytes === 0
        ? vscode.l10n.t('done')
        : amountText(transfer);
  }
}

function amountText({ progress, outcome }: Transfer): string {
  const objects = outcome?.succeeded ?? progress.objects;
  const count = objects === 1 ? vscode.l10n.t('1 object') : vscode.l10n.t('{0} objects', objects);
  return progress.bytes === 0 ? count : `${count} · ${sizeText(progress.bytes)}`;
}

/** The state as a screen reader says it. */
export function spokenTransfer(transfer: Transfer): string {
  const { state, job } = transfer;
  const label = runningTitle(job);
  const description = describeTransfer(transfer);
  switch (state) {
    case 'waiting':
      return vscode.l10n.t('{0}, waiting', label);
    case 'running':
      return vscode.l10n.t('{0}, running, {1}', label, description);
    case 'cancelled':
    case 'interrupted':
      return vscode.l10n.t('{0}, {1}', label, description);
    case 'failed':
      return vscode.l10n.t('{0}, failed: {1}', label, description);
    case 'done':
      return vscode.l10n.t('{0}, done, {1}', label, description);
  }
}
