import * as vscode from 'vscode';
import type { FileTransferDeps } from './fileTransferDeps.ts';
import { notedGetJob } from './getJob.ts';
import { notedPutJob } from './putJob.ts';

/**
 * Shows what earlier windows left undone, at the start and whenever the window gets the focus:
 * another one may have been closed.
 */
export function showLeftTransfers(deps: FileTransferDeps): vscode.Disposable {
  const look = (): void => {
    void restoreTransfers(deps).catch((error: unknown) => {
      deps.log.error(error);
    });
  };
  look();
  return vscode.window.onDidChangeWindowState(({ focused }) => {
    if (focused) look();
  });
}

async function restoreTransfers(deps: FileTransferDeps): Promise<void> {
  const { jobs, transfers } = deps;
  for (const noted of await jobs.atRest()) {
    if (transfers.get(noted.id) !== undefined) continue;
    const { what, ended } = noted.record;
    const job =
      what.type === 'put'
        ? notedPutJob(deps, noted, what.target, what.given)
        : notedGetJob(deps, noted, what.folder);
    transfers.restore(job, ended);
  }
  for (const transfer of transfers.list()) {
    const { keeper } = transfer.job;
    if (keeper === undefined || !transfer.isRetryable) continue;
    // Another window has done it.
    if ((await jobs.get(keeper.id)) === undefined) transfers.remove(transfer);
  }
}
