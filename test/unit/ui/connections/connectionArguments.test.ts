import assert from 'node:assert/strict';
import * as v from 'valibot';
import {
  addArguments,
  applyArguments,
  editArguments,
} from '../../../../src/ui/connections/connectionArguments.ts';
import {
  accessKeyOf,
  connectionOf,
  type ConnectionDraft,
  draftOf,
} from '../../../../src/ui/connections/connectionDraft.ts';

const credentials = { source: 'accessKey', accessKeyId: 'id', secretAccessKey: 'hunter2' } as const;

function draftFrom(args: unknown): ConnectionDraft {
  const parsed = v.parse(addArguments, args);
  const draft: ConnectionDraft = { service: 's3', name: parsed.name };
  applyArguments(draft, parsed);
  return draft;
}

describe('connectionArguments', () => {
  it('become a connection without secrets, and an access key', () => {
    const draft = draftFrom({ name: 'c', endpoint: 'S3.Example.com:9000/', credentials });
    assert.deepEqual(connectionOf(draft), {
      name: 'c',
      endpoint: 'https://s3.example.com:9000',
      region: 'us-east-1',
      addressing: 'path',
      caFile: undefined,
      buckets: undefined,
      credentials: { source: 'accessKey' },
      checksums: undefined,
    });
    assert.equal(accessKeyOf(draft)?.secretAccessKey.reveal(), 'hunter2');
    assert.doesNotMatch(JSON.stringify(draft), /hunter2/);
  });

  it('name AWS by the service', () => {
    const draft = draftFrom({
      name: 'c',
      service: 'aws',
      region: 'eu-west-1',
      credentials: { source: 'profile', profile: 'p' },
    });
    const connection = connectionOf(draft);
    assert.equal(connection.endpoint, undefined);
    assert.equal(connection.addressing, 'virtualHost');
    assert.deepEqual(connection.credentials, { source: 'profile', profile: 'p' });
    assert.equal(accessKeyOf(draft), undefined);
  });

  it('change only what they name; null takes away', () => {
    const before = connectionOf(
      draftFrom({ name: 'c', endpoint: 'https://a', caFile: '/ca', buckets: ['b'], credentials }),
    );
    const draft = draftOf(before, undefined, 'user');
    applyArguments(draft, v.parse(editArguments, { caFile: null, region: 'r' }));
    const after = connectionOf(draft);
    assert.deepEqual(after, { ...before, caFile: undefined, region: 'r' });
  });

  for (const [what, args, message] of [
    ['an unknown property', { endpont: 'https://a' }, /endpont/],
    ['an endpoint that is none', { endpoint: 'ftp://a' }, /https/],
    ['an endpoint with a path', { endpoint: 'https://a/b' }, /without path/],
    ['a name with capitals', { name: 'Conn' }, /a-z/],
    ['a secret in a wrong place', { credentials: { source: 'hunter2' } }, /accessKey/],
    ['a secret of a wrong type', { credentials: { ...credentials, secretAccessKey: 1 } }, /text/],
    ['a secret beside a profile', { credentials: { ...credentials, source: 'profile' } }, /./],
    ['buckets that are no list', { buckets: 'hunter2' }, /list/],
    ['a misspelt target', { target: 'hunter2' }, /user.* or .*workspace/],
  ] as const) {
    it(`refuse ${what}, without repeating a value`, () => {
      const result = v.safeParse(addArguments, args);
      assert.ok(!result.success);
      const messages = JSON.stringify(result.issues.map((issue) => issue.message));
      const path = JSON.stringify(result.issues.map((issue) => v.getDotPath(issue)));
      assert.match(messages + path, message);
      assert.doesNotMatch(messages + path, /hunter2/);
    });
  }
});
