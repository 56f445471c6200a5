import assert from 'node:assert/strict';
import type { PlanItem } from '../../../../src/transfer/sync/planItem.ts';
import { AgreedItems } from '../../../../src/ui/sync/agreedItems.ts';
import { file, object, planOf } from './plans.ts';

function upload(path: string): PlanItem {
  return { path, near: file(path, 1), action: 'upload', to: 'far', reason: 'new' };
}

function deletion(path: string): PlanItem {
  return { path, far: object(path, 1), action: 'deleteRemote', from: 'far', reason: 'deleted' };
}

function conflict(path: string, near = 1, far = 2): PlanItem {
  const sides = { near: file(path, near), far: object(path, far) };
  return { path, ...sides, action: 'conflict', reason: 'bothChanged' };
}

describe('AgreedItems', () => {
  const resolutions = new Map([['torn', 'keepBoth' as const]]);
  const plan = planOf([upload('a'), upload('left'), deletion('gone'), conflict('torn')]);
  const agreed = new AgreedItems(plan, { leaveOut: new Set(['left']), resolutions });

  it('runs again what was agreed to, and decides the same', () => {
    const choices = agreed.choicesFor(plan);
    assert.deepEqual([...choices.leaveOut], ['left']);
    assert.deepEqual([...choices.resolutions], [...resolutions]);
  });

  it('leaves out what came up since, above all deletions', () => {
    const later = planOf([upload('a'), upload('new'), deletion('other'), conflict('fresh')]);
    const choices = agreed.choicesFor(later);
    assert.deepEqual([...choices.leaveOut], ['new', 'other']);
    assert.deepEqual([...choices.resolutions], []);
  });

  it('decides nothing about a conflict of other contents than those that were seen', () => {
    for (const later of [conflict('torn', 1, 3), conflict('torn', 3, 2)]) {
      assert.deepEqual([...agreed.choicesFor(planOf([later])).resolutions], []);
    }
  });

  it('leaves out what would now be done in another way', () => {
    const later = planOf([deletion('a'), upload('gone')]);
    assert.deepEqual([...agreed.choicesFor(later).leaveOut], ['a', 'gone']);
  });
});
