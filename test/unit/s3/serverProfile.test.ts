import assert from 'node:assert/strict';
import { ServerProfile } from '../../../src/s3/serverProfile.ts';
import { serverTraits } from '../../../src/s3/serverTraits.ts';

/** Headers of real answers, measured. */
const answers = {
  aws: { server: 'AmazonS3', 'x-amz-request-id': '0A49CE4060975EAC', 'x-amz-id-2': 'abc=' },
  minio: { server: 'MinIO', 'x-amz-request-id': '18EA3DBA9CEABBA7' },
  ceph: { 'x-amz-request-id': 'tx00000cfb2947f6b9f90e3-006b025649-1009-default' },
  other: { server: 'SeaweedFS 4.0', 'x-amz-request-id': '1763779273' },
};

describe('the profile of a server', () => {
  for (const [kind, headers] of Object.entries(answers)) {
    it(`recognises ${kind}`, () => {
      const server = new ServerProfile();
      assert.equal(server.kind, undefined);
      server.learn({ status: 200, headers });
      assert.equal(server.kind, kind);
    });
  }

  it('recognises Ceph behind a proxy, and keeps what it knows', () => {
    const server = new ServerProfile();
    server.learn({ status: 502, headers: { server: 'nginx' } });
    assert.equal(server.kind, 'other');
    server.learn({ status: 200, headers: { server: 'nginx', ...answers.ceph } });
    assert.equal(server.kind, 'ceph');
    server.learn({ status: 502, headers: { server: 'nginx' } });
    assert.equal(server.kind, 'ceph');
    assert.equal(server.server, 'nginx');
  });

  it('promises nothing of a server that it does not know', () => {
    const server = new ServerProfile();
    const unknown = { server: undefined, conditionalPut: 'unknown', serverSideCopy: 'unknown' };
    assert.deepEqual(serverTraits(server), unknown);
    server.learn({ status: 200, headers: answers.other });
    assert.equal(serverTraits(server).conditionalPut, 'comparedBefore');
    assert.equal(server.leadingSlash, 'unknown');
    assert.equal(server.habits.copyObject, 'untested');
  });

  it('remembers for each bucket how If-Match is written', () => {
    const server = new ServerProfile();
    server.learn({ status: 200, headers: answers.ceph });
    assert.equal(server.etagForm('a'), 'unquoted');
    server.learnEtagForm('a', 'none', false);
    assert.equal(server.etagForm('a'), 'none');
    assert.equal(server.etagForm('b'), 'unquoted');
    assert.ok(!server.isProven('a'));
    assert.equal(serverTraits(server).conditionalPut, 'comparedBefore');
  });
});
