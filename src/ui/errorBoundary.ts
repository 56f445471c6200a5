import * as vscode from 'vscode';
import { CustomerKeyFormatError } from '../core/customerKeyFormat.ts';
import { isGpgError } from '../core/gpg.ts';
import { isStoreError, type StoreError } from '../core/storeError.ts';
import { redactedName } from '../keys/keyName.ts';
import { KeyRingError } from '../keys/keyRingError.ts';
import { SyncError } from '../transfer/sync/syncError.ts';
import { TransferError } from '../transfer/transferError.ts';
import { Cancelled, InvalidArguments, NoConnection } from './command.ts';
import { commandIds, type CommandId } from './ids.ts';
import { wantedKey } from './keys/keyProblems.ts';
import type { Log } from './log.ts';
import { FolderProblem } from './sync/localFolder.ts';

/** What a person can do next about an error: a button and the command behind it. */
export interface NextStep {
  readonly title: string;
  readonly command: CommandId;
  readonly arguments?: readonly unknown[];
}

/** The next step that fits an error; undefined where only the log helps. */
function nextStepOf(error: unknown): NextStep | undefined {
  if (error instanceof NoConnection) {
    return { title: vscode.l10n.t('Add Connection…'), command: commandIds.addConnection };
  }
  if (error instanceof KeyRingError && error.kind === 'unknownKey') {
    const isNamed = error.subject !== '' && error.subject !== redactedName;
    return {
      title: vscode.l10n.t('Add Customer Key…'),
      command: commandIds.addCustomerKey,
      arguments: isNamed ? [wantedKey(error.subject)] : [],
    };
  }
  return isStoreError(error) ? stepAfter(error) : undefined;
}

function stepAfter(error: StoreError): NextStep | undefined {
  const { connection, bucket, key, fingerprint } = error.details;
  switch (error.kind) {
    case 'customerKeyRequired':
    case 'customerKeyMismatch':
      return connection === undefined || bucket === undefined || key === undefined
        ? { title: vscode.l10n.t('Add Customer Key…'), command: commandIds.addCustomerKey }
        : {
            title: vscode.l10n.t('Choose Customer Key…'),
            command: commandIds.chooseCustomerKey,
            arguments: [{ connection, bucket, key }],
          };
    case 'keyNotBound':
      return {
        title: vscode.l10n.t('Bind Customer Key…'),
        command: commandIds.bindCustomerKey,
        arguments: fingerprint === undefined ? [] : [{ customerKey: fingerprint }],
      };
    case 'insecureEndpoint':
    case 'credentials':
    case 'nameResolution':
    case 'tls':
    case 'network':
      return {
        title: vscode.l10n.t('Edit Connection…'),
        command: commandIds.editConnection,
        arguments: connection === undefined ? [] : [{ name: connection }],
      };
    default:
      return undefined;
  }
}

/** The one place where commands' errors end: cancellation is silent, the rest is shown once. */
export class ErrorBoundary {
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Runs for a person: an error is shown with its next step, and the result is undefined. */
  async show(run: () => Promise<unknown>): Promise<unknown> {
    try {
      return await run();
    } catch (error) {
      void this.report(error);
      return undefined;
    }
  }

  /** Runs for a caller: cancellation gives undefined, every other error is thrown on. */
  async rethrow(run: () => Promise<unknown>): Promise<unknown> {
    try {
      return await run();
    } catch (error) {
      if (isCancellation(error)) return undefined;
      if (!isExpected(error)) this.#log.error(error);
      throw error;
    }
  }

  /** Shows an error to the person, unless it is a cancellation. */
  async report(error: unknown): Promise<void> {
    if (isCancellation(error)) return;
    const message = error instanceof Error ? error.message : String(error);
    const showLog = { title: vscode.l10n.t('Show Log'), command: commandIds.showLog };
    if (!isExpected(error)) this.#log.error(error);
    const step: NextStep = nextStepOf(error) ?? showLog;
    const chosen = await vscode.window.showErrorMessage(message, step.title);
    if (chosen === step.title) {
      // The arguments make it a caller's call, which throws; here a person called.
      await this.show(async () =>
        vscode.commands.executeCommand(step.command, ...(step.arguments ?? [])),
      );
    }
  }
}

function isCancellation(error: unknown): boolean {
  return (
    error instanceof Cancelled ||
    error instanceof vscode.CancellationError ||
    isStoreError(error, 'aborted')
  );
}

function isExpected(error: unknown): boolean {
  return (
    (isStoreError(error) && error.kind !== 'unknown') ||
    error instanceof InvalidArguments ||
    error instanceof KeyRingError ||
    error instanceof CustomerKeyFormatError ||
    error instanceof SyncError ||
    error instanceof TransferError ||
    error instanceof FolderProblem ||
    isGpgError(error) ||
    error instanceof vscode.FileSystemError
  );
}
