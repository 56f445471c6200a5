import assert from 'node:assert/strict';
import { formatReport, type TransferReport } from '../../../../src/ui/transfers/transferReport.ts';

describe('formatReport', () => {
  const report: TransferReport = {
    ...{ kind: 'upload', label: 'a → b', state: 'failed', succeeded: 1, skipped: 0 },
    failures: [
      { connection: 'c', bucket: 'b', key: 'x,"y"\n', path: '/z', message: 'It failed.' },
      { connection: 'c', bucket: 'b', key: 'plain', message: 'It failed, too.' },
    ],
  };

  it('writes JSON with everything', () => {
    assert.deepEqual(JSON.parse(formatReport(report, 'json')), report);
  });

  it('writes the failures as CSV', () => {
    assert.equal(
      formatReport(report, 'csv'),
      [
        'connection,bucket,key,path,message',
        'c,b,"x,""y""\n",/z,It failed.',
        'c,b,plain,,"It failed, too."',
        '',
      ].join('\r\n'),
    );
  });
});
