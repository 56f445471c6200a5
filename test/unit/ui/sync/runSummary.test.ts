import assert from 'node:assert/strict';
import type { PlanItem } from '../../../../src/transfer/sync/planItem.ts';
import { chooseAutomatic, isWaiting } from '../../../../src/ui/sync/automaticRun.ts';
import { summarizeRun } from '../../../../src/ui/sync/runSummary.ts';
import { file, object, planOf } from './plans.ts';

const items: readonly PlanItem[] = [
  { path: 'up', near: file('up', 10), action: 'upload', to: 'far', reason: 'new' },
  { path: 'down', far: object('down', 20), action: 'download', to: 'near', reason: 'changed' },
  { path: 'gone', far: object('gone', 5), action: 'deleteRemote', from: 'far', reason: 'deleted' },
  { path: 'here', near: file('here', 6), action: 'deleteLocal', from: 'near', reason: 'deleted' },
  {
    ...{ path: 'plain', near: file('plain', 1), far: object('plain', 1), action: 'upload' },
    ...{ to: 'far', reason: 'changed', wantedKey: null },
  },
  { path: 'torn', near: file('torn', 3), action: 'conflict', reason: 'deletedFar' },
  {
    ...{ path: 'both', near: file('both', 3), far: object('both', 4) },
    ...{ action: 'conflict', reason: 'bothChanged' },
  },
  { path: 'left', far: object('left', 1), action: 'kept', reason: 'extraneous' },
  { path: 'forgotten', action: 'forget', reason: 'gone' },
];
const confirmations = [
  { type: 'deletions', side: 'near', tally: { count: 1, bytes: 6 }, entries: 40 },
  { type: 'deletions', side: 'far', tally: { count: 1, bytes: 5 }, entries: 50 },
  { type: 'decryptions', count: 1 },
] as const;
const plan = planOf(items, {}, confirmations);
const none = { leaveOut: new Set<string>(), resolutions: new Map<string, never>() };

describe('summarizeRun', () => {
  it('counts what is run, deleted and decrypted, and the open conflicts', () => {
    assert.deepEqual(summarizeRun(plan, 'bothWays', none), {
      toRun: { count: 6, bytes: 42 },
      deletions: [
        { side: 'near', tally: { count: 1, bytes: 6 }, entries: 40 },
        { side: 'far', tally: { count: 1, bytes: 5 }, entries: 50 },
      ],
      ...{ decryptions: 1, vanished: [], openConflicts: 2 },
    });
  });

  it('does not ask about what is left out', () => {
    const leaveOut = new Set(['gone', 'here', 'plain']);
    const summary = summarizeRun(plan, 'bothWays', { ...none, leaveOut });
    assert.deepEqual(summary.deletions, []);
    assert.equal(summary.decryptions, 0);
    assert.equal(summary.toRun.count, 3);
  });

  it('counts deletions that come of decisions', () => {
    const resolutions = new Map([['torn', 'far' as const]]);
    const summary = summarizeRun(plan, 'bothWays', { ...none, resolutions });
    assert.deepEqual(summary.deletions[0]?.tally, { count: 2, bytes: 9 });
    assert.equal(summary.openConflicts, 1);
  });

  it('says which side has vanished', () => {
    const vanished = { type: 'vanished', side: 'near', records: 9 } as const;
    const { toRun, ...summary } = summarizeRun(planOf([], {}, [vanished]), 'bothWays', none);
    assert.deepEqual(summary.vanished, [vanished]);
    assert.equal(toRun.count, 0);
  });
});

describe('chooseAutomatic', () => {
  function runs(scope: 'pull' | 'push' | 'all', of = plan): string[] {
    const { leaveOut } = chooseAutomatic(of, scope);
    return items.map(({ path }) => path).filter((path) => !leaveOut.has(path));
  }

  it('runs what needs no question; deletions, decryptions and conflicts wait', () => {
    const { runs: count, waiting } = chooseAutomatic(plan, 'all');
    assert.equal(count, 3);
    assert.deepEqual(waiting, {
      conflicts: 2,
      deletions: 2,
      decryptions: 1,
      vanished: 0,
      first: false,
    });
    assert.ok(isWaiting(waiting));
    assert.deepEqual(runs('all'), ['up', 'down', 'torn', 'both', 'left', 'forgotten']);
  });

  it('pulls without writing the far side, and pushes without writing the near one', () => {
    assert.ok(!runs('pull').includes('up'));
    assert.ok(runs('pull').includes('down'));
    assert.ok(!runs('push').includes('down'));
    assert.ok(runs('push').includes('up'));
  });

  it('leaves the first run to a person', () => {
    const first = { ...plan, firstSync: true };
    const { runs: count, waiting } = chooseAutomatic(first, 'all');
    assert.equal(count, 0);
    assert.ok(waiting.first);
  });

  it('waits for nothing where nothing is to be asked', () => {
    const { waiting } = chooseAutomatic(planOf(items.slice(0, 1)), 'all');
    assert.ok(!isWaiting(waiting));
  });
});
