import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Secret } from '../../../src/core/secret.ts';
import { StoreError } from '../../../src/core/storeError.ts';
import type { SyncPair } from '../../../src/transfer/sync/syncPair.ts';
import type { SyncProgress } from '../../../src/transfer/sync/syncReport.ts';
import type { Resolution } from '../../../src/transfer/sync/resolveConflict.ts';
import { decryptBytes, encryptBytes } from '../../../src/transfer/gpgBytes.ts';
import type { TransferContext } from '../../../src/transfer/transferContext.ts';
import { TransferError } from '../../../src/transfer/transferError.ts';
import { MemoryStore } from '../doubles/memoryStore.ts';
import { memoryStores } from '../doubles/memoryStores.ts';
import { plannedGpg } from '../doubles/plannedGpg.ts';
import { PlannedKeys } from '../doubles/plannedKeys.ts';
import { keyOf } from '../keys/windows.ts';
import { runnable, SyncBench, told } from './syncBench.ts';

const key = keyOf(1);
const otherKey = keyOf(2);
const any = { type: 'any' } as const;

describe('SyncSession', () => {
  let bench: SyncBench;
  let store: MemoryStore;
  let keys: PlannedKeys;
  let context: TransferContext;

  beforeEach(async () => {
    bench = await SyncBench.create();
    store = new MemoryStore();
    keys = new PlannedKeys([key, otherKey, 'none']);
    keys.forNew = key;
    context = { stores: memoryStores(store), keys };
  });
  afterEach(() => bench.dispose());

  function pair(more: Partial<SyncPair> = {}): SyncPair {
    return {
      near: { type: 'local', folder: bench.folder },
      far: { connection: 'memory', bucket: 'bucket', prefix: 'p/' },
      direction: 'bothWays',
      deletions: 'propagated',
      ...more,
    };
  }

  function remotePair(more: Partial<SyncPair> = {}): SyncPair {
    const address = { connection: 'memory', bucket: 'bucket', prefix: 'from/' };
    return pair({ near: { type: 'remote', address }, direction: 'remoteToRemote', ...more });
  }

  async function put(path: string, text: string, customerKey = key): Promise<void> {
    await store.put(store.address(path), Buffer.from(text), { customerKey, condition: any });
  }

  function text(path: string): string | undefined {
    const stored = store.stored(path);
    return stored && Buffer.from(stored.bytes).toString();
  }

  /** Syncs and expects that nothing fails, and that the next plan is empty. */
  async function syncs(
    own: SyncPair = pair(),
    resolutions: ReadonlyMap<string, Resolution> = new Map(),
  ): Promise<string[]> {
    const { plan, report } = await bench.sync(context, own, { resolutions });
    assert.deepEqual(report.failures, []);
    assert.deepEqual(runnable((await bench.sync(context, own)).plan), []);
    return told(plan);
  }

  it('uploads what is new, and does nothing the second time but one LIST', async () => {
    await bench.write('a.txt', 'one');
    await bench.write('d/b.txt', 'two');
    const { report } = await bench.sync(context, pair());
    assert.deepEqual(report.failures, []);
    assert.equal(store.stored('p/d/b.txt')?.fingerprint, key.fingerprint);
    store.requests.length = 0;
    const second = await bench.sync(context, pair());
    assert.deepEqual(told(second.plan), []);
    assert.deepEqual(store.requests, ['list p/']);
  });

  it('downloads what is new, one GET each, whatever the key', async () => {
    await put('p/x/y.txt', 'far', otherKey);
    for (let index = 0; index < 20; index += 1) await put(`p/f${index}`, 'x', otherKey);
    store.requests.length = 0;
    await syncs();
    assert.equal((await bench.files())['x/y.txt'], 'far');
    const gets = store.requests.filter((request) => request.startsWith('get'));
    // Those that were on their way before the first key was known may have tried another one.
    assert.ok(gets.length <= 21 + 16, `${gets.length} GETs`);
  });

  it('sees a change of the same size right after a sync', async () => {
    for (let round = 0; round < 10; round += 1) {
      await bench.write('a.txt', `text ${round}`);
      const { report } = await bench.sync(context, pair());
      assert.deepEqual(report.failures, []);
      assert.equal(text('p/a.txt'), `text ${round}`);
    }
  });

  it('sees a change of what was downloaded, right after', async () => {
    for (let round = 0; round < 5; round += 1) {
      await put('p/a.txt', `text ${round} far`);
      await bench.sync(context, pair());
      await bench.write('a.txt', `text ${round} nea`);
      await bench.sync(context, pair());
      assert.equal(text('p/a.txt'), `text ${round} nea`);
    }
  });

  it('refuses pairs that make no sense', async () => {
    const far = pair().far;
    const near = (prefix: string): SyncPair['near'] => ({
      type: 'remote',
      address: { ...far, prefix },
    });
    const local: SyncPair['near'] = { type: 'local', folder: 'relative' };
    const refused: [Partial<SyncPair>, string][] = [
      [{ near: local }, 'invalid'],
      [{ far: { ...far, prefix: 'p' } }, 'invalid'],
      [{ near: near('q/') }, 'invalid'],
      [{ direction: 'remoteToRemote' }, 'invalid'],
      [{ near: near('p/'), direction: 'remoteToRemote' }, 'overlap'],
      [{ near: near('p/q/'), direction: 'remoteToRemote' }, 'overlap'],
      [{ near: near(''), direction: 'remoteToRemote' }, 'overlap'],
      [{ near: { type: 'local', folder: bench.root } }, 'overlap'],
    ];
    for (const [more, reason] of refused) {
      await assert.rejects(bench.open(context, pair(more)), { name: 'SyncError', reason });
    }
  });

  it('is open once at a time', async () => {
    const session = await bench.open(context, pair());
    await assert.rejects(bench.open(context, pair()), { name: 'SyncError', reason: 'inUse' });
    const plan = await session.plan();
    await session.close();
    const next = await bench.open(context, pair());
    await session.close();
    await assert.rejects(session.plan(), /closed/);
    await assert.rejects(session.run(plan), /closed/);
    await assert.rejects(bench.open(context, pair()), { reason: 'inUse' });
    await next.close();
    const left = await readdir(dirname(bench.place().stateFile));
    assert.deepEqual(left, []);
  });

  it('makes a folder that is to be filled, and never takes a missing one for empty', async () => {
    await put('p/a', 'far');
    const folder = join(bench.root, 'new', 'folder');
    const down = pair({ near: { type: 'local', folder }, direction: 'remoteToLocal' });
    await syncs(down);
    assert.equal(await readFile(join(folder, 'a'), 'utf8'), 'far');
    await rename(folder, `${folder}.moved`);
    const missing = { name: 'SyncError', reason: 'noFolder' };
    await assert.rejects(bench.sync(context, down), missing);
    const up = pair({ near: { type: 'local', folder: join(bench.root, 'never') } });
    const place = { stateFile: join(bench.root, 'other', 'state') };
    const from = bench.sync(context, { ...up, direction: 'localToRemote' }, { place });
    await assert.rejects(from, missing);
    assert.equal(text('p/a'), 'far');
  });

  it('deletes nothing when a side is empty all at once, until somebody says that it is meant', async () => {
    await bench.write('a', 'one');
    await syncs();
    await bench.remove('a');
    const { plan, report } = await bench.sync(context, pair());
    assert.deepEqual(told(plan), ['blocked vanished a']);
    assert.equal(report.succeeded.length, 0);
    assert.equal(text('p/a'), 'one');
    await bench.sync(context, pair(), { acceptVanished: true });
    assert.equal(text('p/a'), undefined);
  });

  describe('conflicts', () => {
    beforeEach(async () => {
      await bench.write('a.txt', 'old');
      await bench.write('other', 'x');
    });

    async function bothChange(own: SyncPair): Promise<void> {
      if (own.direction === 'remoteToLocal') {
        await put('p/a.txt', 'old');
        await put('p/other', 'x');
      }
      await bench.sync(context, own);
      await bench.write('a.txt', 'ours');
      await put('p/a.txt', 'theirs');
    }

    function aside(names: Iterable<string>): string | undefined {
      return [...names].find((name) => /a \((?:local|remote) [0-9a-f]{8}\)\.txt$/.test(name));
    }

    async function farNames(): Promise<string[]> {
      const { objects } = await store.list({ bucket: 'bucket', prefix: 'p/' });
      return objects.map((object) => object.key.slice('p/'.length));
    }

    it('stay until they are resolved', async () => {
      await bothChange(pair());
      assert.deepEqual(await syncs(), ['conflict bothChanged a.txt']);
      assert.equal(text('p/a.txt'), 'theirs');
      assert.equal((await bench.files())['a.txt'], 'ours');
    });

    it('are resolved for one side', async () => {
      await bothChange(pair());
      await syncs(pair(), new Map([['a.txt', 'near']]));
      assert.equal(text('p/a.txt'), 'ours');
      await bothChange(pair());
      await syncs(pair(), new Map([['a.txt', 'far']]));
      assert.equal((await bench.files())['a.txt'], 'theirs');
    });

    it('keep both, on both sides', async () => {
      await bothChange(pair());
      await syncs(pair(), new Map([['a.txt', 'keepBoth']]));
      const files = await bench.files();
      const name = aside(Object.keys(files)) ?? '';
      assert.deepEqual(files, { [name]: 'theirs', 'a.txt': 'ours', other: 'x' });
      assert.equal(text(`p/${name}`), 'theirs');
      assert.equal(store.stored(`p/${name}`)?.fingerprint, key.fingerprint);
      assert.equal(text('p/a.txt'), 'ours');
    });

    it('keep both on the target only, in one direction', async () => {
      const up = pair({ direction: 'localToRemote' });
      await bothChange(up);
      await syncs(up, new Map([['a.txt', 'keepBoth']]));
      assert.deepEqual(Object.keys(await bench.files()), ['a.txt', 'other']);
      const name = aside(await farNames()) ?? '';
      assert.equal(text(`p/${name}`), 'theirs');
      assert.equal(text('p/a.txt'), 'ours');
    });

    it('keep both locally', async () => {
      const down = pair({ direction: 'remoteToLocal' });
      await bothChange(down);
      await syncs(down, new Map([['a.txt', 'keepBoth']]));
      const files = await bench.files();
      const name = aside(Object.keys(files)) ?? '';
      assert.deepEqual(files, { [name]: 'ours', 'a.txt': 'theirs', other: 'x' });
    });

    it('go on where keeping both was interrupted', async () => {
      await bothChange(pair());
      const resolutions = new Map([['a.txt', 'keepBoth' as const]]);
      const interrupt = async (verb: string): Promise<string[]> => {
        store.failures.push({ verb, error: new StoreError('forbidden', 'No.'), after: true });
        const { plan, report } = await bench.sync(context, pair(), { resolutions });
        assert.equal(report.failures.length, 1);
        assert.deepEqual(store.failures, []);
        return told(plan);
      };
      const conflict = 'conflict bothChanged a.txt';
      assert.deepEqual(await interrupt('head'), [conflict]);
      assert.deepEqual(await interrupt('put'), [conflict]);
      const copy = `download new ${aside(await farNames()) ?? ''}`;
      // The copy that was not brought home is a new object by now, and is got as one only.
      store.requests.length = 0;
      assert.deepEqual(await interrupt('get'), [copy, conflict]);
      assert.equal(store.requests.filter((request) => request.startsWith('get ')).length, 1);
      await bench.sync(context, pair(), { resolutions });
      assert.deepEqual(runnable((await bench.sync(context, pair())).plan), []);
      const files = await bench.files();
      assert.deepEqual(Object.values(files).sort(), ['ours', 'theirs', 'x']);
      assert.deepEqual((await farNames()).sort(), Object.keys(files));
    });

    it('are left different in one direction, and stay so', async () => {
      const up = pair({ direction: 'localToRemote' });
      await bothChange(up);
      await syncs(up, new Map([['a.txt', 'far']]));
      assert.equal(text('p/a.txt'), 'theirs');
      assert.deepEqual(told((await bench.sync(context, up)).plan), []);
      await bench.write('a.txt', 'ours again');
      const { plan } = await bench.sync(context, up);
      assert.deepEqual(plan.tallies.conflict.count + plan.tallies.upload.count, 1);
    });
  });

  it('compares the sides of an item in pieces, and changes nothing', async () => {
    for (const [path, near, far] of [
      ['same', 'content', 'content'],
      ['other', 'content', 'CONTENT'],
      ['longer', 'content', 'content!'],
    ] as const) {
      await bench.write(path, near);
      await put(`p/${path}`, far);
    }
    const session = await bench.open(context, pair());
    const plan = await session.plan();
    store.requests.length = 0;
    const same: Record<string, boolean> = {};
    for (const item of plan.items) same[item.path] = await session.isSame(plan, item);
    assert.deepEqual(same, { longer: false, other: false, same: true });
    // What has another size is not read.
    assert.deepEqual(
      store.requests.filter((each) => each.startsWith('get')).map((each) => each.split(' ')[1]),
      ['p/other', 'p/same'],
    );
    await bench.write('same', 'changed since');
    const item = plan.items.find(({ path }) => path === 'same');
    assert.ok(item);
    await assert.rejects(session.isSame(plan, item), /changed since the plan was made/);
    assert.deepEqual(told(await session.plan()).sort(), [
      'adopt noRecord other',
      'conflict bothNew longer',
      'conflict bothNew same',
    ]);
  });

  for (const restoreMode of [true, undefined]) {
    it(`gives files the mode that s3cmd noted${restoreMode ? '' : ' only if told to'}`, async () => {
      await store.put(store.address('p/a.sh'), Buffer.from('true'), {
        ...{ customerKey: key, condition: any },
        properties: { metadata: { 's3cmd-attrs': 'mode:33261' } },
      });
      const { report } = await bench.sync(context, pair(), { place: { restoreMode } });
      assert.deepEqual(report.failures, []);
      const { mode } = await stat(bench.path('a.sh'));
      assert.equal((mode & 0o111) !== 0, restoreMode === true);
      assert.deepEqual(told((await bench.sync(context, pair())).plan), []);
    });
  }

  it('leaves out what it is told to', async () => {
    await bench.write('a', 'one');
    await bench.write('b', 'two');
    await bench.sync(context, pair(), { leaveOut: new Set(['a']) });
    assert.equal(text('p/a'), undefined);
    assert.equal(text('p/b'), 'two');
  });

  it('overwrites with the key, the headers, the metadata and the tags that are there', async () => {
    await store.put(store.address('p/a.txt'), Buffer.from('old'), {
      customerKey: otherKey,
      condition: any,
      properties: {
        contentType: 'text/x-own',
        cacheControl: 'no-cache',
        metadata: { note: 'mine', 's3cmd-attrs': 'md5:0' },
      },
      tags: { team: 'red' },
    });
    await bench.sync(context, pair());
    await bench.write('a.txt', 'a new one');
    await syncs();
    const stored = store.stored('p/a.txt');
    assert.equal(stored?.fingerprint, otherKey.fingerprint);
    assert.equal(stored.properties.contentType, 'text/x-own');
    assert.equal(stored.properties.cacheControl, 'no-cache');
    assert.deepEqual(stored.tags, { team: 'red' });
    const { mtime, md5chksum, ...metadata } = stored.properties.metadata ?? {};
    assert.deepEqual(metadata, { note: 'mine' });
    assert.ok(mtime !== undefined && md5chksum !== undefined);
  });

  describe('what GPG encrypted', () => {
    /** An object as `s3cmd -e` writes it, with or without the MD5 of its content. */
    async function putSealed(path: string, content: string, attributes = true): Promise<void> {
      const hex = createHash('md5').update(content).digest('hex');
      const sealed = await encryptBytes(
        plannedGpg().gpg,
        Buffer.from(content),
        new Secret('horse'),
      );
      const metadata = {
        's3tools-gpgenc': 'gpg',
        ...(attributes && { 's3cmd-attrs': `md5:${hex}` }),
      };
      await store.put(store.address(path), sealed, {
        ...{ customerKey: key, condition: any, properties: { metadata } },
      });
    }

    async function unsealed(path: string): Promise<string> {
      const bytes = store.stored(path)?.bytes ?? new Uint8Array();
      return Buffer.from(
        await decryptBytes(plannedGpg().gpg, bytes, new Secret('horse')),
      ).toString();
    }

    it('is replaced by what is encrypted so too, with its passphrase, asked for once', async () => {
      for (const path of ['a.txt', 'b.txt']) await putSealed(`p/${path}`, 'old');
      const { gpg: passphrases, asker } = plannedGpg('wrong', 'horse');
      const own = { ...context, gpg: passphrases };
      assert.deepEqual((await bench.sync(own, pair())).report.failures, []);
      assert.deepEqual(await bench.files(), { 'a.txt': 'old', 'b.txt': 'old' });
      await bench.write('a.txt', 'a new one');
      await bench.write('b.txt', 'another one');
      assert.deepEqual((await bench.sync(own, pair())).report.failures, []);
      assert.equal(await unsealed('p/a.txt'), 'a new one');
      assert.equal(await unsealed('p/b.txt'), 'another one');
      assert.equal(store.stored('p/a.txt')?.properties.metadata?.['s3tools-gpgenc'], 'gpg');
      assert.equal(store.stored('p/a.txt')?.fingerprint, key.fingerprint);
      assert.equal(asker.questions.length, 2);
      assert.deepEqual(told((await bench.sync(own, pair())).plan), []);
    });

    it('is never replaced by plaintext: not without its passphrase', async () => {
      await putSealed('p/a.txt', 'old');
      assert.deepEqual(
        (await bench.sync({ ...context, gpg: plannedGpg('horse').gpg }, pair())).report.failures,
        [],
      );
      await bench.write('a.txt', 'a new one');
      for (const access of [plannedGpg(undefined).gpg, undefined]) {
        const { report } = await bench.sync({ ...context, gpg: access }, pair());
        assert.match(report.failures[0]?.error.message ?? '', /was encrypted by GPG/);
        assert.equal(await unsealed('p/a.txt'), 'old');
      }
    });

    for (const [attributes, reads] of [
      [true, 0],
      [false, 1],
    ] as const) {
      const how = attributes ? 'the MD5 that s3cmd noted' : 'its decrypted content';
      it(`is compared by ${how} at a first sync, where a rule says so`, async () => {
        await putSealed('p/same.txt', 'the same', attributes);
        await putSealed('p/other.txt', 'over there', attributes);
        await put('p/plain.txt', 'as a rule does not say');
        await bench.write('same.txt', 'the same');
        await bench.write('other.txt', 'over here');
        await bench.write('plain.txt', 'of another size');
        const { gpg: passphrases } = plannedGpg('horse');
        const sealing = { gpg: passphrases, passphrase: () => passphrases.named('team') };
        const own = { ...context, gpg: passphrases, describeUpload: () => ({ gpg: sealing }) };
        store.requests.length = 0;
        const { plan, report } = await bench.sync(own, pair());
        assert.deepEqual(
          told(plan),
          ['other.txt', 'plain.txt', 'same.txt'].map((path) => `adopt noRecord ${path}`),
        );
        assert.deepEqual(report.failures, []);
        assert.deepEqual([...report.conflicts].sort(), ['other.txt', 'plain.txt']);
        const gets = store.requests.filter((each) => each.startsWith('get p/same.txt'));
        assert.equal(gets.length, reads);
        assert.ok(!store.requests.some((each) => each.startsWith('get p/plain.txt')));
        assert.deepEqual(told((await bench.sync(own, pair())).plan), [
          'conflict different other.txt',
          'conflict different plain.txt',
        ]);
      });
    }
  });

  it('does not replace what was encrypted, if its key is not there', async () => {
    await bench.write('a.txt', 'old');
    await syncs();
    await bench.write('a.txt', 'changed');
    keys.candidatesToYield = ['none'];
    keys.forNew = 'none';
    const { report } = await bench.sync(context, pair());
    assert.deepEqual(
      report.failures.map(({ path }) => path),
      ['a.txt'],
    );
    assert.equal(text('p/a.txt'), 'old');
    assert.equal(store.stored('p/a.txt')?.fingerprint, key.fingerprint);
  });

  it('gives objects what the upload rules say', async () => {
    await bench.write('a.txt', 'one');
    const describeUpload = (): object => ({
      properties: { cacheControl: 'max-age=1', metadata: { by: 'rule' } },
      tags: { by: 'rule' },
    });
    await bench.sync({ ...context, describeUpload }, pair());
    const stored = store.stored('p/a.txt');
    assert.equal(stored?.properties.cacheControl, 'max-age=1');
    assert.equal(stored.properties.metadata?.['by'], 'rule');
    assert.deepEqual(stored.tags, { by: 'rule' });
  });

  it('encrypts anew what a rule wants, and asks before it decrypts', async () => {
    await bench.write('a', 'one');
    await bench.write('b', 'two');
    await syncs();
    keys.ruled = () => otherKey.fingerprint;
    keys.forNew = otherKey;
    assert.deepEqual(await syncs(), ['reencrypt rule a', 'reencrypt rule b']);
    assert.equal(store.stored('p/a')?.fingerprint, otherKey.fingerprint);
    assert.equal(text('p/b'), 'two');
    keys.ruled = () => null;
    keys.forNew = 'none';
    const { plan } = await bench.sync(context, pair());
    assert.deepEqual(plan.confirmations, [{ type: 'decryptions', count: 2 }]);
    assert.equal(store.stored('p/a')?.fingerprint, undefined);
    assert.deepEqual(told((await bench.sync(context, pair())).plan), []);
  });

  it('copies with the key of the rule, else that of the target, else that of the source', async () => {
    await put('from/a', 'a');
    await put('from/b', 'b');
    await put('from/c', 'c');
    await put('p/b', 'B!', otherKey);
    keys.ruled = ({ key: name }) => (name === 'p/c' ? null : undefined);
    keys.forNew = 'none';
    const own = remotePair({ targetChanges: 'overwrite' });
    await syncs(own);
    const keyAt = (name: string): string | undefined => store.stored(`p/${name}`)?.fingerprint;
    assert.equal(keyAt('a'), key.fingerprint);
    assert.equal(keyAt('b'), otherKey.fingerprint);
    assert.equal(text('p/b'), 'b');
    assert.equal(keyAt('c'), undefined);
  });

  it('compares before it copies what is there already', async () => {
    await put('from/a', 'same');
    await put('from/b', 'diff1');
    await put('p/a', 'same', otherKey);
    await put('p/b', 'diff2');
    const { report } = await bench.sync(context, remotePair());
    assert.deepEqual(report.conflicts, ['b']);
    assert.equal(store.stored('p/a')?.fingerprint, otherKey.fingerprint);
    assert.deepEqual(told((await bench.sync(context, remotePair())).plan), [
      'conflict different b',
    ]);
  });

  it('makes a mirror', async () => {
    await put('p/extra', 'x');
    await put('p/a', 'theirs');
    await bench.write('a', 'ours');
    const mirror = pair({
      direction: 'localToRemote',
      deletions: 'mirror',
      targetChanges: 'overwrite',
    });
    await syncs(mirror);
    assert.equal(text('p/extra'), undefined);
    assert.equal(text('p/a'), 'ours');
  });

  it('deletes nothing from a side that something did not get to', async () => {
    await bench.write('old name', 'content');
    await bench.write('other', 'x');
    await syncs();
    await rename(bench.path('old name'), bench.path('new name'));
    store.failures.push({ verb: 'put', error: new StoreError('forbidden', 'No.') });
    const { report } = await bench.sync(context, pair());
    assert.deepEqual(
      report.failures.map(({ path }) => path),
      ['new name'],
    );
    assert.equal(report.skipped, 1);
    assert.equal(text('p/old name'), 'content');
    await syncs();
    assert.equal(text('p/old name'), undefined);
    assert.equal(text('p/new name'), 'content');
  });

  it('deletes local files as it is told to, and the folders that are empty then', async () => {
    await bench.write('d/e/a', 'one');
    await bench.write('b', 'two');
    await syncs();
    await store.delete(store.address('p/d/e/a'));
    const trash: string[] = [];
    const removeFile = async (path: string): Promise<void> => {
      trash.push(path);
      await rm(path);
    };
    await bench.sync(context, pair(), { place: { removeFile } });
    assert.deepEqual(trash, [bench.path('d/e/a')]);
    assert.deepEqual(await readdir(bench.folder), ['b']);
  });

  it('writes and deletes nothing behind a link that came to be since the plan', async () => {
    await bench.write('d/here', 'x');
    await syncs();
    await put('p/d/new', 'far');
    await store.delete(store.address('p/d/here'));
    const session = await bench.open(context, pair());
    const plan = await session.plan();
    const outside = join(bench.root, 'outside');
    await rename(bench.path('d'), outside);
    await symlink(outside, bench.path('d'));
    const report = await session.run(plan);
    await session.close();
    assert.deepEqual(
      report.failures.map(({ path }) => path),
      ['d/new'],
    );
    assert.deepEqual(await readdir(outside), ['here']);
  });

  it('leaves its own unfinished files and what is ignored alone', async () => {
    await bench.write('.a.txt.0123abcd.ssec-part', 'half');
    await bench.write('d/a.txt.md5-mismatch', 'bad');
    await bench.write('.ssecignore', '*.log\n');
    await bench.write('x.log', 'x');
    await bench.write('y.tmp', 'y');
    await put('p/far.log', 'x');
    await syncs(pair({ exclude: ['*.tmp'] }));
    const { objects } = await store.list({ bucket: 'bucket', prefix: 'p/' });
    assert.deepEqual(
      objects.map(({ key: name }) => name),
      ['p/.ssecignore', 'p/far.log'],
    );
    assert.equal((await bench.files())['far.log'], undefined);
  });

  it('plans again where a deletion was in the way', async () => {
    await bench.write('a', 'file');
    await bench.write('other', 'x');
    await syncs();
    await bench.remove('a');
    await bench.write('a/b', 'in a folder');
    const { report } = await bench.sync(context, pair());
    assert.equal(report.planAgain, true);
    await syncs();
    assert.equal(text('p/a/b'), 'in a folder');
    assert.equal(text('p/a'), undefined);
  });

  it('ends when it is told to, and goes on the next time', async () => {
    for (let index = 0; index < 60; index += 1) await bench.write(`f${index}`, `${index}`);
    const session = await bench.open(context, pair());
    const plan = await session.plan();
    const stop = new AbortController();
    const report = await session.run(plan, {
      signal: stop.signal,
      onProgress: ({ objects }) => {
        if (objects === 10) stop.abort();
      },
    });
    await session.close();
    assert.deepEqual(report.failures, []);
    assert.equal(report.succeeded.length + report.skipped, 60);
    assert.ok(report.skipped > 20);
    const { report: second } = await bench.sync(context, pair());
    assert.equal(second.failures.length, 0);
    assert.equal(told((await bench.sync(context, pair())).plan).length, 0);
  });

  it('reports a file that changes while it is uploaded, and gets it the next time', async () => {
    await bench.write('large.bin', Buffer.alloc(33 * 1024 * 1024, 1));
    await bench.write('small', 'x');
    const session = await bench.open(context, pair());
    let isChanged = false;
    const report = await session.run(await session.plan(), {
      onProgress: ({ current, bytes }) => {
        if (isChanged || current !== 'large.bin' || bytes < 1024) return;
        isChanged = true;
        appendFileSync(bench.path('large.bin'), 'more');
      },
    });
    await session.close();
    assert.ok(isChanged);
    assert.deepEqual(
      report.failures.map(({ path, error }) => [
        path,
        error instanceof TransferError && error.reason,
      ]),
      [['large.bin', 'fileChanged']],
    );
    assert.equal(store.stored('p/large.bin'), undefined);
    assert.equal(text('p/small'), 'x');
    await syncs();
    assert.equal(store.stored('p/large.bin')?.bytes.length, 33 * 1024 * 1024 + 4);
  });

  it('cancels a plan', async () => {
    await bench.write('a', 'one');
    const session = await bench.open(context, pair());
    const plan = session.plan({ signal: AbortSignal.abort() });
    await assert.rejects(plan, { name: 'StoreError', kind: 'aborted' });
    await session.close();
  });

  it('tells how far it is', async () => {
    for (let index = 0; index < 20; index += 1) await bench.write(`f${index}`, 'x'.repeat(index));
    const session = await bench.open(context, pair());
    const told: SyncProgress[] = [];
    const report = await session.run(await session.plan(), {
      onProgress: (progress) => told.push(progress),
    });
    await session.close();
    const last = told.at(-1);
    assert.equal(last?.objects, 20);
    assert.equal(last.totalObjects, 20);
    assert.equal(last.bytes, 190);
    assert.equal(last.totalBytes, 190);
    assert.equal(report.bytes, 190);
  });

  it('stops at once where nothing can succeed', async () => {
    for (let index = 0; index < 100; index += 1) await bench.write(`f${index}`, 'x');
    for (let index = 0; index < 20; index += 1) {
      const error = new StoreError('credentials', 'They have expired.');
      store.failures.push({ verb: 'put', error });
    }
    const { report } = await bench.sync(context, pair());
    assert.ok(report.skipped > 50);
    assert.ok(report.failures.length <= 20);
    store.failures.length = 0;
    await syncs();
  });

  it('uses no state of other sides, and tells', async () => {
    await bench.write('a', 'one');
    await syncs();
    const other = pair({ far: { ...pair().far, prefix: 'q/' } });
    const session = await bench.open(context, other);
    assert.equal(session.stateProblem, 'otherPair');
    assert.deepEqual(told(await session.plan()), ['upload new a']);
    await session.close();
  });

  it('keeps no secret', async () => {
    await bench.write('a', 'one');
    await syncs();
    const folder = dirname(bench.place().stateFile);
    for (const name of await readdir(folder)) {
      const content = await readFile(join(folder, name), 'latin1');
      for (const encoding of ['base64', 'hex', 'latin1'] as const) {
        const secret = Buffer.alloc(32, 1).toString(encoding);
        assert.ok(!content.includes(secret), `${name} has no customer key`);
      }
    }
    assert.ok((await readdir(folder)).length > 0);
  });

  describe('what changed since the plan', () => {
    /** Plans, lets somebody act, runs. @returns the paths that failed */
    async function meanwhile(act: () => Promise<unknown>, own = pair()): Promise<string[]> {
      const session = await bench.open(context, own);
      const plan = await session.plan();
      await act();
      const report = await session.run(plan);
      await session.close();
      for (const { error } of report.failures) assert.match(error.message, /changed|conflict/);
      return report.failures.map(({ action, path }) => `${action} ${path}`);
    }

    beforeEach(async () => {
      await bench.write('a', 'old');
      await bench.write('b', 'old');
      await syncs();
    });

    it('is not overwritten on the server', async () => {
      await bench.write('a', 'ours');
      await bench.write('new', 'ours');
      const failed = await meanwhile(async () => {
        await put('p/a', 'theirs');
        await put('p/new', 'theirs');
      });
      assert.deepEqual(failed.sort(), ['upload a', 'upload new']);
      assert.equal(text('p/a'), 'theirs');
      assert.equal(text('p/new'), 'theirs');
    });

    it('is not overwritten in the folder', async () => {
      await put('p/a', 'theirs');
      assert.deepEqual(await meanwhile(() => bench.write('a', 'ours')), ['download a']);
      assert.equal((await bench.files())['a'], 'ours');
    });

    it('is not deleted on the server', async () => {
      await bench.remove('a');
      assert.deepEqual(await meanwhile(() => put('p/a', 'theirs')), ['deleteRemote a']);
      assert.equal(text('p/a'), 'theirs');
    });

    it('is not deleted on the server if it came back in the folder', async () => {
      await bench.remove('a');
      assert.deepEqual(await meanwhile(() => bench.write('a', 'back')), ['deleteRemote a']);
      assert.equal(text('p/a'), 'old');
    });

    it('is not deleted in the folder', async () => {
      await store.delete(store.address('p/a'));
      assert.deepEqual(await meanwhile(() => bench.write('a', 'ours')), ['deleteLocal a']);
      assert.equal((await bench.files())['a'], 'ours');
    });

    it('is not deleted in the folder if it came back on the server', async () => {
      await store.delete(store.address('p/a'));
      assert.deepEqual(await meanwhile(() => put('p/a', 'back')), ['deleteLocal a']);
      assert.equal((await bench.files())['a'], 'old');
    });

    it('is not deleted where many are', async () => {
      for (let index = 0; index < 50; index += 1) await bench.write(`d/${index}`, 'x');
      await syncs();
      await bench.remove('d');
      assert.deepEqual(await meanwhile(() => put('p/d/7', 'theirs')), ['deleteRemote d/7']);
      const { objects } = await store.list({ bucket: 'bucket', prefix: 'p/d/' });
      assert.deepEqual(
        objects.map(({ key: name }) => name),
        ['p/d/7'],
      );
    });

    it('is not encrypted anew', async () => {
      keys.ruled = ({ key: name }) => (name === 'p/a' ? otherKey.fingerprint : undefined);
      keys.forNew = otherKey;
      assert.deepEqual(await meanwhile(() => put('p/a', 'theirs')), ['reencrypt a']);
      assert.equal(text('p/a'), 'theirs');
    });

    it('is not overwritten by a copy', async () => {
      await put('from/a', 'old');
      await put('from/b', 'old');
      await put('from/c', 'source');
      const failed = await meanwhile(() => put('p/c', 'theirs'), remotePair());
      assert.deepEqual(failed, ['copy c']);
      assert.equal(text('p/c'), 'theirs');
    });
  });

  it('reports a file that somebody has made where an object is to go', async () => {
    await put('p/a', 'far');
    const session = await bench.open(context, pair());
    const plan = await session.plan();
    await writeFile(bench.path('a'), 'ours');
    const report = await session.run(plan);
    await session.close();
    assert.match(report.failures[0]?.error.message ?? '', /has come to be/);
    assert.equal((await bench.files())['a'], 'ours');
    await mkdir(bench.path('b'));
  });
});
