import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { compareUtf8 } from '../../../src/core/utf8Order.ts';
import type { Mark, SyncRecord } from '../../../src/transfer/sync/syncRecord.ts';
import { SyncState } from '../../../src/transfer/sync/syncState.ts';
import { nastyKey } from '../core/nastyKeys.ts';

const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined });
const size = fc.maxSafeNat();
const near: fc.Arbitrary<Mark> = fc.record(
  { size, mtimeNs: maybe(fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n })) },
  { noNullPrototype: true },
);
const far: fc.Arbitrary<Mark> = fc.record(
  {
    size,
    etag: maybe(fc.string({ unit: 'binary' })),
    versionId: maybe(fc.string()),
    lastModified: maybe(fc.nat()),
  },
  { noNullPrototype: true },
);
const path = fc.oneof(nastyKey, fc.constantFrom('a', 'b', 'c/d', '__proto__', 'x\u2028y', 'x\ny'));
const record: fc.Arbitrary<SyncRecord> = fc.record(
  {
    path,
    near,
    far,
    md5: maybe(fc.string()),
    fingerprint: fc.option(maybe(fc.string()), { nil: null }),
    differs: maybe(fc.constantFrom('unresolved', 'localToRemote', 'bothWays')),
  },
  { noNullPrototype: true },
);

function simple(at: string, etag = 'e'): SyncRecord {
  return { path: at, near: { size: 1, mtimeNs: 2n }, far: { size: 1, etag } };
}

