import * as v from 'valibot';
import type { PrefixAddress } from '../../core/address.ts';
import { parseS3Address } from '../../core/objectUri.ts';
import type { SettingProblem } from '../../core/settingProblem.ts';
import type { Deletions } from '../../transfer/sync/syncOptions.ts';
import { settingIds } from '../ids.ts';

/**
 * The ways of a pair, as people name them: `upload` (the local folder is the source), `download`
 * (the remote prefix is), `both`, and `copy` from one prefix to another.
 */
export type PairDirection = 'upload' | 'download' | 'both' | 'copy';

/** Two places that are synced with each other, as the setting `ssec.sync` has them. */
export interface SavedPair {
  readonly name: string;
  /** A folder as it was written: with `${workspaceFolder}`, `~` or relative; not with `from`. */
  readonly local?: string | undefined;
  /** The prefix that is copied from, instead of a local folder. */
  readonly from?: PrefixAddress | undefined;
  readonly remote: PrefixAddress;
  readonly direction: PairDirection;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly deletions: Deletions;
  readonly targetChanges: 'conflict' | 'overwrite';
  /** In minutes; undefined for none. */
  readonly interval?: number | undefined;
  readonly pushOnSave: boolean;
  readonly followSymlinks: boolean;
}

const placeMessage = 'expected "s3://bucket/prefix/", or "s3://bucket" for all of it.';

/** A prefix as the setting and arguments have it: an address, and the connection beside it. */
const place = v.pipe(
  v.string('expected "s3://bucket/prefix/".'),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const address = parseS3Address(dataset.value.trim());
    if (address === undefined) {
      addIssue({ message: placeMessage });
      return NEVER;
    }
    const { bucket, key } = address;
    return { bucket, prefix: key === '' || key.endsWith('/') ? key : `${key}/` };
  }),
);

const text = v.pipe(v.string('expected a text.'), v.nonEmpty('must not be empty.'));
const flag = v.boolean('expected true or false.');
const globs = v.array(text, 'expected a list of globs, for example ["*.tmp", "build/"].');
/** Longer than a timer can wait is no interval. */
const longestInterval = 7 * 24 * 60;
const intervalMessage = `expected a number of minutes from 1 to ${longestInterval}.`;

/** The fields of a pair besides its name, in the setting. */
const pairFields = {
  local: v.optional(text),
  from: v.optional(place),
  fromConnection: v.optional(text),
  remote: place,
  connection: text,
  direction: v.optional(
    v.picklist(
      ['upload', 'download', 'both', 'copy'],
      'expected "upload", "download", "both" or "copy".',
    ),
  ),
  include: v.optional(globs),
  exclude: v.optional(globs),
  deletions: v.optional(
    v.picklist(['off', 'propagated', 'mirror'], 'expected "off", "propagated" or "mirror".'),
  ),
  targetChanges: v.optional(
    v.picklist(['conflict', 'overwrite'], 'expected "conflict" or "overwrite".'),
  ),
  interval: v.optional(
    v.pipe(
      v.number(intervalMessage),
      v.minValue(1, intervalMessage),
      v.maxValue(longestInterval, intervalMessage),
    ),
  ),
  pushOnSave: v.optional(flag),
  followSymlinks: v.optional(flag),
};

/** The same in argument objects, where all may be left out. */
export const pairArguments = {
  ...pairFields,
  remote: v.optional(place),
  connection: v.optional(text),
};

const entrySchema = v.object(pairFields, (issue) =>
  issue.received === 'undefined'
    ? `The field ${issue.expected} is missing.`
    : 'A pair must be an object with "local" (or "from"), "remote" and "connection".',
);

/** What a pair has in the setting, read; parts may contradict each other. */
export type PairEntry = v.InferOutput<typeof entrySchema>;

/** A name that is shown in one line and can be typed. */
export function isPairName(name: string): boolean {
  return name.trim() === name && name !== '' && name.length <= 100 && !/\p{Cc}/u.test(name);
}

/**
 * The pair of an entry.
 *
 * @param report is told what contradicts itself, with the field that it is about
 * @returns undefined if it cannot be used
 */
