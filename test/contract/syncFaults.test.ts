import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import type { ObjectStore } from '../../src/core/objectStore.ts';
import type { TransferContext } from '../../src/transfer/transferContext.ts';
import type { Direction } from '../../src/transfer/sync/syncOptions.ts';
import type { SyncPair } from '../../src/transfer/sync/syncPair.ts';
import type { Fault } from '../servers/proxyFaults.ts';
import { PlannedKeys } from '../unit/doubles/plannedKeys.ts';
import { SyncBench, told } from '../unit/sync/syncBench.ts';
import { LocalStorySide, RemoteStorySide, rounds, SyncStory } from '../unit/sync/syncStory.ts';
import { at, keyA, onEveryServer, read } from './subject.ts';

const any = { type: 'any' } as const;
const slowDown = '<Error><Code>SlowDown</Code><Message>Please reduce your rate.</Message></Error>';

const some = [2, 5, 11, 14];

/** What happens to the nth requests of those that move bytes. */
const troubles: Record<string, readonly [fault: Fault, nths: readonly number[]]> = {
  'answers that are lost': [{ kind: 'reset', when: 'beforeResponse' }, some],
  'a storm of 503': [
    { kind: 'respond', status: 503, body: slowDown },
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
  ],
  refusals: [{ kind: 'respond', status: 403 }, [3, 4, 9]],
};

const troublesUp: typeof troubles = {
  ...troubles,
  'connections reset in the middle of a body': [
    { kind: 'resetAfter', direction: 'request', bytes: 700 },
    some,
  ],
};

const troublesDown: typeof troubles = {
  ...troubles,
  'connections reset in the middle of a body': [
    { kind: 'resetAfter', direction: 'response', bytes: 700 },
    some,
  ],
  'bodies cut short': [{ kind: 'truncateBody', bytes: 700 }, some],
};

const directions = {
  localToRemote: troublesUp,
  remoteToLocal: troublesDown,
  remoteToRemote: troubles,
} as const;

onEveryServer('sync in trouble', ({ buckets, proxy, open, openThroughProxy }) => {
  let bench: SyncBench;
  let bucket: string;
  let direct: ObjectStore;
  let store: ObjectStore;
  let context: TransferContext;
  const large = randomBytes(6 * 1024 * 1024);

  before(async () => {
    ({ store: direct } = open());
    ({ store } = openThroughProxy());
    bucket = await buckets.create();
    const keys = new PlannedKeys([keyA, 'none']);
    keys.forNew = keyA;
    context = { stores: { get: () => Promise.resolve(store) }, keys };
  });
  beforeEach(async function () {
    this.currentTest?.timeout(120_000);
    bench = await SyncBench.create();
    await proxy.clearFaults();
  });
  afterEach(async () => {
    await proxy.clearFaults();
    await bench.dispose();
  });

  const contents = new Map<string, Buffer>([['large.bin', large]]);
  for (let index = 0; index < 16; index += 1) {
    contents.set(`d${index % 3}/f${index}`, randomBytes(1000 + index));
  }

  /** Puts the files on the side that the direction starts from. */
  async function given(direction: Direction, prefix: string): Promise<SyncPair> {
    const options = { customerKey: keyA, condition: any };
    for (const [path, content] of contents) {
      if (direction === 'localToRemote') await bench.write(path, content);
      else await direct.put(at(bucket, `${prefix}from/${path}`), content, options);
    }
    const { connection } = at(bucket, '');
    const from = { connection, bucket, prefix: `${prefix}from/` };
    return {
      near:
        direction === 'remoteToRemote'
          ? { type: 'remote', address: from }
          : { type: 'local', folder: bench.folder },
      far: direction === 'remoteToLocal' ? from : { connection, bucket, prefix: `${prefix}to/` },
      direction,
    };
  }

  /** Byte for byte. */
  async function arrived({ direction, far }: SyncPair): Promise<void> {
    for (const [path, content] of contents) {
      const bytes =
        direction === 'remoteToLocal'
          ? await readFile(bench.path(path))
          : (await read(direct, at(bucket, far.prefix + path), { customerKey: keyA })).bytes;
      assert.ok(bytes.equals(content), path);
    }
  }

  for (const direction of ['localToRemote', 'remoteToLocal', 'remoteToRemote'] as const) {
    for (const [name, [fault, nths]] of Object.entries(directions[direction])) {
      it(`${direction} gets through ${name}`, async () => {
        const pair = await given(direction, `${direction} ${name}/`);
        const method = direction === 'remoteToLocal' ? 'GET' : 'PUT';
        const pathRegex = '/(?:d\\d|large)';
        for (const nth of nths) await proxy.addFault({ match: { method, pathRegex, nth }, fault });
        await proxy.clear();
        const first = await bench.sync(context, pair);
        const met = (await proxy.requests()).filter((request) => request.fault !== undefined);
        assert.equal(met.length, nths.length);
        if (fault.kind !== 'respond' || fault.status !== 403) {
          assert.deepEqual(first.report.failures, []);
        }
        await proxy.clearFaults();
        const second = await bench.sync(context, pair);
        assert.deepEqual(second.report.failures, []);
        await arrived(pair);
        assert.deepEqual(told((await bench.sync(context, pair)).plan), []);
      });
    }
  }

  it('loses nothing and comes to rest, whatever people do', async function () {
    this.timeout(120_000);
    const scenario = fc.record({
      direction: fc.constantFrom('bothWays', 'localToRemote', 'remoteToLocal', 'remoteToRemote'),
      rounds,
    });
    let count = 0;
    await fc.assert(
      fc.asyncProperty(scenario, async ({ direction, rounds }) => {
        count += 1;
        const own = await SyncBench.create();
        try {
          const { connection } = at(bucket, '');
          const far = { connection, bucket, prefix: `story ${count}/far/` };
          const source = { connection, bucket, prefix: `story ${count}/near/` };
          const isLocal = direction !== 'remoteToRemote';
          const pair: SyncPair = {
            near: isLocal
              ? { type: 'local', folder: own.folder }
              : { type: 'remote', address: source },
            ...{ far, direction, deletions: 'propagated' },
          };
          const story = new SyncStory(own, context, pair, {
            near: isLocal ? new LocalStorySide(own) : new RemoteStorySide(direct, source, keyA),
            far: new RemoteStorySide(direct, far, keyA),
          });
          for (const round of rounds) {
            await story.round(round, async () => {
              const match = { pathRegex: '/story', nth: round.trouble + 1 };
              const fault = { kind: 'respond', status: 403 } as const;
              if (round.trouble < 6) await proxy.addFault({ match, fault });
              return () => proxy.clearFaults();
            });
          }
          await story.settle();
        } finally {
          await own.dispose();
        }
      }),
      { numRuns: 12, endOnFailure: true },
    );
  });
});
