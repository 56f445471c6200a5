import * as vscode from 'vscode';
import type { ObjectAddress, PrefixAddress } from '../../core/address.ts';
import {
  fromUriParts,
  type Location,
  MalformedUriError,
  objectAddressOf,
  toUriParts,
} from '../../core/objectUri.ts';

/** The URI that VS Code knows an object, or a prefix as a directory, by. */
export function fileUri(address: ObjectAddress | PrefixAddress): vscode.Uri {
  return vscode.Uri.from(toUriParts(address));
}

/** What a URI stands for. @throws FileSystemError FileNotFound for what stands for nothing */
export function locationOf(uri: vscode.Uri): Location {
  try {
    return fromUriParts(uri);
  } catch (error) {
    if (!(error instanceof MalformedUriError)) throw error;
    // VS Code shows what keeps a file from being written.
    throw vscode.FileSystemError.FileNotFound(error.message);
  }
}

/** The object that a file's URI stands for. @throws FileSystemError for a directory or nothing */
export function fileAddressOf(uri: vscode.Uri): ObjectAddress {
  const { connection, bucket, key } = locationOf(uri);
  if (bucket === undefined || key === undefined) {
    throw vscode.FileSystemError.FileIsADirectory(uri);
  }
  return { connection, bucket, key };
}

/** Whether a URI stands for an object. */
export function standsFor(uri: vscode.Uri, address: ObjectAddress): boolean {
  const own = tryAddressOf(uri);
  return (
    own?.connection === address.connection &&
    own.bucket === address.bucket &&
    own.key === address.key
  );
}

/** The object that a URI stands for, if any. */
export function tryAddressOf(uri: vscode.Uri): ObjectAddress | undefined {
  try {
    return objectAddressOf(uri);
  } catch {
    return undefined;
  }
}