export function pairOf(
  name: string,
  entry: PairEntry,
  report: (field: string, message: string) => void,
): SavedPair | undefined {
  const { local, from, fromConnection, connection, remote } = entry;
  const direction = entry.direction ?? (from === undefined ? undefined : 'copy');
  const deletions = entry.deletions ?? 'off';
  const problems: (readonly [string, string])[] = [];
  if ((local === undefined) === (from === undefined)) {
    problems.push([
      'local',
      'expected either "local", a folder, or "from", the s3 address to copy from.',
    ]);
  } else if (direction === undefined) {
    problems.push(['direction', 'expected "upload", "download" or "both".']);
  } else if ((direction === 'copy') !== (from !== undefined)) {
    problems.push(['direction', '"copy" goes with "from"; with "local" say another direction.']);
  }
  if (deletions === 'mirror' && direction === 'both') {
    problems.push(['deletions', '"mirror" has no meaning in both directions; say "propagated".']);
  }
  if (entry.pushOnSave === true && (direction === 'download' || direction === 'copy')) {
    problems.push(['pushOnSave', 'goes with the directions "upload" and "both" only.']);
  }
  const source = from && { connection: fromConnection ?? connection, ...from };
  const target = { connection, ...remote };
  if (source !== undefined && overlaps(source, target)) {
    problems.push(['from', 'one of the two prefixes is inside of the other.']);
  }
  for (const [field, message] of problems) report(field, message);
  if (problems.length > 0 || direction === undefined) return undefined;
  return {
    ...{ name, local, from: source, remote: target, direction, deletions },
    include: entry.include ?? [],
    exclude: entry.exclude ?? [],
    targetChanges: entry.targetChanges ?? 'conflict',
    interval: entry.interval,
    pushOnSave: entry.pushOnSave ?? false,
    followSymlinks: entry.followSymlinks ?? false,
  };
}

function overlaps(one: PrefixAddress, other: PrefixAddress): boolean {
  return (
    one.connection === other.connection &&
    one.bucket === other.bucket &&
    (one.prefix.startsWith(other.prefix) || other.prefix.startsWith(one.prefix))
  );
}

/**
 * Reads the setting `ssec.sync`: an object of name → pair. A pair that cannot be used is left out
 * and explained, the others stay.
 *
 * @param setting the setting's value, whatever it is; undefined means no pairs
 */
export function readPairs(setting: unknown): {
  readonly pairs: readonly SavedPair[];
  readonly problems: readonly SettingProblem[];
} {
  const pairs: SavedPair[] = [];
  const problems: SettingProblem[] = [];
  const report = (path: readonly string[], message: string): void => {
    problems.push({ setting: settingIds.sync, path, message });
  };
  if (setting === undefined || setting === null) return { pairs, problems };
  if (typeof setting !== 'object' || Array.isArray(setting)) {
    report([], 'The pairs must be an object of name → pair.');
    return { pairs, problems };
  }
  for (const [name, entry] of Object.entries(setting as Record<string, unknown>)) {
    if (!isPairName(name)) {
      report([name], 'A name has 1 to 100 characters, and no space at its ends.');
      continue;
    }
    for (const field of Object.keys(isRecord(entry) ? entry : {})) {
      if (!(field in pairFields)) {
        report([name, field], 'There is no such field in a pair; it is ignored.');
      }
    }
    const result = v.safeParse(entrySchema, entry);
    for (const issue of result.issues ?? []) {
      report([name, ...(issue.path ?? []).map(({ key }) => String(key))], issue.message);
    }
    if (!result.success) continue;
    const pair = pairOf(name, result.output, (field, message) => {
      report([name, field], message);
    });
    if (pair !== undefined) pairs.push(pair);
  }
  return { pairs, problems };
}

/** The entry of the setting for a pair, without what is the default; the inverse of reading it. */
export function pairEntry(pair: SavedPair): Record<string, unknown> {
  const { local, from, remote, direction, include, exclude, deletions, targetChanges } = pair;
  const isForeign = from !== undefined && from.connection !== remote.connection;
  const entries: readonly (readonly [string, unknown])[] = [
    ['local', local],
    ['from', from && addressText(from)],
    ['fromConnection', isForeign ? from.connection : undefined],
    ['remote', addressText(remote)],
    ['connection', remote.connection],
    ['direction', direction],
    ['include', include.length === 0 ? undefined : include],
    ['exclude', exclude.length === 0 ? undefined : exclude],
    ['deletions', deletions === 'off' ? undefined : deletions],
    ['targetChanges', targetChanges === 'conflict' ? undefined : targetChanges],
    ['interval', pair.interval],
    ['pushOnSave', pair.pushOnSave ? true : undefined],
    ['followSymlinks', pair.followSymlinks ? true : undefined],
  ];
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** A prefix as people write it. */
export function addressText({ bucket, prefix }: Pick<PrefixAddress, 'bucket' | 'prefix'>): string {
  return `s3://${bucket}/${prefix}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
