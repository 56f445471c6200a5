import pMap from 'p-map';
import {
  baseName,
  formatAddress,
  type ObjectAddress,
  type PrefixAddress,
} from '../core/address.ts';
import type { ListedObject, ObjectStore } from '../core/objectStore.ts';
import { StoreError } from '../core/storeError.ts';
import { copyName } from './copyName.ts';
import { findListed } from './findListed.ts';
import type { ListPrefixOptions } from './listPrefix.ts';
import { bytesOf, type CopyPlan, inWaves, planPrefix, type PlannedCopy } from './prefixPlan.ts';
import type { TransferContext } from './transferContext.ts';

/** An object, or everything below a prefix (of a bucket, if it is empty). */
export type SelectedItem =
  | { readonly type: 'object'; readonly address: ObjectAddress }
  | { readonly type: 'prefix'; readonly address: PrefixAddress };

export interface SelectionOptions extends ListPrefixOptions {
  /**
   * What becomes of an item that stands in the target already: it gets a name of its own beside
   * itself (for a copy), or stays as it is (for a move, the default).
   */
  readonly inPlace?: 'beside' | 'leave' | undefined;
}

/** What copying or moving a selection into a prefix is going to do; nothing of it is done yet. */
export interface SelectionPlan extends CopyPlan {
  readonly target: PrefixAddress;
  /** What is copied, without what stands in something else that is. */
  readonly items: readonly SelectedItem[];
}

/** How many requests are on their way at a time. */
const concurrency = 8;

/**
 * Plans to put a selection into a prefix, each item under its own name. One LIST for each object,
 * to see what it would overwrite, and those of {@link planPrefix} for each prefix.
 *
 * @throws StoreError `invalid` if a prefix would go into itself, `conflict` if two items would get
 *   the same name, `notFound` if there is nothing below a prefix
 */
export async function planSelection(
  context: TransferContext,
  selected: readonly SelectedItem[],
  target: PrefixAddress,
  options: SelectionOptions = {},
): Promise<SelectionPlan> {
  const to = await context.stores.get(target.connection);
  const items: SelectedItem[] = [];
  const copies: PlannedCopy[] = [];
  const markers: ObjectAddress[] = [];
  let found = 0;
  for (const item of withoutCovered(selected)) {
    const name = await nameAt(context, to, item, target, options);
    if (name === undefined) continue;
    items.push(item);
    const { connection, bucket } = target;
    if (item.type === 'object') {
      const key = target.prefix + name;
      copies.push({ source: item.address, target: { connection, bucket, key } });
      continue;
    }
    const prefix = target.prefix + name;
    const plan = await planPrefix(
      context,
      item.address,
      { connection, bucket, prefix },
      {
        signal: options.signal,
        onFound: (count) => options.onFound?.(found + count),
      },
    );
    found += plan.count;
    for (const copy of plan.waves.flat()) copies.push(copy);
    markers.push(...plan.markers);
  }
  const looked = await lookedAt(to, copies, items, options.signal);
  requireDistinct(looked);
  return {
    ...{ target, items, markers, count: looked.length, bytes: bytesOf(looked) },
    waves: await wavesOf(context, to, looked),
  };
}

/** Items, each once, without those that stand below a prefix that is among them. */
function withoutCovered(items: readonly SelectedItem[]): readonly SelectedItem[] {
  const prefixes = items.flatMap(({ type, address }) => (type === 'prefix' ? [address] : []));
  const seen = new Set<string>();
  return items.filter((item) => {
    const { connection, bucket } = item.address;
    const key = keyOf(item);
    const name = `${item.type} ${connection}/${bucket}/${key}`;
    if (seen.has(name)) return false;
    seen.add(name);
    return !prefixes.some(
      (other) =>
        other.connection === connection &&
        other.bucket === bucket &&
        key.startsWith(other.prefix) &&
        !(item.type === 'prefix' && key === other.prefix),
    );
  });
}

/** The name that an item gets below the target; undefined if it stays where it is. */
async function nameAt(
  { stores }: TransferContext,
  to: ObjectStore,
  item: SelectedItem,
  target: PrefixAddress,
  { inPlace, signal }: SelectionOptions,
): Promise<string | undefined> {
  const { connection, bucket } = item.address;
  const key = keyOf(item);
  // A bucket becomes a prefix of its name.
  const name = key === '' ? `${bucket}/` : baseName(key);
  const from = await stores.get(connection);
  const isThere = from.host === to.host && bucket === target.bucket && target.prefix + name === key;
  if (!isThere) return name;
  if (inPlace !== 'beside') return undefined;
  for (let number = 1; ; number += 1) {
    const other = copyName(name, number);
    const request = { bucket, prefix: target.prefix + other, maxKeys: 1, signal };
    const page = await to.list(request);
    const isTaken = page.objects.some((each) =>
      item.type === 'prefix' ? true : each.key === target.prefix + other,
    );
    if (!isTaken) return other;
  }
}

/** Looks what stands where single objects go; what goes below prefixes was looked at. */
async function lookedAt(
  to: ObjectStore,
  copies: readonly PlannedCopy[],
  items: readonly SelectedItem[],
  signal: AbortSignal | undefined,
): Promise<PlannedCopy[]> {
  const single = new Set(
    items.flatMap(({ type, address }) => (type === 'object' ? [address] : [])),
  );
  return await pMap(
    copies,
    async (copy) => {
      if (!single.has(copy.source)) return copy;
      const existing: ListedObject | undefined = await findListed(to, copy.target, signal);
      return { ...copy, existing };
    },
    { concurrency },
  );
}

function requireDistinct(copies: readonly PlannedCopy[]): void {
  const sources = new Map<string, ObjectAddress>();
  for (const { source, target } of copies) {
    const other = sources.get(target.key);
    if (other !== undefined) {
      throw new StoreError(
        'conflict',
        `${formatAddress(other)} and ${formatAddress(source)} would both become ${formatAddress(target)}. Take one of them at a time.`,
        target,
      );
    }
    sources.set(target.key, source);
  }
}

/** Only what is on the target's server can be both source and target. */
async function wavesOf(
  { stores }: TransferContext,
  to: ObjectStore,
  copies: readonly PlannedCopy[],
): Promise<PlannedCopy[][]> {
  const names = new Set(copies.map(({ source }) => source.connection));
  const here = new Set<string>();
  for (const name of names) if ((await stores.get(name)).host === to.host) here.add(name);
  const waves = inWaves(copies.filter(({ source }) => here.has(source.connection)));
  const [first = [], ...rest] = waves;
  return [[...first, ...copies.filter(({ source }) => !here.has(source.connection))], ...rest];
}

function keyOf({ type, address }: SelectedItem): string {
  return type === 'object' ? address.key : address.prefix;
}
