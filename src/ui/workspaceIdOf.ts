import { createHash } from 'node:crypto';

/** A URI as VS Code has it. */
interface Place {
  readonly scheme: string;
  readonly path: string;
  toString(): string;
}

/**
 * What names a workspace in the secret storage, which all workspaces share: a hash of the URI of the
 * `.code-workspace` file, else of the first folder (an untitled workspace's own file is another one
 * each time, so that a second folder would hide the customer keys).
 */
export function workspaceIdOf(
  workspaceFile: Place | undefined,
  firstFolder: Place | undefined,
): string | undefined {
  const place =
    workspaceFile === undefined || isUntitled(workspaceFile) ? firstFolder : workspaceFile;
  if (place === undefined) return undefined;
  return createHash('sha256').update(place.toString()).digest('hex').slice(0, 32);
}

/** In a browser, an untitled workspace is a file of the server's user data. */
function isUntitled({ scheme, path }: Place): boolean {
  return scheme === 'untitled' || /\/User\/Workspaces\/Untitled-\d+\.code-workspace$/.test(path);
}
