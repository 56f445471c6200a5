import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CustomerKey } from '../../src/core/customerKey.ts';
import type { ObjectStore } from '../../src/core/objectStore.ts';
import type { TransferContext } from '../../src/transfer/transferContext.ts';
import type { SyncPair } from '../../src/transfer/sync/syncPair.ts';
import { PlannedKeys } from '../unit/doubles/plannedKeys.ts';
import { onFullDisk } from '../unit/support/fullDisk.ts';
import { runnable, SyncBench, told } from '../unit/sync/syncBench.ts';
import { at, keyA, keyB, onEveryServer, read, readText } from './subject.ts';

const any = { type: 'any' } as const;

onEveryServer('sync', ({ server, buckets, proxy, open, openThroughProxy }) => {
  let bench: SyncBench;
  let bucket: string;
  let direct: ObjectStore;
  let store: ObjectStore;
  let other: ObjectStore;
  let keys: PlannedKeys;
  let context: TransferContext;
  let allowed: (fingerprint: string) => boolean;

  before(() => {
    ({ store: direct } = open());
    ({ store } = openThroughProxy({ guard: (fingerprint) => allowed(fingerprint) }));
    ({ store: other } = open({ connection: { name: 'other' } }));
  });
  beforeEach(async function () {
    this.currentTest?.timeout(60_000);
    bench = await SyncBench.create();
    bucket = await buckets.create();
    keys = new PlannedKeys([keyA, keyB, 'none']);
    keys.forNew = keyA;
    allowed = () => true;
    const get = (name: string): Promise<ObjectStore> =>
      Promise.resolve(name === 'other' ? other : store);
    context = { stores: { get }, keys };
    await proxy.clearFaults();
    await proxy.clear();
  });
  afterEach(() => bench.dispose());

  function pair(more: Partial<SyncPair> = {}): SyncPair {
    return {
      near: { type: 'local', folder: bench.folder },
      far: { connection: 'under-test', bucket, prefix: 'p/' },
      direction: 'bothWays',
      deletions: 'propagated',
      ...more,
    };
  }

  /** What stands below a prefix, opened with one key. */
  async function objects(
    prefix: string,
    customerKey?: CustomerKey,
  ): Promise<Record<string, string>> {
    const found: Record<string, string> = {};
    const listed = await direct.list({ bucket, prefix });
    for (const { key } of listed.objects) {
      const { bytes } = await read(direct, at(bucket, key), { customerKey });
      found[key.slice(prefix.length)] = bytes.toString('latin1');
    }
    return found;
  }

  async function requests(): Promise<string[]> {
    const seen = await proxy.requests();
    return seen.map(({ method, path }) => {
      const query = /[?&](list-type|delete)\b/.exec(path)?.[1];
      return query === undefined ? method : `${method} ${query}`;
    });
  }

  it('costs ceil(N/1000) LISTs if nothing is to be done, and deletes 1,000 a request', async function () {
    this.timeout(120_000);
    const count = 1001;
    for (let index = 0; index < count; index += 1) {
      await bench.write(`d${index % 7}/f${index}.txt`, `content ${index}`);
    }
    const { report } = await bench.sync(context, pair());
    assert.deepEqual(report.failures, []);
    assert.equal(report.succeeded.length, count);
    const sent = await requests();
    assert.equal(sent.filter((request) => request === 'PUT').length, count);
    // The first write looks at the server. Where conditions are not to be trusted, each one looks.
    const least = server.like === 'minio' ? count : 2 * count;
    assert.ok(sent.length < least + 20, `${sent.length} requests`);

    await proxy.clear();
    const second = await bench.sync(context, pair());
    assert.deepEqual(told(second.plan), []);
    assert.equal(second.plan.tallies.unchanged.count, count);
    assert.deepEqual(await requests(), ['GET list-type', 'GET list-type']);

    await bench.remove('d0');
    await bench.write('new.txt', 'new');
    for (let index = 1; index < 7; index += 1) await bench.remove(`d${index}`);
    await proxy.clear();
    const third = await bench.sync(context, pair());
    assert.deepEqual(third.report.failures, []);
    // A PUT, which a HEAD may go with, is that of the new file.
    const deleting = (await requests()).filter((request) => !/^(?:PUT|HEAD)$/.test(request));
    const lists = deleting.filter((request) => request === 'GET list-type');
    assert.ok(lists.length <= 5, `${lists.length} LISTs`);
    assert.deepEqual(
      deleting.filter((request) => request !== 'GET list-type'),
      ['POST delete', 'POST delete'],
    );
    assert.deepEqual(await objects('p/', keyA), { 'new.txt': 'new' });
  });

  it('brings a tree up, down and both ways, byte for byte', async () => {
    const large = randomBytes(17 * 1024 * 1024);
    await bench.write('large.bin', large);
    await bench.write('empty', '');
    await bench.write('d/ü 1+2%.txt', 'ü');
    const { report } = await bench.sync(context, pair({ direction: 'localToRemote' }));
    assert.deepEqual(report.failures, []);
    const { info, bytes } = await read(direct, at(bucket, 'p/large.bin'), { customerKey: keyA });
    assert.ok(bytes.equals(large));
    assert.equal(info.encryption.type, 'customerKey');

    const down = await SyncBench.create();
    try {
      const there = pair({
        near: { type: 'local', folder: down.folder },
        direction: 'remoteToLocal',
      });
      assert.deepEqual((await down.sync(context, there)).report.failures, []);
      assert.ok((await readFile(down.path('large.bin'))).equals(large));
      assert.equal(await readFile(down.path('d/ü 1+2%.txt'), 'utf8'), 'ü');
      await proxy.clear();
      const again = await down.sync(context, there);
      assert.deepEqual(told(again.plan), []);
      assert.deepEqual(await requests(), ['GET list-type']);
    } finally {
      await down.dispose();
    }

    await bench.write('empty', 'no more');
    await direct.put(at(bucket, 'p/d/far.txt'), Buffer.from('far'), {
      customerKey: keyA,
      condition: any,
    });
    const both = await bench.sync(context, pair());
    assert.deepEqual(both.report.failures, []);
    assert.equal(await readFile(bench.path('d/far.txt'), 'utf8'), 'far');
    assert.equal(await readText(direct, at(bucket, 'p/empty'), { customerKey: keyA }), 'no more');
    assert.deepEqual(told((await bench.sync(context, pair())).plan), []);
  });

  it('adopts what is the same already, without moving it', async () => {
    await bench.write('ours.txt', 'the same');
    await bench.write('theirs.txt', 'the same too');
    await bench.write('other.txt', 'here');
    const { report } = await bench.sync(context, pair());
    assert.deepEqual(report.failures, []);
    // Written without an MD5 by somebody else.
    const options = { customerKey: keyA, condition: any };
    await direct.put(at(bucket, 'p/theirs.txt'), Buffer.from('the same too'), options);
    await direct.put(at(bucket, 'p/other.txt'), Buffer.from('away'), options);
    const place = { stateFile: join(bench.root, 'new', 'state.json') };
    await proxy.clear();
    const adopted = await bench.sync(context, pair(), { place });
    assert.deepEqual(adopted.report.failures, []);
    assert.deepEqual(adopted.report.conflicts, ['other.txt']);
    assert.ok(!(await requests()).includes('PUT'));
    const next = await bench.sync(context, pair(), { place });
    assert.deepEqual(told(next.plan), ['conflict different other.txt']);
    assert.deepEqual(runnable(next.plan), []);
    const resolutions = new Map([['other.txt', 'keepBoth' as const]]);
    const kept = await bench.sync(context, pair(), { place, resolutions });
    assert.deepEqual(kept.report.failures, []);
    const files = await bench.files();
    assert.deepEqual(await objects('p/', keyA), files);
    assert.deepEqual(Object.values(files).sort(), ['away', 'here', 'the same', 'the same too']);
    assert.deepEqual(told((await bench.sync(context, pair(), { place })).plan), []);
  });

  it('encrypts anew what a rule wants otherwise, with all that it has', async () => {
    await bench.write('a.txt', 'one');
    await bench.write('b.txt', 'two');
    await bench.sync(context, pair());
    keys.ruled = ({ key }) => (key === 'p/a.txt' ? keyB.fingerprint : undefined);
    keys.forNew = keyB;
    const { plan, report } = await bench.sync(context, pair());
    assert.deepEqual(told(plan), ['reencrypt rule a.txt']);
    assert.deepEqual(report.failures, []);
    const { info } = await read(direct, at(bucket, 'p/a.txt'), { customerKey: keyB });
    assert.notEqual(info.properties.metadata?.['md5chksum'], undefined);
    assert.equal(await readText(direct, at(bucket, 'p/b.txt'), { customerKey: keyA }), 'two');
    assert.deepEqual(told((await bench.sync(context, pair())).plan), []);
    // And changed at the same time as its rule.
    await bench.write('b.txt', 'two, changed');
    keys.ruled = () => keyB.fingerprint;
    const changed = await bench.sync(context, pair());
    assert.deepEqual(changed.report.failures, []);
    const text = await readText(direct, at(bucket, 'p/b.txt'), { customerKey: keyB });
    assert.equal(text, 'two, changed');
    assert.deepEqual(told((await bench.sync(context, pair())).plan), []);
  });

  it('syncs a prefix with one of another connection and another key', async () => {
    for (const name of ['a', 'd/b', 'd/c']) {
      const options = { customerKey: keyA, condition: any };
      await direct.put(at(bucket, `from/${name}`), Buffer.from(`content of ${name}`), options);
    }
    keys.forNew = keyB;
    const copying = pair({
      near: { type: 'remote', address: { connection: 'under-test', bucket, prefix: 'from/' } },
      far: { connection: 'other', bucket, prefix: 'to/' },
      direction: 'remoteToRemote',
    });
    const { report } = await bench.sync(context, copying);
    assert.deepEqual(report.failures, []);
    assert.deepEqual(await objects('to/', keyB), await objects('from/', keyA));
    await proxy.clear();
    assert.deepEqual(told((await bench.sync(context, copying)).plan), []);
    assert.deepEqual(await requests(), ['GET list-type']);
    const options = { customerKey: keyA, condition: any };
    await direct.put(at(bucket, 'from/a'), Buffer.from('changed'), options);
    await direct.delete(at(bucket, 'from/d/b'));
    const second = await bench.sync(context, copying);
    assert.deepEqual(runnable(second.plan), ['copy a', 'deleteRemote d/b']);
    assert.deepEqual(second.report.failures, []);
    assert.deepEqual(await objects('to/', keyB), await objects('from/', keyA));
    assert.deepEqual(told((await bench.sync(context, copying)).plan), []);
  });

  it('leaves alone what was changed since the plan was made', async () => {
    await bench.write('up.txt', 'one');
    await bench.write('gone.txt', 'old');
    await bench.sync(context, pair());
    await bench.write('up.txt', 'ours');
    await bench.write('new.txt', 'ours');
    await bench.remove('gone.txt');
    const session = await bench.open(context, pair());
    const plan = await session.plan();
    const options = { customerKey: keyA, condition: any };
    for (const name of ['up.txt', 'new.txt', 'gone.txt']) {
      await direct.put(at(bucket, `p/${name}`), Buffer.from('theirs'), options);
    }
    const report = await session.run(plan);
    await session.close();
    assert.deepEqual(report.failures.map(({ path }) => path).sort(), ['new.txt', 'up.txt']);
    assert.equal(report.skipped, 1, 'nothing is deleted where something failed');
    for (const { error } of report.failures) assert.match(error.message, /changed|exists/);
    const texts = Object.values(await objects('p/', keyA));
    assert.deepEqual(texts, ['theirs', 'theirs', 'theirs']);
    const next = await bench.sync(context, pair());
    assert.deepEqual(told(next.plan), [
      'conflict deletedNear gone.txt',
      'conflict bothNew new.txt',
      'conflict bothChanged up.txt',
    ]);
    assert.deepEqual(Object.values(await bench.files()), ['ours', 'ours']);
  });

  it('goes on when a customer key may no longer be sent, and converges when it may', async () => {
    for (let index = 0; index < 40; index += 1) await bench.write(`f${index}`, `content ${index}`);
    let left = 30;
    allowed = () => (left -= 1) >= 0;
    const first = await bench.sync(context, pair());
    assert.equal(first.report.succeeded.length + first.report.failures.length, 40);
    assert.ok(first.report.failures.length > 0 && first.report.succeeded.length > 0);
    for (const { error } of first.report.failures) assert.match(error.message, /not bound/);
    allowed = () => true;
    const second = await bench.sync(context, pair());
    assert.deepEqual(second.report.failures, []);
    assert.equal(second.report.succeeded.length, first.report.failures.length);
    assert.deepEqual(await objects('p/', keyA), await bench.files());
  });

  it('goes on when the disk is full, and converges when it is not', async () => {
    for (let index = 0; index < 20; index += 1) {
      const options = { customerKey: keyA, condition: any };
      await direct.put(at(bucket, `p/f${index}`), Buffer.from(`content ${index}`), options);
    }
    const first = await onFullDisk(8, () => bench.sync(context, pair()));
    assert.equal(first.report.failures.length, 12);
    for (const { error } of first.report.failures) assert.match(error.message, /no space/);
    assert.equal((await readdir(bench.folder)).length, 8, 'nothing half is left');
    const second = await bench.sync(context, pair());
    assert.deepEqual(second.report.failures, []);
    assert.deepEqual(await objects('p/', keyA), await bench.files());
    assert.deepEqual(told((await bench.sync(context, pair())).plan), []);
  });
});
