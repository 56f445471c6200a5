import { planSync } from '../../../src/transfer/sync/planSync.ts';
import type { PlanItem, RunnableItem } from '../../../src/transfer/sync/planItem.ts';
import { isRunnable } from '../../../src/transfer/sync/planItem.ts';
import { settleAdoption, type Finding } from '../../../src/transfer/sync/settleAdoption.ts';
import { otherSide, type Side, type SideEntry } from '../../../src/transfer/sync/syncEntry.ts';
import { sourceOf, type SyncOptions } from '../../../src/transfer/sync/syncOptions.ts';
import type { SyncPlan } from '../../../src/transfer/sync/syncPlan.ts';
import { markOf, type SyncRecord } from '../../../src/transfer/sync/syncRecord.ts';
import { Violation, type SyncWorld } from './syncWorld.ts';

/** How far a run gets with an item before the power goes off. */
export type Crash = 'no' | 'beforeRecord' | 'betweenSteps';

/**
 * Runs plans on a world as the items say, and checks every step against the truth: nothing may
 * disappear that a person did not replace or delete.
 */
export class SyncRun {
  readonly #world: SyncWorld;
  readonly #options: SyncOptions;
  /** Whether the run computes MD5s for its records. */
  readonly #hashes: boolean;
  /** Whether people were at work since the plan: a name that is taken is their doing then. */
  interfered = false;

  constructor(world: SyncWorld, options: SyncOptions, hashes = true) {
    this.#world = world;
    this.#options = options;
    this.#hashes = hashes;
  }

