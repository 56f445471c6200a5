import * as vscode from 'vscode';
import type { NotedJob } from '../../transfer/jobFolder.ts';
import type { FileTransferDeps } from './fileTransferDeps.ts';
import { notedGetJob } from './getJob.ts';
import { notedPutJob } from './putJob.ts';
import type { TransferJob } from './transferJob.ts';

/** How often it is looked whether a job that is being run was left, in ms. */
const again = 5000;

/**
 * Shows what earlier windows left undone: at the start, whenever the window gets the focus (another
 * one may have been closed), and as long as jobs are being run: after a reload the process before
 * may live on for a while.
 */
export function showLeftTransfers(deps: FileTransferDeps): vscode.Disposable {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = (): void => {
    clearTimeout(timer);
    restoreTransfers(deps).then(
      (running) => {
        clearTimeout(timer);
        if (running > 0) timer = setTimeout(look, again);
      },
      (error: unknown) => {
        deps.log.error(error);
      },
    );
  };
  look();
  const focus = vscode.window.onDidChangeWindowState(({ focused }) => {
    if (focused) look();
  });
  const end = (): void => {
    clearTimeout(timer);
  };
  return vscode.Disposable.from(focus, { dispose: end });
}

/** @returns how many jobs are being run, here or in other windows */
async function restoreTransfers(deps: FileTransferDeps): Promise<number> {
  const { jobs, transfers } = deps;
  const { atRest, running } = await jobs.look();
  for (const noted of atRest) {
    if (transfers.get(noted.id) !== undefined) continue;
    try {
      transfers.restore(jobOf(deps, noted), noted.record.ended);
    } catch (error) {
      // One that cannot be read, of another version say, keeps none of the others back.
      deps.log.error(error);
    }
  }
  for (const transfer of transfers.list()) {
    const { keeper } = transfer.job;
    if (keeper === undefined || !transfer.isRetryable) continue;
    // Another window has done it.
    if ((await jobs.get(keeper.id)) === undefined) transfers.remove(transfer);
  }
  return running;
}

function jobOf(deps: FileTransferDeps, noted: NotedJob): TransferJob {
  const { what } = noted.record;
  return what.type === 'put'
    ? notedPutJob(deps, noted, what.target, what.given)
    : notedGetJob(deps, noted, what.folder);
}
