import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isRunnable } from '../../../src/transfer/sync/planItem.ts';
import { localNames, remoteNames } from '../../../src/transfer/sync/nameRules.ts';
import { resolveConflict, type Resolution } from '../../../src/transfer/sync/resolveConflict.ts';
import { sourceOf, type SyncOptions } from '../../../src/transfer/sync/syncOptions.ts';
import type { SyncPlan } from '../../../src/transfer/sync/syncPlan.ts';
import { SyncRun, type Crash } from './syncRun.ts';
import { SyncWorld } from './syncWorld.ts';

/** Names that clash in every way there is, and some that do not. */
const path = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom('a', 'A', 'a/b') },
  { weight: 3, arbitrary: fc.constantFrom('a/B', 'A/c', 'b', 'c', 'c-', 'c/d', 'c/d/e', 'x', 'y') },
);

/** What people do to the sides. A content is written by its number; equal numbers are equal bytes. */
type Edit =
  | {
      readonly do: 'write';
      readonly side: 'near' | 'far';
      readonly at: string;
      readonly size: number;
    }
  | { readonly do: 'copyOver'; readonly side: 'near' | 'far'; readonly at: string }
  | {
      readonly do: 'touch' | 'deleteNear' | 'deleteFar' | 'rewrite' | 'rotate';
      readonly at: string;
    };

const side = fc.constantFrom('near' as const, 'far' as const);
const edit: fc.Arbitrary<Edit> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('write' as const),
      side,
      at: path,
      size: fc.nat({ max: 2 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('copyOver' as const), side, at: path }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('touch', 'deleteNear', 'deleteFar', 'rewrite', 'rotate'),
      at: path,
    }),
  },
);

/** A run that may stop anywhere, and people who do not wait for it. */
interface Round {
  readonly edits: readonly Edit[];
  readonly meanwhile: readonly Edit[];
  /** Which items are run (by index, modulo), in which order, and how far. */
  readonly picks: readonly { readonly index: number; readonly crash: Crash }[] | 'all';
  readonly forgetState: boolean;
  readonly resolution: Resolution | undefined;
}

const crash = fc.constantFrom<Crash>('no', 'no', 'no', 'beforeRecord', 'betweenSteps');
const round: fc.Arbitrary<Round> = fc.record({
  edits: fc.array(edit, { maxLength: 8 }),
  meanwhile: fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(edit, { maxLength: 3 }) },
  ),
  picks: fc.oneof(
    fc.constant('all' as const),
    fc.array(fc.record({ index: fc.nat({ max: 30 }), crash }), { maxLength: 10 }),
  ),
  forgetState: fc.integer({ min: 0, max: 9 }).map((number) => number === 0),
  resolution: fc.option(fc.constantFrom<Resolution>('near', 'far', 'keepBoth'), { nil: undefined }),
});

const system = fc.constantFrom('posix' as const, 'darwin' as const, 'win32' as const);
const direction = fc.constantFrom('bothWays', 'localToRemote', 'remoteToLocal', 'remoteToRemote');

interface Scenario {
  readonly options: SyncOptions;
  readonly etagIsMd5: boolean;
  readonly hashes: boolean;
  readonly rounds: readonly Round[];
}

const scenario: fc.Arbitrary<Scenario> = fc
  .record({
    system,
    direction,
    deletions: fc.constantFrom('off', 'propagated', 'mirror'),
    targetChanges: fc.constantFrom('conflict', 'overwrite'),
    etagIsMd5: fc.boolean(),
    hashes: fc.boolean(),
    rounds: fc.array(round, { minLength: 1, maxLength: 5 }),
  })
  .map(({ system, direction, deletions, targetChanges, etagIsMd5, hashes, rounds }) => ({
    options: {
      direction,
      deletions,
      targetChanges,
      // The person who is asked is the one who edits: what vanished was meant to.
      acceptVanished: true,
      names: {
        near: direction === 'remoteToRemote' ? remoteNames('') : localNames(system),
        far: remoteNames('p/'),
      },
    },
    etagIsMd5,
    hashes,
    rounds,
  }));

/** A world, its people and its runs. */
class Story {
  readonly world: SyncWorld;
  readonly run: SyncRun;
  readonly options: SyncOptions;
  #contents = 0;

  constructor({ options, etagIsMd5, hashes }: Scenario) {
    this.options = options;
    const nearIsObjects = options.direction === 'remoteToRemote';
    this.world = new SyncWorld({ names: options.names.near, etagIsMd5, nearIsObjects });
    this.run = new SyncRun(this.world, options, hashes);
  }

