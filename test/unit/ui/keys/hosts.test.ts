import assert from 'node:assert/strict';
import type { Connection } from '../../../../src/core/connection.ts';
import { hostFrom, hostsOf } from '../../../../src/ui/keys/hosts.ts';

describe('hostFrom', () => {
  for (const [text, host] of [
    ['S3.Example.com', 's3.example.com'],
    [' s3.example.com:9000 ', 's3.example.com:9000'],
    ['https://s3.example.com:443/', 's3.example.com'],
    ['[::1]:9000', '[::1]:9000'],
    ['http://s3.example.com', undefined],
    ['s3.example.com/bucket', undefined],
    ['user@s3.example.com', undefined],
    ['two words', undefined],
    ['', undefined],
  ] as const) {
    it(`reads ${JSON.stringify(text)} as ${host ?? 'none'}`, () => {
      assert.equal(hostFrom(text), host);
    });
  }
});

describe('hostsOf', () => {
  it('has each host once, and none that is not encrypted', () => {
    const connection = (endpoint?: string): Connection => ({
      name: 'c',
      endpoint,
      region: 'us-east-1',
      addressing: 'path',
      credentials: { source: 'environment' },
    });
    const connections = [
      connection('https://a:9000'),
      connection('https://a:9000'),
      connection('http://b'),
      connection(),
    ];
    assert.deepEqual(hostsOf(connections), ['a:9000', 's3.amazonaws.com']);
  });
});
