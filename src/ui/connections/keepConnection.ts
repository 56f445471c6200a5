import * as vscode from 'vscode';
import { type AccessKey, type Connection, isSecure } from '../../core/connection.ts';
import { isStoreError, StoreError } from '../../core/storeError.ts';
import { Cancelled } from '../command.ts';
import { confirm } from '../prompts.ts';
import { askSteps, Back } from '../steps.ts';
import type { Stores } from '../stores.ts';
import { accessKeyOf, connectionOf, type ConnectionDraft } from './connectionDraft.ts';
import { editInMenu } from './connectionMenu.ts';
import { bucketsStep } from './connectionSteps.ts';
import { describeFailure, tryConnection, type TrialResult } from './connectionTrial.ts';
import { credentialsSteps } from './credentialsSteps.ts';
import { chooseCaFile, insecureNote } from './endpointSteps.ts';

export interface KeepOptions {
  readonly title: string;
  readonly stores: Pick<Stores, 'open'>;
  /** The names of the other connections. */
  readonly taken: readonly string[];
  /** Whether a person is asked what to do about a failure; else it is thrown. */
  readonly interactive: boolean;
  /** Whether it is kept all the same. */
  readonly keepOnFailure: boolean;
  /** Looks at the connection before anything is sent. @throws Cancelled */
  readonly check?:
    ((connection: Connection, accessKey: AccessKey | undefined) => Promise<void>) | undefined;
  readonly keep: (connection: Connection, accessKey: AccessKey | undefined) => Promise<void>;
}

/** What became of a connection that was to be kept. */
export interface Kept {
  readonly connection: Connection;
  /** Undefined if it was kept although the trial failed. */
  readonly trial: TrialResult | undefined;
}

/**
 * Tries the connection of a draft and keeps it if it works. A failure says at what it failed; a
 * person can change the draft and try again, or keep it as it is.
 *
 * @throws Cancelled if the person gives up; StoreError if nobody is to be asked
 */
export async function tryAndKeep(draft: ConnectionDraft, options: KeepOptions): Promise<Kept> {
  for (;;) {
    const connection = connectionOf(draft);
    const accessKey = accessKeyOf(draft);
    await options.check?.(connection, accessKey);
    let trial: TrialResult | undefined;
    try {
      trial = await tryConnection(options.stores, connection, accessKey);
    } catch (error) {
      if (!options.keepOnFailure) {
        if (!options.interactive) throw explained(error, connection);
        if ((await afterFailure(error, draft, options)) === 'tryAgain') continue;
      }
    }
    await options.keep(connection, accessKey);
    if (!isSecure(connection)) void vscode.window.showWarningMessage(insecureNote());
    return { connection, trial };
  }
}

/** The same error, saying first at which of the possible points it failed. */
export function explained(error: unknown, connection: Connection): unknown {
  if (!isStoreError(error) || error.kind === 'aborted') return error;
  const message = `${describeFailure(error, connection)} ${error.message}`;
  return new StoreError(error.kind, message, error.details, error);
}

/** Asks what to do about a failure, and does it. */
async function afterFailure(
  error: unknown,
  draft: ConnectionDraft,
  options: KeepOptions,
): Promise<'tryAgain' | 'keep'> {
  const { title, taken } = options;
  const connection = connectionOf(draft);
  const message = describeFailure(error, connection);
  const detail = isStoreError(error, 'aborted') || !(error instanceof Error) ? '' : error.message;
  const repair = repairOf(error, draft, title);
  const edit = vscode.l10n.t('Edit…');
  const keep = vscode.l10n.t('Keep Anyway');
  for (;;) {
    const chosen = await confirm(message, detail, repair.label, edit, keep);
    if (chosen === keep) return 'keep';
    try {
      if (chosen === edit) await editInMenu(title, draft, taken);
      else if (!(await repair.run())) continue;
      return 'tryAgain';
    } catch (cancelled) {
      // Escape leads back to the choice, so that nothing typed so far is lost.
      if (!(cancelled instanceof Cancelled || cancelled instanceof Back)) throw cancelled;
    }
  }
}

/** The shortest way to repair what failed: a button, and what it asks. */
function repairOf(
  error: unknown,
  draft: ConnectionDraft,
  title: string,
): { readonly label: string; readonly run: () => Promise<boolean> } {
  if (isStoreError(error, 'tls')) {
    return {
      label: vscode.l10n.t('Choose CA Certificate…'),
      run: async () => {
        const file = await chooseCaFile();
        draft.caFile = file ?? draft.caFile;
        return file !== undefined;
      },
    };
  }
  const steps = isStoreError(error, 'forbidden', 'noSuchBucket')
    ? [bucketsStep]
    : isStoreError(error, 'credentials')
      ? credentialsSteps
      : undefined;
  if (steps === undefined) {
    // A VPN that is switched on meanwhile, a server that comes up.
    return { label: vscode.l10n.t('Try Again'), run: () => Promise.resolve(true) };
  }
  return {
    label:
      steps === credentialsSteps
        ? vscode.l10n.t('Change Credentials…')
        : vscode.l10n.t('Name Buckets…'),
    run: async () => {
      await askSteps(title, steps, draft);
      return true;
    },
  };
}
