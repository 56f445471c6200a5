import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { JobFolder, type JobRecord } from '../../../src/transfer/jobFolder.ts';
import { withFolder } from '../support/folders.ts';

describe('JobFolder', () => {
  const base = withFolder();
  let folder: string;
  let count = 0;
  beforeEach(() => {
    folder = base.path(`jobs${(count += 1)}`);
  });

  const record: JobRecord = {
    ...{ version: 1, label: 'a → b', problems: [] },
    what: { type: 'get', folder: '/down' },
  };
  const tasks = ['a', 'line\nbreak\u2028', 'c'].map((name) => ({ name }));
  const parse = (value: unknown): string => (value as { name: string }).name;

  it('has nothing at first', async () => {
    assert.deepEqual((await new JobFolder(folder).look()).atRest, []);
  });

  it('tells another window what is left', async () => {
    const job = await new JobFolder(folder).add(record, tasks);
    const numbers = [...(await job.remaining(parse)).values()];
    assert.deepEqual(numbers, [0, 1, 2]);
    job.markDone(1);
    await job.end({
      state: 'failed',
      message: 'no',
      outcome: { succeeded: 1, failures: [], skipped: 2 },
    });
    const [found, ...others] = (await new JobFolder(folder).look()).atRest;
    assert.ok(found);
    assert.equal(others.length, 0);
    assert.equal(found.record.ended?.state, 'failed');
    assert.deepEqual(
      [...(await found.remaining(parse))],
      [
        ['a', 0],
        ['c', 2],
      ],
    );
    await found.remove();
    assert.equal(await job.exists(), false);
  });

  it('shows nobody what a window runs', async () => {
    const job = await new JobFolder(folder).add(record, tasks);
    assert.equal(await job.lock(), true);
    const other = new JobFolder(folder);
    assert.deepEqual(await other.look(), { atRest: [], running: 1 });
    const same = await other.get(job.id);
    assert.equal(await same?.lock(), false);
    await job.unlock();
    assert.equal((await other.look()).atRest.length, 1);
    assert.equal(await same?.lock(), true);
    await same?.unlock();
  });

  it('is left alone by the window that another one took it over from', async () => {
    const job = await new JobFolder(folder, { beat: 10, quiet: 1000 }).add(record, tasks);
    assert.equal(await job.lock(), true);
    assert.ok(job.lost);
    const lost = once(job.lost, 'abort');
    const theirs = JSON.stringify({ pid: 1, host: 'elsewhere.example', token: 'other' });
    await writeFile(join(folder, `${job.id}.lock`), theirs);
    await lost;
    await job.end({ state: 'cancelled' });
    await job.remove();
    await job.unlock();
    const found = await new JobFolder(folder).get(job.id);
    assert.ok(found);
    assert.equal(found.record.ended, undefined);
    assert.equal((await found.remaining(parse)).size, 3);
  });

  it('passes over what it cannot read', async () => {
    const jobs = new JobFolder(folder);
    const job = await jobs.add(record, tasks);
    for (const text of ['', '{', '[]', '{"version":2}']) {
      await writeFile(join(folder, `bad${text.length}.json`), text);
    }
    assert.deepEqual(
      (await jobs.look()).atRest.map(({ id }) => id),
      [job.id],
    );
  });
});
