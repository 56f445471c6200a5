import assert from 'node:assert/strict';
import { Probe } from './probe.ts';
import type { Row } from './table/row.ts';
import { serverTable } from './table/serverTable.ts';
import { onEveryServer } from './subject.ts';

onEveryServer('the server table', ({ server, buckets, raw }) => {
  let probe: Probe;
  before(async () => {
    probe = await Probe.create(raw, buckets);
  });
  for (const [title, rows] of Object.entries(serverTable)) {
    describe(title, () => {
      for (const row of rows) {
        it(row.question, async () => {
          const answer = await row.ask(probe);
          const expected = expectedOf(row);
          assert.ok(expected.includes(answer), `${answer} instead of ${expected.join(' or ')}`);
        });
      }
    });
  }

  /** Another server may answer as any that is known: the store copes with all of it. */
  function expectedOf(row: Row): string[] {
    return server.like === 'aws' ? [row.minio, row.ceph] : [row[server.like]];
  }
});