  edit(edit: Edit): void {
    const { world } = this;
    switch (edit.do) {
      case 'write': {
        if (!world.canHold(edit.side, edit.at)) return;
        const content = { id: `c${this.#contents++}`, size: edit.size };
        world.write(edit.side, edit.at, content);
        return;
      }
      case 'copyOver': {
        const content = world.content(edit.side === 'near' ? 'far' : 'near', edit.at);
        if (content === undefined || !world.canHold(edit.side, edit.at)) return;
        world.write(edit.side, edit.at, content);
        return;
      }
      case 'touch':
        world.touch(edit.at);
        return;
      case 'deleteNear':
        world.remove('near', edit.at);
        return;
      case 'deleteFar':
        world.remove('far', edit.at);
        return;
      case 'rewrite':
      case 'rotate':
        world.rotate(edit.at, 'other', edit.do === 'rotate');
    }
  }

  async round(round: Round): Promise<void> {
    for (const edit of round.edits) this.edit(edit);
    if (round.forgetState) this.world.records.clear();
    const plan = this.#resolve(await this.run.plan(), round.resolution);
    for (const edit of round.meanwhile) this.edit(edit);
    this.run.interfered = round.meanwhile.length > 0;
    if (round.picks === 'all') {
      await this.run.runAll(plan);
      return;
    }
    const runnable = plan.items.filter(isRunnable);
    for (const { index, crash } of round.picks) {
      const item = runnable.splice(index % Math.max(1, runnable.length), 1)[0];
      if (item !== undefined) await this.run.run(item, crash);
    }
  }

  /** Plans and runs until nothing is left to do. @returns the plan with nothing to run */
  async settle(): Promise<SyncPlan> {
    this.run.interfered = false;
    let plan = await this.run.plan();
    await this.run.runAll(plan);
    for (let times = 0; plan.planAgain && times < 4; times++) {
      plan = await this.run.plan();
      await this.run.runAll(plan);
    }
    return this.run.plan();
  }

  #resolve(plan: SyncPlan, resolution: Resolution | undefined): SyncPlan {
    if (resolution === undefined) return plan;
    const items = plan.items.map((item) =>
      item.action === 'conflict' ? resolveConflict(item, resolution, this.options) : item,
    );
    return { ...plan, items };
  }
}

const runs = { numRuns: Number(process.env['SYNC_RUNS'] ?? 400) };

