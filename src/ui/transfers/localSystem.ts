import type { LocalSystem } from '../../transfer/sync/nameRules.ts';

/** Whose names the file systems of this computer can hold. */
export function localSystem(): LocalSystem {
  const { platform } = process;
  return platform === 'win32' || platform === 'darwin' ? platform : 'posix';
}
