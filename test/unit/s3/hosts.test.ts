import assert from 'node:assert/strict';
import type { Connection } from '../../../src/core/connection.ts';
import { canFollow, destinationOf, endpointOf } from '../../../src/s3/hosts.ts';

const aws: Connection = {
  ...{ name: 'aws', region: 'eu-central-1', addressing: 'virtualHost' },
  credentials: { source: 'environment' },
};
const china = { ...aws, region: 'cn-north-1' };
const own = { ...aws, endpoint: 'https://s3.example.org:9000' };

describe('hosts', () => {
  it('knows AWS by its regions, whatever the environment says', () => {
    assert.equal(endpointOf(aws, 'eu-central-1'), 'https://s3.eu-central-1.amazonaws.com');
    assert.equal(endpointOf(china, 'cn-north-1'), 'https://s3.cn-north-1.amazonaws.com.cn');
    assert.equal(endpointOf(own, 'anywhere'), 'https://s3.example.org:9000');
  });

  it('follows a bucket within its partition only', () => {
    assert.ok(canFollow(aws, 'us-east-1'));
    assert.ok(canFollow(china, 'cn-northwest-1'));
    for (const region of ['cn-north-1', 'us-gov-west-1', 'evil.example', '', 'a/b', '../x']) {
      assert.ok(!canFollow(aws, region), region);
    }
    assert.ok(!canFollow(china, 'us-east-1'));
    assert.ok(canFollow(own, 'default'));
    assert.ok(canFollow(own, 'eu-central-1'));
    assert.ok(!canFollow(own, 'evil.example'));
  });

  const destinations: [Connection, string, number | undefined, string, unknown][] = [
    [
      aws,
      's3.us-east-1.amazonaws.com',
      undefined,
      '/b/k',
      { own: true, bucket: 'b', isObject: true },
    ],
    [
      aws,
      'b.s3.us-east-1.amazonaws.com',
      undefined,
      '/k',
      { own: true, bucket: 'b', isObject: true },
    ],
    [
      aws,
      'b.c.s3.us-east-1.amazonaws.com',
      undefined,
      '/',
      { own: true, bucket: 'b.c', isObject: false },
    ],
    [
      aws,
      's3.us-east-1.amazonaws.com.evil.org',
      undefined,
      '/b/k',
      { own: false, bucket: 'b', isObject: true },
    ],
    [
      aws,
      's3.us-east-1.amazonaws.com.cn',
      undefined,
      '/b/k',
      { own: false, bucket: 'b', isObject: true },
    ],
    [
      aws,
      'evils3.us-east-1.amazonaws.com',
      undefined,
      '/b/k',
      { own: false, bucket: 'b', isObject: true },
    ],
    [aws, 's3.us-east-1.amazonaws.com', 8443, '/b/k', { own: false, bucket: 'b', isObject: true }],
    [
      china,
      's3.cn-north-1.amazonaws.com.cn',
      undefined,
      '/b',
      { own: true, bucket: 'b', isObject: false },
    ],
    [own, 's3.example.org', 9000, '/b/k', { own: true, bucket: 'b', isObject: true }],
    [own, 's3.example.org', 9000, '/b%C3%A9/k', { own: true, bucket: 'bé', isObject: true }],
    [own, 'B.S3.example.org', 9000, '/k', { own: true, bucket: 'b', isObject: true }],
    [own, 'b.s3.example.org', 9000, '//', { own: true, bucket: 'b', isObject: true }],
    [own, 's3.example.org', 443, '/b/k', { own: false, bucket: 'b', isObject: true }],
    [own, 's3.example.org', undefined, '/b/k', { own: false, bucket: 'b', isObject: true }],
    [own, 'example.org', 9000, '/b/k', { own: false, bucket: 'b', isObject: true }],
    [own, 'evils3.example.org', 9000, '/b/k', { own: false, bucket: 'b', isObject: true }],
    [own, 's3.example.org', 9000, '/b/', { own: true, bucket: 'b', isObject: false }],
    [own, 's3.example.org', 9000, '/b//', { own: true, bucket: 'b', isObject: true }],
    [own, 's3.example.org', 9000, '/', { own: true, bucket: '', isObject: false }],
  ];
  for (const [connection, hostname, port, path, expected] of destinations) {
    it(`sees where ${hostname}:${port ?? ''}${path} goes from ${connection.region}`, () => {
      assert.deepEqual(destinationOf(connection, { hostname, port, path }), expected);
    });
  }
});
