/**
 * What went wrong on this computer's side of a transfer.
 *
 * - `fileChanged`: the file changed while it was read; nothing of it is visible on the server.
 * - `noFile`: there is no such file, or it is none (a folder, a device).
 * - `unreadable`, `unwritable`: the system refuses to read or write it.
 * - `noSpace`: the disk is full or too small; what is there already is kept for going on later.
 * - `targetChanged`: the target of a download exists, or is not the file that it was.
 * - `contentMismatch`: what arrived is not what its writer's MD5 says; it is kept aside.
 */
export type TransferErrorReason =
  | 'fileChanged'
  | 'noFile'
  | 'unreadable'
  | 'unwritable'
  | 'noSpace'
  | 'targetChanged'
  | 'contentMismatch';

/** A failure of a transfer that has nothing to do with the store; the message is for people. */
export class TransferError extends Error {
  override readonly name = 'TransferError';
  readonly reason: TransferErrorReason;
  /** The file that it is about. */
  readonly path: string;

  constructor(reason: TransferErrorReason, path: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.reason = reason;
    this.path = path;
  }
}

/** The code of an error of the file system, for example `ENOENT`. */
export function codeOf(error: unknown): string | undefined {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** Says of a failed write what a person can do about it. */
export function writeFailure(path: string, cause: unknown): unknown {
  const code = codeOf(cause);
  if (code === undefined || cause instanceof TransferError) return cause;
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG') {
    const message = `There is no space left for ${path}. Free some and try again.`;
    return new TransferError('noSpace', path, message, cause);
  }
  return new TransferError('unwritable', path, `${path} cannot be written (${code}).`, cause);
}

/** The same of a failed read. */
export function readFailure(path: string, cause: unknown): unknown {
  const code = codeOf(cause);
  if (code === undefined || cause instanceof TransferError) return cause;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new TransferError('noFile', path, `There is no file ${path}.`, cause);
  }
  return new TransferError('unreadable', path, `${path} cannot be read (${code}).`, cause);
}
