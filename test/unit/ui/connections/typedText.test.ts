import assert from 'node:assert/strict';
import { suggestRegion } from '../../../../src/ui/connections/regions.ts';
import { bucketsFrom, endpointFrom } from '../../../../src/ui/connections/typedText.ts';

describe('typed endpoints', () => {
  for (const [typed, endpoint] of [
    ['s3.example.com', 'https://s3.example.com'],
    [' S3.Example.com:9000/ ', 'https://s3.example.com:9000'],
    ['https://s3.example.com:443/', 'https://s3.example.com'],
    ['http://127.0.0.1:9000', 'http://127.0.0.1:9000'],
    ['localhost:9000', 'https://localhost:9000'],
    ['[::1]:9000', 'https://[::1]:9000'],
    ['', undefined],
    ['https:', undefined],
    ['https:/', undefined],
    ['https://', undefined],
    ['https://user@host', undefined],
    ['https://host/path', undefined],
    ['ftp://host', undefined],
    ['two words', undefined],
  ] as const) {
    it(`reads ${JSON.stringify(typed)} as ${endpoint ?? 'none'}`, () => {
      assert.equal(endpointFrom(typed), endpoint);
    });
  }
});

describe('typed buckets', () => {
  it('are names between commas or spaces, each once', () => {
    assert.deepEqual(bucketsFrom(' a, b;c\na '), ['a', 'b', 'c']);
    assert.equal(bucketsFrom('  '), undefined);
  });
});

describe('suggestRegion', () => {
  for (const [endpoint, region] of [
    ['https://s3.eu-central-1.wasabisys.com', 'eu-central-1'],
    ['https://s3-us-west-2.example.com', 'us-west-2'],
    ['https://s3.example.com', 'us-east-1'],
    ['https://127.0.0.1:9000', 'us-east-1'],
  ] as const) {
    it(`reads ${region} in ${endpoint}`, () => {
      assert.equal(suggestRegion(endpoint), region);
    });
  }
});