  plan(): Promise<SyncPlan> {
    const world = this.#world;
    const listings = {
      near: stream(world.listNear()),
      far: stream(world.listFar()),
      records: stream(world.listRecords()),
    };
    return planSync(listings, this.#options);
  }

  /** Runs everything, deletions last. */
  async runAll(plan: SyncPlan): Promise<void> {
    const runnable = plan.items.filter(isRunnable);
    for (const item of runnable) if (!('from' in item)) await this.run(item);
    for (const item of runnable) if ('from' in item) await this.run(item);
  }

  /** Runs one item, unless what was seen is no longer there. */
  async run(item: RunnableItem, crash: Crash = 'no'): Promise<void> {
    if (!this.#isAsSeen('near', item) || !this.#isAsSeen('far', item)) return;
    switch (item.action) {
      case 'upload':
      case 'download':
      case 'copy':
        this.#transfer(item, item.to, crash);
        return;
      case 'deleteLocal':
      case 'deleteRemote':
        this.#delete(item, item.from);
        if (crash === 'no') this.#world.records.delete(item.path);
        return;
      case 'reencrypt':
        this.#world.rotate(item.path, item.wantedKey, false);
        if (crash === 'no') this.#record(item.path, item.record?.differs);
        return;
      case 'adopt': {
        const next = settleAdoption(item, this.#compare(item), this.#options);
        if (isRunnable(next)) await this.run(next, crash);
        else if (crash === 'no') this.#record(item.path, 'unresolved');
        return;
      }
      case 'accept':
        if (crash !== 'no') return;
        this.#record(item.path, item.reason === 'same' ? undefined : this.#options.direction);
        return;
      case 'forget':
        this.#world.records.delete(item.path);
        return;
      case 'keepBoth':
        this.#keepBoth(item, crash);
    }
  }

  #keepBoth(item: RunnableItem & { action: 'keepBoth' }, crash: Crash): void {
    const { path, copyPath, aside } = item;
    const world = this.#world;
    const content = world.content(aside, path);
    const there = world.content(aside, copyPath);
    if (content === undefined || (there !== undefined && there.id !== content.id)) return;
    if (there === undefined) world.write(aside, copyPath, content);
    if (crash === 'betweenSteps') return;
    if (sourceOf(this.#options.direction) === undefined) {
      const other = otherSide(aside);
      const theirs = world.content(other, copyPath);
      if (theirs === undefined) world.write(other, copyPath, content);
      else if (theirs.id !== content.id) return;
      this.#record(copyPath, undefined);
    }
    this.#transfer(item, aside, crash);
  }

  #transfer(item: RunnableItem, to: Side, crash: Crash): void {
    const { path } = item;
    const content = this.#world.content(otherSide(to), path);
    if (content === undefined) throw new Violation(`A transfer of ${path}, which is not there.`);
    if ('knownMd5' in item && item.knownMd5 === content.id) {
      // Not transferred: so it must be there.
      if (this.#world.content(to, path)?.id !== content.id) {
        throw new Violation(`${path} was taken for unchanged.`);
      }
    } else {
      this.#check(item, to, content.id);
      if (this.interfered && !this.#world.canHold(to, path)) return;
      const key = 'wantedKey' in item ? item.wantedKey : undefined;
      this.#world.write(to, path, content, key ?? null);
    }
    if (crash === 'no') this.#record(path, undefined);
  }

  #delete(item: RunnableItem, from: Side): void {
    this.#check(item, from, undefined);
    this.#world.remove(from, item.path);
  }

  /** Whether what is on a side may be replaced or deleted. */
  #check(item: RunnableItem, side: Side, by: string | undefined): void {
    const { path } = item;
    const world = this.#world;
    const old = world.content(side, path);
    if (side === sourceOf(this.#options.direction)) throw new Violation('The source is written.');
    if (old === undefined || old.id === by || item.reason === 'resolved') return;
    const deletions = this.#options.deletions ?? 'off';
    if (by === undefined && deletions === 'off') throw new Violation(`${path} is deleted.`);
    // Somebody replaced or deleted it on the other side, knowing it.
    const other = world.content(otherSide(side), path);
    if (world.agreed.get(path)?.id === old.id && other?.id !== old.id) return;
    const oneWay = sourceOf(this.#options.direction) !== undefined;
    if (oneWay && by !== undefined && this.#options.targetChanges === 'overwrite') return;
    if (oneWay && by === undefined && deletions === 'mirror') return;
    const elsewhere = [...world.near, ...world.far].filter(
      ([, { content }]) => content.id === old.id,
    );
    if (elsewhere.length > 1) return;
    throw new Violation(`${item.action} (${item.reason}) loses ${old.id} of ${side} ${path}.`);
  }

  #compare(item: RunnableItem): Finding {
    const near = this.#world.content('near', item.path)?.id;
    const far = this.#world.content('far', item.path)?.id;
    if (near === far) return 'same';
    const old = item.record?.differs === undefined ? item.record?.md5 : undefined;
    if (old === near) return 'nearUnchanged';
    return old === far ? 'farUnchanged' : 'different';
  }

  #record(path: string, differs: SyncRecord['differs']): void {
    const near = this.#world.entry('near', path);
    const far = this.#world.entry('far', path);
    const object = this.#world.far.get(path);
    if (near === undefined || far === undefined || object === undefined) return;
    const md5 = this.#hashes && differs === undefined ? object.content.id : undefined;
    const { fingerprint } = object;
    const record = { path, near: markOf(near), far: markOf(far), md5, fingerprint, differs };
    this.#world.records.set(path, record);
  }

  #isAsSeen(side: Side, item: PlanItem): boolean {
    const now = this.#world.entry(side, item.path);
    const seen = item[side];
    return sameEntry(now, seen);
  }
}

function sameEntry(a: SideEntry | undefined, b: SideEntry | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (a.type === 'file') {
    return b.type === 'file' && a.size === b.size && a.mtimeNs === b.mtimeNs;
  }
  return b.type === 'object' && a.size === b.size && a.etag === b.etag;
}

async function* stream<T>(items: readonly T[]): AsyncGenerator<T> {
  for (const item of items) {
    await Promise.resolve();
    yield item;
  }
}
