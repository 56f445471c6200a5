/**
 * Why a system cannot hold a path:
 *
 * - `emptyName`: an empty segment: `a//b`, a leading or trailing slash, or no name at all.
 * - `dotName`: a segment `.` or `..`.
 * - `forbiddenCharacter`: NUL; on Windows also `<>:"|?*\` and control characters.
 * - `reservedName`: a device of Windows (`CON`, `nul.txt`).
 * - `trailingDotOrSpace`: Windows cuts it off.
 * - `tooLong`: a segment or the whole path is longer than the system takes.
 * - `malformed`: half of a surrogate pair, which UTF-8 cannot have.
 */
export type NameProblem =
  | 'emptyName'
  | 'dotName'
  | 'forbiddenCharacter'
  | 'reservedName'
  | 'trailingDotOrSpace'
  | 'tooLong'
  | 'malformed';

/** What names a side can hold. */
export interface NameRules {
  /** Why the side cannot hold this path; undefined if it can. */
  check(path: string): NameProblem | undefined;
  /** Segments with the same result are one name to the side; undefined if all are different. */
  readonly fold?: ((segment: string) => string) | undefined;
  /** Whether `a` can stand beside `a/b`. */
  readonly fileBesideFolder: boolean;
}

/** The kinds of local file systems, after `process.platform`. */
export type LocalSystem = 'posix' | 'darwin' | 'win32';

/**
 * The names that a local file system can hold, as strict as the usual file system of the system.
 *
 * @param rootLength the length of the local root's own path, in UTF-8 bytes
 */
export function localNames(system: LocalSystem, rootLength = 0): NameRules {
  const fold = folds[system];
  return {
    fileBesideFolder: false,
    ...(fold === undefined ? {} : { fold }),
    check(path) {
      if (/\p{Surrogate}/u.test(path)) return 'malformed';
      const segments = path.split('/');
      for (const segment of segments) {
        const problem = checkSegment(segment, system);
        if (problem !== undefined) return problem;
      }
      const length = rootLength + 1 + Buffer.byteLength(path);
      return length >= longestPath[system] ? 'tooLong' : undefined;
    },
  };
}

/**
 * The names that a prefix can hold. S3 itself can hold all; what the servers make of some is in
 * `docs/compatibility.md`.
 *
 * @param prefix what stands before the paths in object keys
 * @param options whether the server lists both `a` and `a/b` (MinIO hides the latter; default no)
 */
export function remoteNames(
  prefix: string,
  options: { readonly objectBesidePrefix?: boolean | undefined } = {},
): NameRules {
  return {
    fileBesideFolder: options.objectBesidePrefix ?? false,
    check(path) {
      if (path === '') return 'emptyName';
      if (/\p{Surrogate}/u.test(path)) return 'malformed';
      if (path.includes('\0')) return 'forbiddenCharacter';
      return Buffer.byteLength(prefix + path) > 1024 ? 'tooLong' : undefined;
    },
  };
}

/** PATH_MAX in bytes, its NUL included; on Windows the limit of `\\?\` paths. */
const longestPath: Record<LocalSystem, number> = { posix: 4096, darwin: 1024, win32: 32_767 };

/** Rather one name too many taken for the same than one too few: that would overwrite. */
const folds: Record<LocalSystem, ((segment: string) => string) | undefined> = {
  posix: undefined,
  darwin: (segment) => foldCase(segment.normalize('NFD')).normalize('NFD'),
  win32: foldCase,
};

function foldCase(segment: string): string {
  return segment.toUpperCase().toLowerCase();
}

/** @see https://learn.microsoft.com/windows/win32/fileio/naming-a-file */
const device = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³]) *(?:\.|$)/i;
// eslint-disable-next-line no-control-regex -- these are what Windows forbids
const forbiddenOnWindows = /[<>:"|?*\\\u0000-\u001f]/;

function checkSegment(segment: string, system: LocalSystem): NameProblem | undefined {
  if (segment === '') return 'emptyName';
  if (segment === '.' || segment === '..') return 'dotName';
  if (system === 'win32') {
    if (forbiddenOnWindows.test(segment)) return 'forbiddenCharacter';
    if (device.test(segment)) return 'reservedName';
    if (/[. ]$/.test(segment)) return 'trailingDotOrSpace';
    return segment.length > 255 ? 'tooLong' : undefined;
  }
  if (segment.includes('\0')) return 'forbiddenCharacter';
  return Buffer.byteLength(segment) > 255 ? 'tooLong' : undefined;
}
