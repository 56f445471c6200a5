import { posix, win32 } from 'node:path';
import { localNames, type LocalSystem } from './nameRules.ts';

/**
 * The local path of a path of a pair. The last line of defence: whatever a listing says, nothing
 * outside of the root comes out of it.
 *
 * @param root an absolute local path
 * @throws RangeError if the system cannot hold the path, or it would not be below the root
 */
export function localPath(root: string, path: string, system: LocalSystem): string {
  const problem = localNames(system).check(path);
  if (problem !== undefined) {
    throw new RangeError(`${JSON.stringify(path)} is no local path: ${problem}.`);
  }
  const paths = system === 'win32' ? win32 : posix;
  if (!paths.isAbsolute(root)) throw new RangeError('The local root is not absolute.');
  const local = paths.join(root, ...path.split('/'));
  const back = paths.relative(root, local);
  if (back === '' || paths.isAbsolute(back) || back.split(paths.sep)[0] === '..') {
    throw new RangeError(`${JSON.stringify(path)} would be outside of the local root.`);
  }
  return local;
}
