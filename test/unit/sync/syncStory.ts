import assert from 'node:assert/strict';
import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import fc from 'fast-check';
import type { PrefixAddress } from '../../../src/core/address.ts';
import type { CustomerKey } from '../../../src/core/customerKey.ts';
import type { ObjectStore } from '../../../src/core/objectStore.ts';
import type { TransferContext } from '../../../src/transfer/transferContext.ts';
import { isRunnable } from '../../../src/transfer/sync/planItem.ts';
import type { Resolution } from '../../../src/transfer/sync/resolveConflict.ts';
import type { SyncPair } from '../../../src/transfer/sync/syncPair.ts';
import type { SyncPlan } from '../../../src/transfer/sync/syncPlan.ts';
import type { SyncReport } from '../../../src/transfer/sync/syncReport.ts';
import type { SyncSession } from '../../../src/transfer/sync/syncSession.ts';
import type { SyncBench } from './syncBench.ts';

type SideName = 'near' | 'far';

/** What people do to a side. */
export interface Edit {
  readonly do: 'write' | 'remove' | 'touch' | 'copyOver';
  readonly side: SideName;
  readonly at: string;
  readonly long: boolean;
}

/** A sync, what people did before it, and what they do between its plan and its run. */
export interface Round {
  readonly edits: readonly Edit[];
  readonly meanwhile: readonly Edit[];
  readonly resolution: Resolution | undefined;
  /** Whether something fails in this round; the teller decides what. */
  readonly trouble: number;
}

const paths = ['a', 'b', 'c', 'c/d', 'c/e', 'x/y z.txt', 'x/ü'];
const edit: fc.Arbitrary<Edit> = fc.record({
  do: fc.constantFrom('write', 'write', 'write', 'remove', 'touch', 'copyOver'),
  side: fc.constantFrom('near', 'far'),
  at: fc.constantFrom(...paths),
  long: fc.boolean(),
});
const round: fc.Arbitrary<Round> = fc.record({
  edits: fc.array(edit, { maxLength: 6 }),
  meanwhile: fc.oneof(fc.constant([]), fc.array(edit, { minLength: 1, maxLength: 4 })),
  resolution: fc.option(fc.constantFrom<Resolution>('near', 'far', 'keepBoth'), { nil: undefined }),
  trouble: fc.nat({ max: 20 }),
});

export const rounds = fc.array(round, { minLength: 1, maxLength: 4 });

/** A side as its people see it: paths and contents. */
export interface StorySide {
  write(path: string, content: string): Promise<void>;
  remove(path: string): Promise<void>;
  read(): Promise<Map<string, string>>;
}

/** A local folder; each write gets a time of its own, long ago. */
export class LocalStorySide implements StorySide {
  readonly #bench: SyncBench;
  #clock = 1_500_000_000;

  constructor(bench: SyncBench) {
    this.#bench = bench;
  }

