import fc from 'fast-check';
import { StoreError } from '../../../src/core/storeError.ts';
import type { SyncPair } from '../../../src/transfer/sync/syncPair.ts';
import { MemoryStore } from '../doubles/memoryStore.ts';
import { memoryStores } from '../doubles/memoryStores.ts';
import { PlannedKeys } from '../doubles/plannedKeys.ts';
import { keyOf } from '../keys/windows.ts';
import { SyncBench } from './syncBench.ts';
import { LocalStorySide, RemoteStorySide, rounds, SyncStory } from './syncStory.ts';

const key = keyOf(1);
const verbs = ['put', 'get', 'head', 'deleteMany', 'list'];

const scenario = fc.record({
  direction: fc.constantFrom('bothWays', 'localToRemote', 'remoteToLocal', 'remoteToRemote'),
  deletions: fc.constantFrom('off', 'propagated'),
  encrypted: fc.boolean(),
  rounds,
});

describe('SyncSession, model-checked', function () {
  this.timeout(300_000);

  it('loses nothing and comes to rest, with a real folder and whatever fails', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ direction, deletions, encrypted, rounds }) => {
        const bench = await SyncBench.create();
        try {
          const store = new MemoryStore();
          const customerKey = encrypted ? key : undefined;
          const keys = new PlannedKeys([customerKey ?? 'none', 'none']);
          keys.forNew = customerKey ?? 'none';
          const far = { connection: 'memory', bucket: 'bucket', prefix: 'far/' };
          const source = { ...far, prefix: 'near/' };
          const isLocal = direction !== 'remoteToRemote';
          const pair: SyncPair = {
            near: isLocal
              ? { type: 'local', folder: bench.folder }
              : { type: 'remote', address: source },
            ...{ far, direction, deletions },
          };
          const story = new SyncStory(bench, { stores: memoryStores(store), keys }, pair, {
            near: isLocal
              ? new LocalStorySide(bench)
              : new RemoteStorySide(store, source, customerKey),
            far: new RemoteStorySide(store, far, customerKey),
          });
          for (const round of rounds) {
            await story.round(round, () => {
              const verb = verbs[round.trouble];
              const error = new StoreError('forbidden', 'This one fails.');
              if (verb !== undefined) store.failures.push({ verb, error, after: verb === 'put' });
              return Promise.resolve(() => {
                store.failures.length = 0;
                return Promise.resolve();
              });
            });
          }
          await story.settle();
        } finally {
          await bench.dispose();
        }
      }),
      { numRuns: Number(process.env['SYNC_RUNS'] ?? 60) },
    );
  });
});
