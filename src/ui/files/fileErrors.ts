import * as vscode from 'vscode';
import { isStoreError, type StoreErrorKind } from '../../core/storeError.ts';

const rights: readonly StoreErrorKind[] = [
  'customerKeyRequired',
  'customerKeyMismatch',
  'notEncrypted',
  'keyNotBound',
  'insecureEndpoint',
  'forbidden',
  'credentials',
];

/** The file system's error for a failed stat, read or listing; VS Code hides the message. */
export function toReadError(error: unknown, uri: vscode.Uri): vscode.FileSystemError {
  if (error instanceof vscode.FileSystemError) return error;
  if (isStoreError(error, 'notFound', 'noSuchBucket')) {
    return vscode.FileSystemError.FileNotFound(uri);
  }
  return isStoreError(error, ...rights)
    ? vscode.FileSystemError.NoPermissions(messageOf(error))
    : vscode.FileSystemError.Unavailable(messageOf(error));
}

/**
 * The file system's error for a failed write. VS Code shows the message of this one as it is, and
 * keeps the editor dirty; for NoPermissions it would offer to try again with more rights.
 */
export function toWriteError(error: unknown): vscode.FileSystemError {
  if (error instanceof vscode.FileSystemError) return error;
  return vscode.FileSystemError.Unavailable(messageOf(error));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
