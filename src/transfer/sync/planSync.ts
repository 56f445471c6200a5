import { march } from './march.ts';
import type { ObjectEntry, ObstacleEntry, FileEntry } from './syncEntry.ts';
import { SyncPlanner } from './syncPlanner.ts';
import type { SyncOptions } from './syncOptions.ts';
import type { SyncPlan } from './syncPlan.ts';
import type { SyncRecord } from './syncRecord.ts';

/** What a plan is made of; all in the order of UTF-8 (see {@link march}). */
export interface SyncListings {
  readonly near: AsyncIterable<FileEntry | ObjectEntry | ObstacleEntry>;
  readonly far: AsyncIterable<ObjectEntry>;
  /** Of the last sync; nothing where there was none, or its state is damaged. */
  readonly records: AsyncIterable<SyncRecord>;
}

/**
 * Plans a sync: what is on the two sides, beside what was there at the last one. It reads the
 * listings to their ends and does nothing else; its memory grows with what has changed, not with
 * what is there.
 *
 * @throws whatever a listing throws: half a listing is no ground for a plan
 */
export async function planSync(listings: SyncListings, options: SyncOptions): Promise<SyncPlan> {
  const planner = new SyncPlanner(options);
  const { near, far, records } = listings;
  for await (const at of march({ near, far, record: records })) {
    planner.add(at.path, at.near, at.far, at.record);
  }
  return planner.finish();
}
