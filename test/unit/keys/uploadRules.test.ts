import assert from 'node:assert/strict';
import type { UploadDescription } from '../../../src/core/uploadDescription.ts';
import { splitHeaderList } from '../../../src/keys/uploadHeaders.ts';
import { readUploadRules } from '../../../src/keys/uploadRules.ts';

/** What the rules of a setting give an object, without what they say nothing about. */
function described(setting: unknown, key: string, bucket = 'b'): UploadDescription {
  const { rules, problems } = readUploadRules(setting);
  assert.deepEqual(problems, []);
  const description = rules.describe({ connection: 'c', bucket, key });
  return JSON.parse(JSON.stringify(description)) as UploadDescription;
}

function problemsOf(rule: unknown): string[] {
  const { problems } = readUploadRules({ 's3://b/**': rule });
  return problems.map(({ path, message }) => `${path.slice(1).join('.')}: ${message}`);
}

describe('uploadRules', () => {
  it('says nothing without rules, or where none matches', () => {
    for (const setting of [undefined, null, {}, { 's3://other/**': { storageClass: 'COLD' } }]) {
      assert.deepEqual(described(setting, 'a'), {});
    }
  });

  it('gives what a pattern says: fields, metadata and tags', () => {
    const rule = {
      ...{ contentType: 'text/x-log', cacheControl: 'no-store', storageClass: 'STANDARD_IA' },
      ...{ contentDisposition: 'attachment', contentEncoding: 'gzip', contentLanguage: 'de' },
      ...{ metadata: { Owner: 'me' }, tags: { Kind: 'log' }, s3cmdAttributes: true },
    };
    const { metadata, tags, s3cmdAttributes, ...properties } = rule;
    assert.ok(metadata.Owner);
    assert.deepEqual(described({ 's3://b/logs/**': rule }, 'logs/x'), {
      properties: { ...properties, metadata: { owner: 'me' } },
      ...{ tags, s3cmdAttributes },
    });
  });

  it('matches file names: the last segment, or the object key if there is a slash', () => {
    const setting = {
      '*.css': { contentType: 'text/css' },
      'assets/**': { cacheControl: 'max-age=1' },
    };
    const type = (key: string): string | undefined =>
      described(setting, key).properties?.contentType;
    assert.equal(type('a.css'), 'text/css');
    assert.equal(type('deep/er/a.css'), 'text/css');
    assert.equal(type('a.css/x'), undefined);
    assert.equal(described(setting, 'assets/x').properties?.cacheControl, 'max-age=1');
    assert.equal(described(setting, 'my/assets/x').properties?.cacheControl, undefined);
  });

  it('applies all rules that match, the more specific one last', () => {
    const setting = {
      's3://b/web/**': { cacheControl: 'max-age=9', tags: { team: 'web' }, metadata: { a: '2' } },
      '*.html': { cacheControl: 'no-cache', contentLanguage: 'en', metadata: { a: '1', b: '1' } },
      's3://b/**': { storageClass: 'COLD', tags: { cost: 'x', team: 'all' } },
    };
    assert.deepEqual(described(setting, 'web/x.html'), {
      properties: {
        ...{ contentLanguage: 'en', storageClass: 'COLD', cacheControl: 'max-age=9' },
        metadata: { a: '2', b: '1' },
      },
      tags: { cost: 'x', team: 'web' },
    });
  });

  it('names the passphrase of GPG; null takes it back for what is more specific', () => {
    const setting = {
      's3://b/**': { encrypt: { gpg: 'team' } },
      's3://b/plain/**': { encrypt: null },
      's3://b/plain2/**': { encrypt: { gpg: null } },
    };
    assert.equal(described(setting, 'x').gpg, 'team');
    assert.equal(described(setting, 'plain/x').gpg, undefined);
    assert.equal(described(setting, 'plain2/x').gpg, undefined);
  });

  it('stores nothing by a rule about encryption that cannot be read', () => {
    for (const rule of [
      { encrypt: 'gpg' },
      { encrypt: { gpg: '' } },
      { encrypt: { gpg: 'a' }, x: 1 },
    ]) {
      const { rules, problems } = readUploadRules({ 's3://b/**': rule, '*.css': {} });
      assert.equal(problems.length, 1);
      assert.throws(() => rules.describe({ connection: 'c', bucket: 'b', key: 'a' }), {
        kind: 'invalid',
        message: /Nothing was stored; correct the setting ssec\.uploadRules/,
      });
      assert.deepEqual(rules.describe({ connection: 'c', bucket: 'other', key: 'a' }), {});
    }
  });

  it('takes headers as an object or a list; a field of the same meaning counts more', () => {
    const list =
      'Content-Type:text/a|cache-control: max-age=1 |x-amz-storage-class:COLD|X-Amz-Meta-Note:a:b\\|c';
    assert.deepEqual(
      described({ '**': { headers: list, contentType: 'text/b' } }, 'x').properties,
      {
        ...{ contentType: 'text/b', cacheControl: 'max-age=1', storageClass: 'COLD' },
        metadata: { note: 'a:b|c' },
      },
    );
    const headers = { 'x-amz-tagging': 'a=1&b=c%20d', Expires: 'soon' };
    const byObject = described({ '**': { headers } }, 'x');
    assert.deepEqual(byObject.tags, { a: '1', b: 'c d' });
    assert.equal(byObject.properties?.expires, 'soon');
  });

  it('splits a list of headers at bars that no backslash stands before', () => {
    assert.deepEqual(splitHeaderList('a:1|b:2:3|'), [
      ['a', '1'],
      ['b', '2:3'],
    ]);
    assert.deepEqual(splitHeaderList('a:x\\|y|b:\\\\|c:\\n'), [
      ['a', 'x|y'],
      ['b', '\\'],
      ['c', '\\n'],
    ]);
    assert.deepEqual(splitHeaderList(''), []);
    for (const list of ['a', 'a:1|b', ':1']) assert.throws(() => splitHeaderList(list));
  });

  it('refuses headers that are not the person’s to set, and says why', () => {
    const encryption = problemsOf({
      headers: 'x-amz-server-side-encryption-customer-key:c2VjcmV0',
    });
    assert.match(encryption.join(), /ssec\.keyRules/);
    assert.doesNotMatch(encryption.join(), /c2VjcmV0/);
    for (const name of ['authorization', 'Host', 'content-md5', 'content-length', 'x-amz-acl']) {
      assert.match(problemsOf({ headers: { [name]: 'v' } }).join(), /cannot be set here/, name);
    }
    for (const name of ['a b', 'a\r\nb', 'ä', '']) {
      assert.equal(problemsOf({ headers: { [name]: 'v' } }).length, 1, name);
    }
  });

  it('lets no value begin another header', () => {
    for (const value of ['a\r\nx-amz-acl: public-read', 'a\nb', 'a\u0000', '\ud800']) {
      for (const rule of [
        { cacheControl: value },
        { metadata: { a: value } },
        { headers: { 'content-type': value } },
        { headers: `x-amz-meta-a:${value}` },
      ]) {
        assert.match(problemsOf(rule).join(), /control characters/, JSON.stringify(rule));
      }
    }
  });

  it('knows what S3 cannot take', () => {
    const many = Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`t${index}`, '']));
    assert.match(problemsOf({ tags: many }).join(), /10 tags/);
    assert.match(problemsOf({ tags: { a: 'x'.repeat(257) } }).join(), /256/);
    assert.match(problemsOf({ metadata: { a: 'x'.repeat(2048) } }).join(), /2048 bytes/);
    assert.match(problemsOf({ metadata: { md5chksum: 'x' } }).join(), /SSE-C Explorer itself/);
    assert.match(problemsOf({ headers: 'x-amz-meta-s3tools-gpgenc:gpg' }).join(), /itself/);
    assert.match(problemsOf({ storageClass: 'A B' }).join(), /STANDARD_IA/);
  });

  it('explains what it cannot read without repeating a value, and keeps the rest', () => {
    assert.match(problemsOf({ contentTyp: 'x' }).join(), /contentTyp: This is not known here/);
    assert.match(problemsOf({ tags: { a: 1 } }).join(), /^tags\.a: Expected is string/);
    assert.match(problemsOf('secret').join(), /A rule is an object/);
    assert.doesNotMatch(problemsOf('secret').join(), /secret/);
    assert.equal(readUploadRules([]).problems.length, 1);
    const { rules, problems } = readUploadRules({
      's3://': { contentType: 'a/b' },
      '*.x': { contentType: 'a/b' },
      '*.y': { storageClass: 7 },
    });
    assert.equal(problems.length, 2);
    const { properties } = rules.describe({ connection: 'c', bucket: 'b', key: 'a.x' });
    assert.equal(properties?.contentType, 'a/b');
  });
});
