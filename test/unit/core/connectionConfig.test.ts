import assert from 'node:assert/strict';
import {
  connectionEntry,
  readConnections,
  readEndpoint,
} from '../../../src/core/connectionConfig.ts';
import { isConnectionName, suggestConnectionName } from '../../../src/core/connectionName.ts';

const credentials = { source: 'accessKey' };
const minimal = { region: 'eu-central-1', credentials };

/** The problems of a setting, one a line: path: message. */
function problemsOf(setting: unknown): string[] {
  return readConnections(setting).problems.map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  );
}

/** The only problem of an entry. */
function problemOf(entry: unknown): string {
  const problems = problemsOf({ c: entry });
  assert.equal(problems.length, 1, problems.join('\n'));
  return problems[0] ?? '';
}

describe('connectionConfig', () => {
  it('has no connections without a setting', () => {
    assert.deepEqual(readConnections(undefined), { connections: [], problems: [] });
    assert.deepEqual(readConnections({}), { connections: [], problems: [] });
  });

  it('addresses AWS by host name and other endpoints by path', () => {
    const { connections } = readConnections({
      aws: minimal,
      own: { ...minimal, endpoint: 'https://s3.example.com' },
      other: { ...minimal, endpoint: 'https://s3.example.com', addressing: 'virtualHost' },
    });
    assert.deepEqual(
      connections.map(({ name, addressing }) => [name, addressing]),
      [
        ['aws', 'virtualHost'],
        ['own', 'path'],
        ['other', 'virtualHost'],
      ],
    );
  });

  it('reads everything that a connection can have, and writes it back', () => {
    const entry = {
      endpoint: 'https://s3.example.com:9000',
      region: 'us-east-1',
      addressing: 'path',
      caFile: '/etc/ssl/ca.pem',
      buckets: ['one', 'two'],
      credentials: { source: 'profile', profile: 'work' },
      checksums: 'whenRequired',
    };
    const { connections, problems } = readConnections({ own: entry });
    assert.deepEqual(problems, []);
    assert.deepEqual(connections, [{ name: 'own', ...entry }]);
    assert.deepEqual(connections.map(connectionEntry), [entry]);
  });

  it('keeps the good connections beside the bad ones', () => {
    const { connections, problems } = readConnections({
      'Not A Slug': minimal,
      bad: { credentials },
      worse: 'x',
      good: minimal,
    });
    assert.deepEqual(
      connections.map(({ name }) => name),
      ['good'],
    );
    assert.deepEqual(
      problems.map(({ setting, path }) => [setting, ...path]),
      [
        ['ssec.connections', 'Not A Slug'],
        ['ssec.connections', 'bad', 'region'],
        ['ssec.connections', 'worse'],
      ],
    );
  });

  it('names what is wrong in a sentence', () => {
    assert.deepEqual(problemsOf('x'), [
      ': The connections must be an object of name → connection.',
    ]);
    assert.deepEqual(problemsOf([]), [': The connections must be an object of name → connection.']);
    assert.equal(problemOf({ credentials }), 'c.region: The field "region" is missing.');
    assert.equal(problemOf({ region: 'x' }), 'c.credentials: The field "credentials" is missing.');
    assert.match(problemOf(null), /^c: A connection must be an object/);
    assert.match(problemOf({ ...minimal, region: '' }), /^c\.region: The region must be a text/);
    assert.match(problemOf({ ...minimal, region: 5 }), /^c\.region: The region must be a text/);
    assert.match(problemOf({ ...minimal, endpoint: 'x' }), /^c\.endpoint: The endpoint must be an/);
    assert.match(problemOf({ ...minimal, addressing: 'x' }), /^c\.addressing: The addressing must/);
    assert.match(
      problemOf({ ...minimal, buckets: 'x' }),
      /^c\.buckets: The buckets must be a list/,
    );
    assert.match(problemOf({ ...minimal, buckets: ['a', ''] }), /^c\.buckets\.1: A bucket must be/);
    assert.match(problemOf({ ...minimal, buckets: ['a/b'] }), /^c\.buckets\.0: .* no slash/);
    assert.match(problemOf({ ...minimal, checksums: 'x' }), /^c\.checksums: The checksums must be/);
  });

  it('says where credentials belong', () => {
    const message = /^c\.credentials.*The credentials must be \{"source": "accessKey"\}/;
    assert.match(problemOf({ ...minimal, credentials: 'x' }), message);
    assert.match(problemOf({ ...minimal, credentials: { source: 'x' } }), message);
    const profile = problemOf({ ...minimal, credentials: { source: 'profile', profile: '' } });
    assert.match(profile, /^c\.credentials\.profile: The profile must be a text/);
  });

  it('uses an entry with unknown fields, and says so without repeating their values', () => {
    const setting = {
      c: {
        ...minimal,
        adressing: 'path',
        credentials: { ...credentials, secretAccessKey: 's3cr3t' },
      },
    };
    assert.equal(readConnections(setting).connections.length, 1);
    const problems = problemsOf(setting);
    assert.deepEqual(
      problems.map((problem) => problem.split(':')[0]),
      ['c.adressing', 'c.credentials.secretAccessKey'],
    );
    assert.doesNotMatch(problems.join('\n'), /s3cr3t/);
  });

  it('asks the server for buckets if the list is empty', () => {
    const { connections } = readConnections({ c: { ...minimal, buckets: [] } });
    assert.equal(connections[0]?.buckets, undefined);
  });

  it('reads endpoints', () => {
    const expected: Record<string, string | undefined> = {
      'https://s3.example.com': 'https://s3.example.com',
      'https://S3.Example.com:443/': 'https://s3.example.com',
      'http://127.0.0.1:9000': 'http://127.0.0.1:9000',
      'https://[::1]:9000': 'https://[::1]:9000',
      'https://s3.example.com/path': undefined,
      'https://s3.example.com?x': undefined,
      'https://s3.example.com/#': undefined,
      'https://user:password@s3.example.com': undefined,
      'https://@s3.example.com': undefined,
      's3.example.com': undefined,
      'localhost:9000': undefined,
      'ftp://s3.example.com': undefined,
      'https://': undefined,
      '': undefined,
    };
    for (const [endpoint, read] of Object.entries(expected)) {
      assert.equal(readEndpoint(endpoint), read, endpoint);
    }
  });
});

describe('connectionName', () => {
  it('is a slug', () => {
    for (const name of ['a', '1', 'my-minio', 'a'.repeat(63)]) assert.ok(isConnectionName(name));
    for (const name of ['', 'A', 'a.b', 'a_b', 'a b', 'é', 'a\n', 'a'.repeat(64)]) {
      assert.ok(!isConnectionName(name), name);
    }
  });

  it('is suggested by a host', () => {
    assert.equal(suggestConnectionName('S3.Example.com:9000'), 's3-example-com-9000');
    assert.equal(suggestConnectionName('…'), 'connection');
    assert.equal(suggestConnectionName('aws', ['aws', 'aws-2']), 'aws-3');
    assert.ok(isConnectionName(suggestConnectionName('x'.repeat(200))));
  });
});