describe('syncState', function () {
  this.timeout(60_000);
  let folder: string;
  let file: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'state-'));
    file = join(folder, 'states', 'pair.jsonl');
  });

  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  async function contentOf(state: SyncState): Promise<SyncRecord[]> {
    const records: SyncRecord[] = [];
    for await (const each of state.records()) records.push(plain(each));
    return records;
  }

  /** Without properties that are undefined. */
  function plain(value: SyncRecord): SyncRecord {
    const defined = (entry: object): object =>
      Object.fromEntries(Object.entries(entry).filter(([, each]) => each !== undefined));
    return { ...defined(value), near: defined(value.near), far: defined(value.far) } as SyncRecord;
  }

  async function filled(...paths: string[]): Promise<void> {
    const state = await SyncState.open(file, 'pair');
    for (const at of paths) await state.write(simple(at));
    await state.close();
  }

  it('is empty at first, and leaves nothing behind if nothing is written', async () => {
    const state = await SyncState.open(file, 'pair');
    assert.equal(state.problem, undefined);
    assert.deepEqual(await contentOf(state), []);
    await state.close();
    await assert.rejects(stat(file), { code: 'ENOENT' });
  });

  it('reads back everything in order, whoever closes it or does not', async () => {
    type Step = { readonly write: SyncRecord } | { readonly remove: string } | 'close' | 'crash';
    const step: fc.Arbitrary<Step> = fc.oneof(
      { weight: 6, arbitrary: fc.record({ write: record }) },
      { weight: 2, arbitrary: fc.record({ remove: path }) },
      { weight: 1, arbitrary: fc.constantFrom('close' as const, 'crash' as const) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        await rm(folder, { recursive: true, force: true });
        const model = new Map<string, SyncRecord>();
        const options = { longestJournal: 5 };
        let state = await SyncState.open(file, 'pair', options);
        for (const each of steps) {
          if (each === 'close') await state.close();
          else if (each === 'crash') state = await SyncState.open(file, 'pair', options);
          else if ('write' in each) {
            await state.write(each.write);
            model.set(each.write.path, each.write);
          } else {
            await state.remove(each.remove);
            model.delete(each.remove);
          }
        }
        const expected = [...model.values()].sort((a, b) => compareUtf8(a.path, b.path)).map(plain);
        assert.deepEqual(await contentOf(state), expected);
        const again = await SyncState.open(file, 'pair');
        assert.equal(again.problem, undefined);
        assert.deepEqual(await contentOf(again), expected);
      }),
      { numRuns: 60 },
    );
  });

  it('keeps the order of calls that do not wait for each other', async () => {
    const state = await SyncState.open(file, 'pair', { longestJournal: 3 });
    const calls = Array.from({ length: 50 }, (_, index) =>
      state.write(simple(`p${index % 7}`, String(index))),
    );
    await Promise.all([...calls, state.close()]);
    const etags = (await contentOf(await SyncState.open(file, 'pair'))).map(
      ({ far: { etag } }) => etag,
    );
    assert.deepEqual(etags, ['49', '43', '44', '45', '46', '47', '48']);
  });

  it('treats what is cut off anywhere as absent, and says so', async () => {
    await filled('a', 'b', 'c');
    const good = await readFile(file);
    for (let length = 0; length < good.length; length += 3) {
      await writeFile(file, good.subarray(0, length));
      const state = await SyncState.open(file, 'pair');
      assert.equal(state.problem, 'damaged', `cut after ${length} bytes`);
      assert.deepEqual(await contentOf(state), []);
    }
  });

  it('notices every changed byte', async () => {
    await filled('a', 'b');
    const good = await readFile(file);
    for (let at = 0; at < good.length; at += 3) {
      const bad = Buffer.from(good);
      bad[at] = (bad[at] ?? 0) ^ 1;
      await writeFile(file, bad);
      const state = await SyncState.open(file, 'pair');
      assert.notEqual(state.problem, undefined, `byte ${at}`);
      assert.deepEqual(await contentOf(state), []);
    }
    await writeFile(file, Buffer.concat([good, Buffer.from('x\n')]));
    assert.equal((await SyncState.open(file, 'pair')).problem, 'damaged');
  });

  it('does not use the state of another pair, nor of a newer version', async () => {
    await filled('a');
    assert.equal((await SyncState.open(file, 'other')).problem, 'otherPair');
    const newer = '{"format":"ssec-sync-state","version":2,"pair":"pair","more":1}\n{"else":1}\n';
    await writeFile(file, newer);
    const state = await SyncState.open(file, 'pair');
    assert.equal(state.problem, 'newer');
    await state.write(simple('b'));
    await state.close();
    assert.equal(await readFile(`${file}.unused`, 'utf8'), newer);
    const again = await SyncState.open(file, 'pair');
    assert.equal(again.problem, undefined);
    assert.deepEqual(
      (await contentOf(again)).map((each) => each.path),
      ['b'],
    );
  });

  it('takes what is readable of a journal that was torn anywhere', async () => {
    await filled('a');
    const state = await SyncState.open(file, 'pair');
    for (const at of ['b', 'c', 'd']) await state.write(simple(at));
    const journal = await readFile(`${file}.journal`);
    for (let length = journal.length; length >= 0; length -= 5) {
      await writeFile(`${file}.journal`, journal.subarray(0, length));
      const torn = await SyncState.open(file, 'pair');
      assert.equal(torn.problem, undefined);
      const paths = (await contentOf(torn)).map((each) => each.path).join('');
      assert.ok('abcd'.startsWith(paths) && paths !== '', paths);
      if (length === journal.length) assert.equal(paths, 'abcd');
    }
    // It goes on from there.
    await writeFile(`${file}.journal`, journal.subarray(0, journal.length - 5));
    const next = await SyncState.open(file, 'pair');
    await next.write(simple('e'));
    assert.deepEqual(
      (await contentOf(await SyncState.open(file, 'pair'))).map((each) => each.path),
      ['a', 'b', 'c', 'e'],
    );
  });

  it('is not disturbed by what a crash left behind', async () => {
    await filled('a');
    await writeFile(`${file}.tmp`, 'half');
    await filled('b');
    const state = await SyncState.open(file, 'pair');
    assert.deepEqual(
      (await contentOf(state)).map((each) => each.path),
      ['a', 'b'],
    );
  });

  it('is for its owner only', async () => {
    await filled('a');
    if (process.platform !== 'win32') assert.equal((await stat(file)).mode & 0o777, 0o600);
  });

  it('fails if the file is there and cannot be read', async () => {
    await assert.rejects(SyncState.open(folder, 'pair'), { code: 'EISDIR' });
  });
});
