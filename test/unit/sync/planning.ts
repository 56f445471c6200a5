import { compareUtf8 } from '../../../src/core/utf8Order.ts';
import { localNames, remoteNames } from '../../../src/transfer/sync/nameRules.ts';
import type {
  FileEntry,
  ObjectEntry,
  ObstacleEntry,
} from '../../../src/transfer/sync/syncEntry.ts';
import type { SyncOptions } from '../../../src/transfer/sync/syncOptions.ts';
import type { SyncPlan } from '../../../src/transfer/sync/syncPlan.ts';
import { SyncPlanner } from '../../../src/transfer/sync/syncPlanner.ts';
import { markOf, type SyncRecord } from '../../../src/transfer/sync/syncRecord.ts';

export type Near = FileEntry | ObjectEntry | ObstacleEntry;

export const bothWays: SyncOptions = {
  direction: 'bothWays',
  deletions: 'propagated',
  names: { near: localNames('posix'), far: remoteNames('p/') },
};
export const up: SyncOptions = { ...bothWays, direction: 'localToRemote' };
export const down: SyncOptions = { ...bothWays, direction: 'remoteToLocal' };
export const windows = { near: localNames('win32'), far: remoteNames('p/') };

export function file(path: string, mtimeNs = 1n, size = 1): FileEntry {
  return { type: 'file', path, size, mtimeNs };
}

export function object(path: string, etag = 'e1', size = 1): ObjectEntry {
  return { type: 'object', path, size, etag };
}

/** As after a sync of {@link file} and {@link object} as they are by default. */
export function record(path: string, more: Partial<SyncRecord> = {}): SyncRecord {
  return { path, near: markOf(file(path)), far: markOf(object(path)), md5: 'old', ...more };
}

export function plan(
  options: SyncOptions,
  near: readonly Near[],
  far: readonly ObjectEntry[],
  records: readonly SyncRecord[] = [],
): SyncPlan {
  const planner = new SyncPlanner(options);
  const at = <T extends { path: string }>(list: readonly T[], path: string): T | undefined =>
    list.find((item) => item.path === path);
  const paths = new Set([...near, ...far, ...records].map(({ path }) => path));
  for (const path of [...paths].sort(compareUtf8)) {
    planner.add(path, at(near, path), at(far, path), at(records, path));
  }
  return planner.finish();
}

/** `action reason path` of every item. */
export function told({ items }: SyncPlan): string[] {
  return items.map(({ action, reason, path }) => `${action} ${reason} ${path}`);
}

/** Another file, which keeps a side from being empty, and is unchanged. */
export const other = { near: file('other'), far: object('other'), record: record('other') };

/** What is said of one path `a` beside an unchanged one. */
export function toldOf(
  options: SyncOptions,
  near: FileEntry | undefined,
  far: ObjectEntry | undefined,
  own?: SyncRecord,
): string {
  const items = plan(
    options,
    [...(near ? [near] : []), other.near],
    [...(far ? [far] : []), other.far],
    [...(own ? [own] : []), other.record],
  ).items;
  return items.map(({ action, reason }) => `${action} ${reason}`).join();
}

export const touched = file('a', 2n);
export const grown = file('a', 2n, 2);
export const rewritten = object('a', 'e2');
export const grownObject = object('a', 'e2', 3);
