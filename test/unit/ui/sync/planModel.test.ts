import assert from 'node:assert/strict';
import type { PlanItem } from '../../../../src/transfer/sync/planItem.ts';
import { PlanModel } from '../../../../src/ui/sync/planModel.ts';
import { planOf, file, object } from './plans.ts';

const upload: PlanItem = {
  ...{ path: 'up', near: file('up', 10), action: 'upload', to: 'far', reason: 'new' },
};
const conflict: PlanItem = {
  ...{ path: 'both', near: file('both', 3), far: object('both', 4) },
  ...{ action: 'conflict', reason: 'bothChanged' },
};
const blocked: PlanItem = {
  ...{ path: 'a/', far: object('a/', 1), action: 'blocked', reason: 'folderObject', side: 'near' },
};

function many(count: number): PlanItem[] {
  return Array.from({ length: count }, (_, index) => {
    const path = `f${String(index).padStart(6, '0')}`;
    return { path, near: file(path, 1), action: 'upload', to: 'far', reason: 'new' };
  });
}

describe('PlanModel', () => {
  it('groups by action with counts and bytes, in a fixed order', () => {
    const model = new PlanModel(
      planOf([upload, conflict, blocked], { unchanged: { count: 7, bytes: 70 } }),
    );
    assert.deepEqual(
      model.groups().map(({ group, count, bytes }) => [group, count, bytes]),
      [
        ['conflict', 1, 4],
        ['blocked', 1, 1],
        ['upload', 1, 10],
        ['unchanged', 7, 70],
      ],
    );
  });

  it('leaves out what is unchecked: an item, and a group with what is not shown of it', () => {
    const model = new PlanModel(planOf(many(1200)));
    const [first] = model.page('upload').items;
    assert.ok(first);
    assert.equal(model.isChecked(first), true);
    model.setChecked(first, false);
    model.setChecked(first, false);
    assert.equal(model.summary('upload').leftOut, 1);
    model.setGroupChecked('upload', false);
    assert.equal(model.leaveOut.size, 1200);
    assert.equal(model.summary('upload').leftOut, 1200);
    model.setChecked(first, true);
    assert.equal(model.leaveOut.size, 1199);
    model.setGroupChecked('upload', true);
    assert.deepEqual([...model.leaveOut], []);
    assert.equal(model.summary('upload').leftOut, 0);
  });

  it('has no box for what cannot be run', () => {
    const model = new PlanModel(planOf([conflict, blocked]));
    for (const item of [conflict, blocked]) {
      assert.equal(model.isChecked(item), undefined);
      model.setChecked(item, false);
    }
    assert.equal(model.leaveOut.size, 0);
  });

  it('runs a conflict once it is decided, and not when it is opened again', () => {
    const model = new PlanModel(planOf([upload, conflict, blocked]));
    model.resolve(conflict, 'keepBoth');
    model.resolve(blocked, 'keepBoth');
    assert.deepEqual([...model.resolutions], [['both', 'keepBoth']]);
    assert.equal(model.isChecked(conflict), true);
    assert.equal(model.summary('conflict').runnable, 1);
    model.setChecked(conflict, false);
    assert.ok(model.leaveOut.has('both'));
    model.resolve(conflict, 'far');
    assert.equal(model.isChecked(conflict), true);
    model.resolve(conflict, undefined);
    assert.equal(model.isChecked(conflict), undefined);
    assert.equal(model.resolutions.size, 0);
  });

  it('shows groups page by page', () => {
    const model = new PlanModel(planOf(many(1200)));
    assert.equal(model.page('upload').items.length, 500);
    assert.equal(model.page('upload').rest, 700);
    model.showMore('upload');
    model.showMore('upload');
    assert.equal(model.page('upload').items.length, 1200);
    assert.equal(model.page('upload').rest, 0);
  });
});