  async write(path: string, content: string): Promise<void> {
    const local = this.#bench.path(path);
    try {
      await mkdir(dirname(local), { recursive: true });
      await writeFile(local, content);
    } catch {
      // A file is where a folder should be, or the other way round: people see that, too.
      return;
    }
    this.#clock += 3;
    await utimes(local, this.#clock, this.#clock);
  }

  async remove(path: string): Promise<void> {
    if ((await this.read()).has(path)) await this.#bench.remove(path);
  }

  async read(): Promise<Map<string, string>> {
    return new Map(Object.entries(await this.#bench.files()));
  }
}

/** A prefix, written and read as somebody else's client does: without any metadata. */
export class RemoteStorySide implements StorySide {
  readonly #store: ObjectStore;
  readonly #address: PrefixAddress;
  readonly #customerKey: CustomerKey | undefined;

  constructor(store: ObjectStore, address: PrefixAddress, customerKey: CustomerKey | undefined) {
    this.#store = store;
    this.#address = address;
    this.#customerKey = customerKey;
  }

  async write(path: string, content: string): Promise<void> {
    const { connection, bucket, prefix } = this.#address;
    // MinIO hides what is below an object; nobody who works with it has both.
    const there = await this.read();
    for (const other of there.keys()) {
      if (other.startsWith(`${path}/`) || path.startsWith(`${other}/`)) return;
    }
    const condition = { type: 'any' } as const;
    const address = { connection, bucket, key: prefix + path };
    const options = { customerKey: this.#customerKey, condition };
    await this.#store.put(address, Buffer.from(content), options);
  }

  async remove(path: string): Promise<void> {
    const { connection, bucket, prefix } = this.#address;
    await this.#store.delete({ connection, bucket, key: prefix + path });
  }

  async read(): Promise<Map<string, string>> {
    const { connection, bucket, prefix } = this.#address;
    const found = new Map<string, string>();
    const { objects } = await this.#store.list({ bucket, prefix });
    for (const { key } of objects) {
      const address = { connection, bucket, key };
      const { body } = await this.#store.get(address, { customerKey: this.#customerKey });
      const chunks: Uint8Array[] = [];
      for await (const chunk of body) chunks.push(chunk);
      found.set(key.slice(prefix.length), Buffer.concat(chunks).toString('latin1'));
    }
    return found;
  }
}

type Trouble = () => Promise<() => Promise<void>>;

interface State {
  readonly near: Map<string, string>;
  readonly far: Map<string, string>;
}

/**
 * Tells what people and syncs do to two sides, and checks every sync against the truth: nothing may
 * disappear but what somebody replaced or deleted on the other side, knowing it.
 */
export class SyncStory {
  readonly #bench: SyncBench;
  readonly #context: TransferContext;
  readonly #pair: SyncPair;
  readonly #sides: Readonly<Record<SideName, StorySide>>;
  /** What both sides had at a path when they were last the same. */
  readonly #agreed = new Map<string, string>();
  #contents = 0;

  constructor(
    bench: SyncBench,
    context: TransferContext,
    pair: SyncPair,
    sides: Readonly<Record<SideName, StorySide>>,
  ) {
    this.#bench = bench;
    this.#context = context;
    this.#pair = pair;
    this.#sides = sides;
  }

  async edit({ do: what, side, at, long }: Edit): Promise<void> {
    const own = this.#sides[side];
    const other = this.#sides[side === 'near' ? 'far' : 'near'];
    if (what === 'write') {
      this.#contents += 1;
      await own.write(at, `${this.#contents}`.padStart(long ? 9 : 5, '0'));
    } else if (what === 'remove') {
      await own.remove(at);
    } else {
      const content = (await (what === 'touch' ? own : other).read()).get(at);
      if (content !== undefined) await own.write(at, content);
    }
    this.#agree(await this.#read());
  }

  /** @param trouble is made right before the run, and what it gives is called right after */
  async round(round: Round, trouble?: Trouble): Promise<SyncReport> {
    for (const edit of round.edits) await this.edit(edit);
    const session = await this.#bench.open(this.#context, this.#pair);
    try {
      const plan = await session.plan({ acceptVanished: true });
      for (const edit of round.meanwhile) await this.edit(edit);
      const resolutions = new Map<string, Resolution>();
      for (const { action, path } of plan.items) {
        if (action === 'conflict' && round.resolution !== undefined) {
          resolutions.set(path, round.resolution);
        }
      }
      return await this.#run(session, plan, resolutions, trouble);
    } finally {
      await session.close();
    }
  }

  /** Syncs until nothing is left to do, without trouble, and checks that both sides are the same. */
  async settle(): Promise<void> {
    const session = await this.#bench.open(this.#context, this.#pair);
    try {
      let plan = await session.plan({ acceptVanished: true });
      for (let times = 0; times < 5; times += 1) {
        const { failures, planAgain, skipped } = await this.#run(session, plan, new Map());
        assert.deepEqual(failures, []);
        assert.equal(skipped, 0);
        plan = await session.plan({ acceptVanished: true });
        if (!planAgain) break;
      }
      assert.deepEqual(plan.items.filter(isRunnable), [], 'the next plan has nothing to run');
      const left = new Set(plan.items.map(({ path }) => path));
      const { near, far } = await this.#read();
      for (const path of new Set([...near.keys(), ...far.keys()])) {
        if (left.has(path) || this.#leftDifferent.has(path)) continue;
        assert.equal(near.get(path), far.get(path), `${path} is the same on both sides`);
      }
    } finally {
      await session.close();
    }
  }

  /** Paths where a person said that the target stays as it is. */
  readonly #leftDifferent = new Set<string>();

  async #run(
    session: SyncSession,
    plan: SyncPlan,
    resolutions: ReadonlyMap<string, Resolution>,
    trouble?: Trouble,
  ): Promise<SyncReport> {
    const before = await this.#read();
    const { direction } = this.#pair;
    const end = await trouble?.();
    const report = await session.run(plan, { resolutions });
    await end?.();
    const after = await this.#read();
    const alive = new Set([...after.near.values(), ...after.far.values()]);
    for (const side of ['near', 'far'] as const) {
      const isSource = direction !== 'bothWays' && side === sourceName(direction);
      if (isSource) assert.deepEqual(after[side], before[side], 'the source is never written');
      const other = before[side === 'near' ? 'far' : 'near'];
      for (const [path, content] of before[side]) {
        if (alive.has(content)) continue;
        const isResolved = ['near', 'far'].includes(resolutions.get(path) ?? '');
        const wasReplaced = this.#agreed.get(path) === content && other.get(path) !== content;
        assert.ok(isResolved || wasReplaced, `${content} of ${side} ${path} is lost`);
      }
    }
    for (const [path, resolution] of resolutions) {
      if (direction !== 'bothWays' && resolution !== sourceName(direction)) {
        this.#leftDifferent.add(path);
      }
    }
    this.#agree(after);
    return report;
  }

  async #read(): Promise<State> {
    return { near: await this.#sides.near.read(), far: await this.#sides.far.read() };
  }

  #agree({ near, far }: State): void {
    for (const path of [...this.#agreed.keys()]) {
      if (!near.has(path) && !far.has(path)) this.#agreed.delete(path);
    }
    for (const [path, content] of near) {
      if (far.get(path) === content) this.#agreed.set(path, content);
    }
  }
}

function sourceName(direction: SyncPair['direction']): SideName {
  return direction === 'remoteToLocal' ? 'far' : 'near';
}
