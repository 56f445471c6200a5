import assert from 'node:assert/strict';
import { StoreError } from '../../../../src/core/storeError.ts';
import { FailureReports } from '../../../../src/ui/files/failureReports.ts';

describe('FailureReports', () => {
  let shown: unknown[];
  let reports: FailureReports;
  beforeEach(() => {
    shown = [];
    reports = new FailureReports((error) => shown.push(error));
  });

  it('shows a failed read once', () => {
    const error = new StoreError('forbidden', 'no right');
    reports.ofRead(error, 'a');
    reports.ofRead(new StoreError('forbidden', 'no right'), 'a');
    assert.deepEqual(shown, [error]);
    reports.ofRead(new StoreError('customerKeyMismatch', 'wrong key'), 'a');
    reports.ofRead(error, 'b');
    assert.equal(shown.length, 3);
  });

  it('shows what fails for a whole connection once for all of it', () => {
    const details = { connection: 'c' };
    reports.ofStat(new StoreError('network', 'not reached', details));
    reports.ofRead(new StoreError('network', 'not reached', details), 'a');
    reports.ofRead(new StoreError('network', 'not reached', details), 'b');
    assert.equal(shown.length, 1);
  });

  it('leaves it to VS Code to say that something is missing, and keeps quiet about probes', () => {
    reports.ofRead(new StoreError('notFound', 'nothing'), 'a');
    reports.ofStat(new StoreError('forbidden', 'no right'));
    assert.deepEqual(shown, []);
  });
});
