import * as vscode from 'vscode';
import { type AccessKey, type Connection, connectionHost } from '../../core/connection.ts';
import type { ServerTraits } from '../../core/objectStore.ts';
import { isStoreError } from '../../core/storeError.ts';
import type { Stores } from '../stores.ts';
import { withProgress } from '../withProgress.ts';

/** What trying a connection showed. */
export interface TrialResult {
  /** The buckets that it lists, or that it names and that were found. */
  readonly buckets: readonly string[];
  readonly traits: ServerTraits;
}

/**
 * Tries a connection with one harmless request (one for each bucket that it names), showing
 * progress that can be cancelled.
 *
 * @throws StoreError as the server or the network made it; `aborted` if the person cancelled
 */
export async function tryConnection(
  stores: Pick<Stores, 'open'>,
  connection: Connection,
  accessKey: AccessKey | undefined,
): Promise<TrialResult> {
  const title = vscode.l10n.t('Trying {0}…', connectionHost(connection));
  return await withProgress(title, async (signal) => {
    const store = await stores.open(connection, accessKey);
    try {
      for (const bucket of connection.buckets ?? []) await store.headBucket(bucket, signal);
      const buckets =
        connection.buckets ?? (await store.listBuckets(signal)).map(({ name }) => name);
      return { buckets, traits: store.traits() };
    } finally {
      store.dispose();
    }
  });
}

/** Says in one sentence at what a trial failed; the error's own message says the rest. */
export function describeFailure(error: unknown, connection: Connection): string {
  const host = connectionHost(connection);
  if (!isStoreError(error)) return vscode.l10n.t('The connection could not be tried.');
  switch (error.kind) {
    case 'nameResolution':
      return vscode.l10n.t('Name resolution failed: the host {0} was not found.', host);
    case 'tls':
      return vscode.l10n.t('TLS failed: the certificate of {0} is not trusted.', host);
    case 'credentials':
      return vscode.l10n.t('The credentials are missing, or {0} does not accept them.', host);
    case 'forbidden':
      return connection.buckets === undefined
        ? vscode.l10n.t('The rights do not suffice: these credentials may not list buckets.')
        : vscode.l10n.t('The rights do not suffice for the bucket {0}.', bucketOf(error.details));
    case 'noSuchBucket':
      return vscode.l10n.t('There is no bucket {0}.', bucketOf(error.details));
    case 'network':
      return vscode.l10n.t('The host {0} was not reached.', host);
    case 'aborted':
      return vscode.l10n.t('The connection was not tried to the end.');
    default:
      return vscode.l10n.t('{0} answered, but not as an S3 server should.', host);
  }
}

function bucketOf(details: { readonly bucket?: string | undefined }): string {
  return details.bucket === undefined ? '' : `"${details.bucket}"`;
}