describe('planSync, model-checked', function () {
  this.timeout(600_000);

  it('loses nothing and comes to rest, whatever happens in between', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async (scenario) => {
        const story = new Story(scenario);
        // Every step of every run is checked in SyncRun.
        for (const round of scenario.rounds) await story.round(round);
        const rest = await story.settle();
        assert.deepEqual(rest.items.filter(isRunnable), [], 'the second plan has nothing to run');
        const { world, options } = story;
        for (const at of world.records.keys()) {
          assert.ok(world.near.has(at) || world.far.has(at), `the record of ${at} is forgotten`);
        }
        const left = new Map(rest.items.map((item) => [item.path, item]));
        for (const at of new Set([...world.near.keys(), ...world.far.keys()])) {
          if (left.has(at)) continue;
          const record = world.records.get(at);
          assert.ok(record, `${at} is synced`);
          if (record.differs === options.direction) continue;
          assert.equal(world.content('near', at)?.id, world.content('far', at)?.id, at);
        }
      }),
      runs,
    );
  });

  it('never writes the source', async () => {
    const oneWay = scenario.filter(({ options }) => sourceOf(options.direction) !== undefined);
    await fc.assert(
      fc.asyncProperty(oneWay, async (scenario) => {
        const story = new Story(scenario);
        const source = sourceOf(scenario.options.direction) ?? 'near';
        for (const { edits } of scenario.rounds) {
          for (const edit of edits) story.edit(edit);
          const before = story.world.snapshot(source);
          await story.settle();
          assert.deepEqual(story.world.snapshot(source), before);
        }
      }),
      runs,
    );
  });

  it('makes a mirror of the source, if told to', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async (scenario) => {
        const { options } = scenario;
        const source = sourceOf(options.direction);
        fc.pre(source !== undefined);
        const mirror = { ...options, deletions: 'mirror', targetChanges: 'overwrite' } as const;
        const story = new Story({ ...scenario, options: mirror });
        for (const { edits } of scenario.rounds) for (const edit of edits) story.edit(edit);
        const rest = await story.settle();
        if (rest.items.length > 0) {
          const reasons = ['sameName', 'fileBesideFolder', 'emptySource'];
          for (const { path, reason } of rest.items) assert.ok(reasons.includes(reason), path);
          return;
        }
        assert.deepEqual(story.world.snapshot('near'), story.world.snapshot('far'));
      }),
      runs,
    );
  });

  it('deletes nothing unless told to', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async (scenario) => {
        const options = { ...scenario.options, deletions: 'off' } as const;
        const story = new Story({ ...scenario, options });
        for (const round of scenario.rounds) {
          for (const edit of round.edits) story.edit(edit);
          const plan = await story.run.plan();
          const deletions = plan.items.filter((item) => 'from' in item);
          assert.deepEqual(deletions, []);
          await story.run.runAll(plan);
        }
      }),
      runs,
    );
  });

  it('deletes nothing at a first sync with an empty side', async () => {
    const empty = fc.constantFrom('near' as const, 'far' as const);
    await fc.assert(
      fc.asyncProperty(scenario, empty, async (scenario, empty) => {
        const story = new Story(scenario);
        for (const edit of scenario.rounds[0]?.edits ?? []) story.edit(edit);
        for (const at of [...story.world[empty].keys()]) story.world.remove(empty, at);
        const before = story.world.contents();
        await story.settle();
        await story.settle();
        for (const id of before) assert.ok(story.world.contents().has(id), id);
      }),
      runs,
    );
  });

  it('runs nothing when a side vanished, until a person says that it is meant', async () => {
    const vanishing = fc.constantFrom('near' as const, 'far' as const);
    await fc.assert(
      fc.asyncProperty(scenario, vanishing, async (scenario, vanishing) => {
        const options = { ...scenario.options, acceptVanished: false };
        const story = new Story({ ...scenario, options });
        for (const edit of scenario.rounds[0]?.edits ?? []) story.edit(edit);
        await story.settle();
        fc.pre(story.world.records.size > 0);
        for (const at of [...story.world[vanishing].keys()]) story.world.remove(vanishing, at);
        const plan = await story.run.plan();
        assert.deepEqual(plan.items.filter(isRunnable), []);
        const blocked = plan.items.filter(({ reason }) => reason === 'vanished');
        if (blocked.length === 0) return;
        assert.ok(plan.confirmations.some((each) => each.type === 'vanished'));
      }),
      runs,
    );
  });

  it('takes nothing behind an obstacle for deleted, and writes nothing there', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, fc.constantFrom('a', 'c', 'c/d'), async (scenario, at) => {
        fc.pre(scenario.options.direction !== 'remoteToRemote');
        const names = { near: localNames('posix'), far: remoteNames('p/') };
        const story = new Story({ ...scenario, options: { ...scenario.options, names } });
        for (const edit of scenario.rounds[0]?.edits ?? []) story.edit(edit);
        await story.settle();
        const behind = (path: string): boolean => path === at || path.startsWith(`${at}/`);
        fc.pre(![...story.world.near.keys()].some((file) => at.startsWith(`${file}/`)));
        story.world.obstacles.add(at);
        for (const edit of scenario.rounds[1]?.edits ?? []) if (!behind(edit.at)) story.edit(edit);
        const entries = (side: 'near' | 'far'): object =>
          Object.entries(story.world.snapshot(side)).filter(([path]) => behind(path));
        const before = { near: entries('near'), far: entries('far') };
        await story.settle();
        assert.deepEqual({ near: entries('near'), far: entries('far') }, before);
      }),
      runs,
    );
  });

  it('has no conflict where both sides are the same, with or without state', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, fc.boolean(), async (scenario, forget) => {
        const story = new Story(scenario);
        const { world } = story;
        for (const edit of scenario.rounds[0]?.edits ?? []) story.edit(edit);
        await story.settle();
        if (forget) world.records.clear();
        for (const edit of scenario.rounds[1]?.edits ?? []) story.edit(edit);
        for (const [at, { content }] of [...world.near]) {
          if (world.canHold('far', at)) world.write('far', at, content);
        }
        const rest = await story.settle();
        const conflicts = rest.items.filter(({ action }) => action === 'conflict');
        for (const { path: at } of conflicts)
          assert.notEqual(world.far.has(at), world.near.has(at));
      }),
      runs,
    );
  });

  it('is all unchanged when nothing happened', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async (scenario) => {
        const story = new Story(scenario);
        for (const edit of scenario.rounds[0]?.edits ?? []) story.edit(edit);
        const rest = await story.settle();
        const { near, far } = story.world;
        const both = [...near.keys()].filter((at) => far.has(at)).length;
        assert.equal(rest.tallies.unchanged.count, both - rest.tallies.conflict.count);
      }),
      runs,
    );
  });
});
