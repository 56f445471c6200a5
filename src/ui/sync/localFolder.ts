import { isAbsolute, join, normalize, resolve, sep } from 'node:path';

/** What the words of a folder stand for. */
export interface FolderWords {
  /** The local folders of the workspace by name, the first one first; others have no path. */
  readonly workspaceFolders: readonly { readonly name: string; readonly path?: string }[];
  readonly home: string;
}

/** A folder that cannot be found out; the message says what is expected. */
export class FolderProblem extends Error {
  override readonly name = 'FolderProblem';
}

/**
 * The absolute path of a pair's local folder: `${workspaceFolder}` is the workspace's first folder,
 * `${workspaceFolder:name}` the one of that name, `~` the home folder; a relative path is relative
 * to the first folder.
 *
 * @throws FolderProblem
 */
export function absoluteFolder(written: string, words: FolderWords): string {
  const text = written
    .trim()
    .replace(/^\$\{workspaceFolder(?::([^}]*))?\}/, (_, name?: string) => rootOf(words, name));
  if (text.includes('${')) {
    throw new FolderProblem('Only ${workspaceFolder} can stand in a folder, at its beginning.');
  }
  if (text === '~' || text.startsWith('~/') || text.startsWith(`~${sep}`)) {
    return trimmed(join(words.home, text.slice(1)));
  }
  return trimmed(isAbsolute(text) ? text : resolve(rootOf(words), text));
}

/** The folder as it is saved: beginning with `${workspaceFolder}` where it is in the workspace. */
export function writtenFolder(path: string, { workspaceFolders }: FolderWords): string {
  for (const [index, folder] of workspaceFolders.entries()) {
    if (folder.path === undefined) continue;
    const root = trimmed(folder.path);
    const word = index === 0 ? '${workspaceFolder}' : `\${workspaceFolder:${folder.name}}`;
    if (path === root) return word;
    if (path.startsWith(root + sep)) {
      return `${word}/${path.slice(root.length + 1).replaceAll(sep, '/')}`;
    }
  }
  return path;
}

function rootOf({ workspaceFolders }: FolderWords, name?: string): string {
  const folder =
    name === undefined ? workspaceFolders[0] : workspaceFolders.find((each) => each.name === name);
  if (folder === undefined) {
    throw new FolderProblem(
      name === undefined
        ? 'No folder is open, so that ${workspaceFolder} and relative paths stand for nothing.'
        : `The workspace has no folder "${name}".`,
    );
  }
  if (folder.path === undefined) {
    throw new FolderProblem(`The workspace folder "${folder.name}" is not on a local disk.`);
  }
  return folder.path;
}

/** Without a separator at the end, unless it is a root. */
function trimmed(path: string): string {
  const plain = normalize(path);
  return plain.length > 1 && plain.endsWith(sep) && !/^[a-z]:\\$/i.test(plain)
    ? plain.slice(0, -1)
    : plain;
}
