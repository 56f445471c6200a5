import { formatAddress, type ObjectAddress, type PrefixAddress } from '../core/address.ts';
import type { ListedObject, WriteCondition } from '../core/objectStore.ts';
import { StoreError } from '../core/storeError.ts';
import { listPrefix, type ListPrefixOptions } from './listPrefix.ts';
import type { TransferContext } from './transferContext.ts';

/** One object of a plan. */
export interface PlannedCopy {
  readonly source: ObjectAddress;
  readonly target: ObjectAddress;
  /** In bytes; undefined if it was not listed. */
  readonly size?: number | undefined;
  /** What stands at the target already. */
  readonly existing?: ListedObject | undefined;
}

/** What copying or moving is going to do; nothing of it is done yet. */
export interface CopyPlan {
  /**
   * Waves that run one after the other: a target that is itself a source comes after that source.
   * There is more than one only where a prefix goes to a prefix that it stands in.
   */
  readonly waves: readonly (readonly PlannedCopy[])[];
  readonly count: number;
  /** Of all objects that were listed, in bytes. */
  readonly bytes: number;
  /**
   * Folder markers that have no place at the target: the root of a bucket needs none. A move
   * deletes them.
   */
  readonly markers: readonly ObjectAddress[];
}

/** The plan of a prefix that becomes another one. */
export interface PrefixPlan extends CopyPlan {
  readonly source: PrefixAddress;
  readonly target: PrefixAddress;
}

/**
 * Lists what stands below the source and below the target, and pairs them.
 *
 * @throws StoreError `invalid` if the target is the source or stands in it, `notFound` if there is
 *   nothing below the source
 */
export async function planPrefix(
  { stores }: TransferContext,
  source: PrefixAddress,
  target: PrefixAddress,
  options: ListPrefixOptions = {},
): Promise<PrefixPlan> {
  const from = await stores.get(source.connection);
  const to = await stores.get(target.connection);
  const isSameBucket = from.host === to.host && source.bucket === target.bucket;
  if (isSameBucket && target.prefix.startsWith(source.prefix)) {
    throw new StoreError(
      'invalid',
      `${nameOf(target)} stands in ${nameOf(source)}: a prefix cannot go into itself.`,
      target,
    );
  }
  const listed = await listPrefix(from, source, options);
  if (listed.length === 0) {
    throw new StoreError('notFound', `There is nothing below ${nameOf(source)}.`, source);
  }
  const { signal } = options;
  const standing = await listPrefix(to, target, { signal });
  const existing = new Map(standing.map((object) => [object.key, object]));
  const copies: PlannedCopy[] = [];
  const markers: ObjectAddress[] = [];
  for (const { key, size } of listed) {
    const address = { connection: source.connection, bucket: source.bucket, key };
    const targetKey = target.prefix + key.slice(source.prefix.length);
    if (targetKey === '') {
      markers.push(address);
      continue;
    }
    const { connection, bucket } = target;
    copies.push({
      ...{ source: address, target: { connection, bucket, key: targetKey }, size },
      existing: existing.get(targetKey),
    });
  }
  const waves = isSameBucket ? inWaves(copies) : [copies];
  return { ...{ source, target, waves, markers, count: copies.length }, bytes: bytesOf(copies) };
}

/** What is known of the size of all, in bytes. */
export function bytesOf(copies: readonly PlannedCopy[]): number {
  return copies.reduce((sum, { size = 0 }) => sum + size, 0);
}

/** What a run that did not get through left to be done. */
export function remainingOf(plan: CopyPlan, succeeded: readonly ObjectAddress[]): CopyPlan {
  const done = new Set(succeeded.map(fullName));
  const waves = plan.waves.map((wave) => wave.filter(({ source }) => !done.has(fullName(source))));
  const copies = waves.flat();
  const markers = plan.markers.filter((marker) => !done.has(fullName(marker)));
  return { waves, markers, count: copies.length, bytes: bytesOf(copies) };
}

/** The copies of a plan whose targets exist; after the first wave a move finds them vacated. */
export function overwritesOf(plan: CopyPlan, isMove: boolean): readonly PlannedCopy[] {
  const waves = isMove ? plan.waves.slice(0, 1) : plan.waves;
  return waves.flat().filter(({ existing }) => existing !== undefined);
}

/**
 * What is expected at a target: what the plan showed, and nothing else.
 *
 * @param isVacated what the plan showed was a source that was moved away since
 */
export function conditionOf(
  { existing }: PlannedCopy,
  overwrite: boolean,
  isVacated: boolean,
): WriteCondition {
  if (existing === undefined || !overwrite || isVacated) return { type: 'absent' };
  return { type: 'matches', etag: existing.etag };
}

/**
 * Each target that is a source too goes one wave later than that source. All of them are within one
 * server; nothing goes into itself.
 */
export function inWaves(copies: readonly PlannedCopy[]): PlannedCopy[][] {
  const bySource = new Map(copies.map((copy) => [placeOf(copy.source), copy]));
  const waves: PlannedCopy[][] = [];
  for (const copy of copies) {
    let wave = 0;
    // It ends: the target's key is always the shorter one.
    for (let next = bySource.get(placeOf(copy.target)); next !== undefined; wave++) {
      next = bySource.get(placeOf(next.target));
    }
    (waves[wave] ??= []).push(copy);
  }
  return Array.from(waves, (wave: PlannedCopy[] | undefined) => wave ?? []);
}

function placeOf({ bucket, key }: ObjectAddress): string {
  return `${bucket}/${key}`;
}

function fullName({ connection, bucket, key }: ObjectAddress): string {
  return `${connection}/${bucket}/${key}`;
}

function nameOf({ bucket, prefix }: PrefixAddress): string {
  return formatAddress({ bucket, key: prefix });
}
