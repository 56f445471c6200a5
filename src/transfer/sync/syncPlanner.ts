import { decideItem } from './decideItem.ts';
import { NameCensus } from './nameCensus.ts';
import type { PlanItem, Seen } from './planItem.ts';
import { createdOn, reviewItem, type WholeView } from './reviewItem.ts';
import type { FileEntry, ObjectEntry, Obstacle, ObstacleEntry, Side } from './syncEntry.ts';
import { sourceOf, type Direction, type SyncOptions } from './syncOptions.ts';
import type { Confirmation, SyncPlan } from './syncPlan.ts';
import type { SyncRecord } from './syncRecord.ts';
import { Tallies } from './tallies.ts';

/** Makes a plan of paths that come one by one, in the order of UTF-8. Pure: it does no I/O. */
export class SyncPlanner {
  readonly #options: SyncOptions;
  readonly #items: PlanItem[] = [];
  readonly #tallies = new Tallies();
  readonly #obstacles = new Map<string, Obstacle>();
  readonly #census: Record<Side, NameCensus>;
  readonly #entries: Record<Side, number> = { near: 0, far: 0 };
  #records = 0;

  constructor(options: SyncOptions) {
    this.#options = options;
    this.#census = {
      near: new NameCensus(options.names.near),
      far: new NameCensus(options.names.far),
    };
  }

  /** Adds a path with what the sides and the record say about it. */
  add(
    path: string,
    near: FileEntry | ObjectEntry | ObstacleEntry | undefined,
    far: ObjectEntry | undefined,
    record: SyncRecord | undefined,
  ): void {
    if (near?.type === 'obstacle') this.#obstacles.set(path, near.obstacle);
    else if (this.#options.includes?.(path) === false) return;
    if (far !== undefined && this.#isFolderMarker(far)) {
      // A local folder cannot be told from it, and is made when something is in it.
      this.#takeCensus(path, near, far, undefined);
      return;
    }
    if (near !== undefined) this.#entries.near++;
    if (far !== undefined) this.#entries.far++;
    if (record !== undefined) this.#records++;
    const item =
      near?.type === 'obstacle'
        ? this.#blockedByObstacle(near, far, record)
        : this.#decide({ path, near, far, record });
    this.#takeCensus(path, near, far, item);
    if (item === undefined) return;
    if (item.action !== 'unchanged' || this.#options.listUnchanged === true) this.#items.push(item);
    else this.#tallies.add(item);
  }

  /** Ends the listings: what can be said only when everything was seen is said now. */
  finish(): SyncPlan {
    const emptySides = sides.filter((side) => this.#entries[side] === 0);
    const firstSync = this.#records === 0;
    const view: WholeView = {
      obstacles: this.#obstacles,
      clashes: { near: this.#census.near.finish(), far: this.#census.far.finish() },
      vanished: firstSync || this.#options.acceptVanished === true ? [] : emptySides,
      neverFilled: firstSync ? emptySides : [],
    };
    const items = this.#items.map((item) => reviewItem(item, view, this.#options));
    for (const item of items) this.#tallies.add(item);
    const tallies = this.#tallies.get();
    const deletions = tallies.deleteLocal.count + tallies.deleteRemote.count;
    return {
      items,
      tallies,
      confirmations: this.#confirmations(items, view),
      firstSync,
      planAgain: deletions > 0 && items.some(isClash),
    };
  }

  #blockedByObstacle(
    near: ObstacleEntry,
    far: ObjectEntry | undefined,
    record: SyncRecord | undefined,
  ): PlanItem | undefined {
    const { path, obstacle } = near;
    // A followed folder is no trouble by itself; what is in it is listed.
    const harmless = obstacle === 'linkedFolder' && far === undefined;
    if (harmless && record === undefined) return undefined;
    return { path, far, record, action: 'blocked', reason: obstacle, side: 'near' };
  }

  #decide(seen: Seen): PlanItem | undefined {
    const { path, far } = seen;
    const { direction, names } = this.#options;
    if (path.endsWith('/') && far !== undefined && createsFiles(direction)) {
      return { ...seen, action: 'blocked', reason: 'folderObject', side: 'near' };
    }
    const item = decideItem(seen, this.#options);
    const side = item === undefined ? undefined : createdOn(item, direction);
    const problem = side === undefined ? undefined : names[side].check(path);
    if (side === undefined || problem === undefined) return item;
    return { ...seen, action: 'blocked', reason: problem, side };
  }

  /** An empty object `a/`, with which consoles show a folder. Between prefixes it is copied. */
  #isFolderMarker({ path, size }: ObjectEntry): boolean {
    return path.endsWith('/') && size === 0 && this.#options.direction !== 'remoteToRemote';
  }

  /** Counts the names of a path on the sides that are written. */
  #takeCensus(
    path: string,
    near: FileEntry | ObjectEntry | ObstacleEntry | undefined,
    far: ObjectEntry | undefined,
    item: PlanItem | undefined,
  ): void {
    const source = sourceOf(this.#options.direction);
    const created = item === undefined ? undefined : createdOn(item, this.#options.direction);
    const present = { near: near !== undefined, far: far !== undefined };
    for (const side of sides) {
      if (side === source) continue;
      if (present[side] || created === side) this.#census[side].add(path, present[side]);
    }
  }

  #confirmations(items: readonly PlanItem[], view: WholeView): Confirmation[] {
    const confirmations: Confirmation[] = [];
    if (items.some((item) => item.reason === 'vanished')) {
      for (const side of view.vanished) {
        confirmations.push({ type: 'vanished', side, records: this.#records });
      }
    }
    for (const side of sides) {
      const tallies = new Tallies();
      for (const item of items) if ('from' in item && item.from === side) tallies.add(item);
      const { deleteLocal, deleteRemote } = tallies.get();
      const tally = deleteLocal.count > 0 ? deleteLocal : deleteRemote;
      const entries = this.#entries[side];
      if (tally.count > 0) confirmations.push({ type: 'deletions', side, tally, entries });
    }
    const count = items.filter(decrypts).length;
    if (count > 0) confirmations.push({ type: 'decryptions', count });
    return confirmations;
  }
}

function createsFiles(direction: Direction): boolean {
  return direction === 'remoteToLocal' || direction === 'bothWays';
}

const sides: readonly Side[] = ['near', 'far'];

function isClash({ reason }: PlanItem): boolean {
  return reason === 'sameName' || reason === 'fileBesideFolder';
}

/** Whether a far object that has a customer key will have none. */
function decrypts(item: PlanItem): boolean {
  if (!('wantedKey' in item) || item.wantedKey !== null || item.far === undefined) return false;
  return item.record?.fingerprint !== null;
}
