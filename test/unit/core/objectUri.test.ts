import assert from 'node:assert/strict';
import { posix } from 'node:path';
import fc from 'fast-check';
import { parentPrefix } from '../../../src/core/address.ts';
import {
  connectionUriParts,
  entryName,
  fromUriParts,
  MalformedUriError,
  objectAddressOf,
  parseS3Address,
  prefixAddressOf,
  toUriParts,
} from '../../../src/core/objectUri.ts';
import { nastyKey, prefix } from './nastyKeys.ts';

const at = { connection: 'minio', bucket: 'bucket' };

function pathOf(key: string): string {
  return toUriParts({ ...at, key }).path;
}

function pathOfPrefix(text: string, besideObject = false): string {
  return toUriParts({ ...at, prefix: text }, besideObject).path;
}

function location(path: string): object {
  return fromUriParts({ authority: 'minio', path });
}

const ofKeys: Record<string, string> = {
  a: '/bucket/a',
  'a/b.txt': '/bucket/a/b.txt',
  'a//b': '/bucket/a/%/b',
  '/x': '/bucket/%/x',
  '/': '/bucket/%/%',
  'dir/': '/bucket/dir/%',
  'dir//': '/bucket/dir/%/%',
  '.': '/bucket/%2E',
  '..': '/bucket/%2E%2E',
  'a/../b': '/bucket/a/%2E%2E/b',
  '...': '/bucket/...',
  '.hidden': '/bucket/.hidden',
  '%': '/bucket/%25',
  '%2F': '/bucket/%252F',
  'a%2F': '/bucket/a%252F',
  '%2E': '/bucket/%252E',
  'a?b#c+d&e f': '/bucket/a?b#c+d&e f',
  ' a ': '/bucket/ a ',
  'a\\b': '/bucket/a\\b',
  'C:/x': '/bucket/C:/x',
  'line\nbreak\u0001': '/bucket/line\nbreak\u0001',
  '😀\uffff': '/bucket/😀\uffff',
};

describe('objectUri', () => {
  for (const [key, path] of Object.entries(ofKeys)) {
    it(`writes the object key ${JSON.stringify(key)} as ${JSON.stringify(path)} and reads it`, () => {
      assert.deepEqual(toUriParts({ ...at, key }), { scheme: 'ssec', authority: 'minio', path });
      assert.deepEqual(objectAddressOf({ authority: 'minio', path }), { ...at, key });
    });
  }

  it('keeps NFC beside NFD', () => {
    assert.notEqual(pathOf('\u00e9'), pathOf('e\u0301'));
  });

  it('reads back every object key', () => {
    fc.assert(
      fc.property(nastyKey, (key) => {
        assert.deepEqual(objectAddressOf(toUriParts({ ...at, key })), { ...at, key });
      }),
      { numRuns: 2000 },
    );
  });

  it('reads back every prefix, also beside an object', () => {
    fc.assert(
      fc.property(prefix, fc.boolean(), (text, besideObject) => {
        const parts = toUriParts({ ...at, prefix: text }, besideObject);
        assert.deepEqual(prefixAddressOf(parts), { ...at, prefix: text });
        if (besideObject) assert.equal(objectAddressOf(parts), undefined);
      }),
      { numRuns: 2000 },
    );
  });

  it('gives different object keys different paths', () => {
    fc.assert(
      fc.property(nastyKey, nastyKey, (one, other) => {
        assert.equal(pathOf(one) === pathOf(other), one === other);
      }),
      { numRuns: 2000 },
    );
  });

  it('reads a path as an object only if the object is written as that path, but for aliases', () => {
    const segment = fc.stringMatching(/^(%|%2E|%2F|%25|%zz|\.|a|\/){0,6}$/);
    fc.assert(
      fc.property(segment, (text) => {
        const path = `/bucket/${text}`;
        let address;
        try {
          address = objectAddressOf({ authority: 'minio', path });
        } catch (error) {
          assert.ok(error instanceof MalformedUriError);
          return;
        }
        if (address !== undefined)
          assert.equal(toUriParts(address).path, path.replace(/%2F(?=\/)/g, ''));
      }),
      { numRuns: 2000 },
    );
  });

  it('writes paths that no normalisation changes', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          nastyKey.map(pathOf),
          prefix.map((text) => pathOfPrefix(text)),
        ),
        (path) => {
          assert.equal(posix.normalize(path), path);
          assert.equal(posix.join(path, '.'), path);
          assert.ok(!path.endsWith('/'));
          assert.ok(!path.includes('//'));
          // VS Code percent-encodes a URI's text and decodes it again.
          assert.equal(decodeURIComponent(encodeURIComponent(path)), path);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('joins a directory and the name of an entry to the path of the entry', () => {
    fc.assert(
      fc.property(nastyKey, (key) => {
        const directory = pathOfPrefix(parentOf(key));
        assert.equal(posix.join(directory, entryName({ key })), pathOf(key));
      }),
      { numRuns: 2000 },
    );
    fc.assert(
      fc.property(
        prefix.filter((text) => text !== ''),
        fc.boolean(),
        (text, besideObject) => {
          const directory = pathOfPrefix(parentPrefix(text));
          const name = entryName({ prefix: text }, besideObject);
          assert.equal(posix.join(directory, name), pathOfPrefix(text, besideObject));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('writes connection, bucket and prefixes', () => {
    assert.deepEqual(connectionUriParts('minio'), {
      scheme: 'ssec',
      authority: 'minio',
      path: '/',
    });
    assert.equal(pathOfPrefix(''), '/bucket');
    assert.equal(pathOfPrefix('a/b/'), '/bucket/a/b');
    assert.equal(pathOfPrefix('a//'), '/bucket/a/%');
    assert.equal(pathOfPrefix('../'), '/bucket/%2E%2E');
    assert.equal(pathOfPrefix('/'), '/bucket/%');
    assert.equal(pathOfPrefix('a/', true), '/bucket/a%2F');
    assert.equal(pathOfPrefix('/', true), '/bucket/%%2F');
    assert.equal(pathOfPrefix('../', true), '/bucket/%2E%2E%2F');
  });

  it('tells a connection, a bucket, an entry and a marked prefix apart', () => {
    const { connection, bucket } = at;
    assert.deepEqual(location('/'), { connection });
    assert.deepEqual(location(''), { connection });
    assert.deepEqual(location('/bucket'), { connection, bucket, prefix: '' });
    assert.deepEqual(location('/bucket/'), { connection, bucket, prefix: '' });
    assert.deepEqual(location('/bucket/a'), { connection, bucket, key: 'a', prefix: 'a/' });
    assert.deepEqual(location('/bucket/a%2F'), { connection, bucket, prefix: 'a/' });
    assert.deepEqual(location('/bucket/a/'), { connection, bucket, prefix: 'a/' });
    assert.deepEqual(location('/bucket/%'), { connection, bucket, prefix: '/' });
    const aliased = { connection, bucket, key: 'a/b', prefix: 'a/b/' };
    assert.deepEqual(location('/bucket/a%2F/b'), aliased);
  });

  for (const path of [
    'bucket',
    '//a',
    '/bucket//a',
    '/bucket/a//',
    '/bucket/.',
    '/bucket/../a',
    '/bucket/%zz',
    '/bucket/%2e',
    '/bucket/%2Ea',
    '/bucket/%2F',
    '/bucket/a%2F%2F',
    '/bucket/a%2Fb',
    '/bucket/a%',
    '/bucket/%%',
    '/bucket%2F/a',
  ]) {
    it(`refuses the path ${path}`, () => {
      assert.throws(() => location(path), MalformedUriError);
    });
  }

  it('reads the authority without regard to case and refuses what is no connection', () => {
    assert.equal(fromUriParts({ authority: 'MinIO', path: '/' }).connection, 'minio');
    for (const authority of ['', 'a.b', 'a:1', 'a b']) {
      assert.throws(() => fromUriParts({ authority, path: '/' }), MalformedUriError);
    }
  });

  it('refuses to write what is no address', () => {
    for (const address of [
      { ...at, key: '' },
      { ...at, key: '\ud800' },
      { ...at, prefix: 'a' },
      { ...at, bucket: '', key: 'a' },
      { ...at, bucket: 'a/b', key: 'a' },
    ]) {
      assert.throws(() => toUriParts(address), RangeError);
    }
  });

  it('keeps a bucket from looking like a drive', () => {
    const address = { connection: 'ceph', bucket: 'C:bucket', key: 'x' };
    assert.equal(toUriParts(address).path, '/C%3Abucket/x');
    assert.deepEqual(objectAddressOf(toUriParts(address)), address);
  });

  it('reads s3:// addresses literally', () => {
    assert.deepEqual(parseS3Address('s3://b/a//b%20\n'), { bucket: 'b', key: 'a//b%20\n' });
    assert.deepEqual(parseS3Address('s3://b//x'), { bucket: 'b', key: '/x' });
    assert.deepEqual(parseS3Address('s3://b'), { bucket: 'b', key: '' });
    assert.deepEqual(parseS3Address('s3://b/'), { bucket: 'b', key: '' });
    for (const text of ['', 's3://', 's3:///a', 'http://b/a', 'b/a', ' s3://b/a']) {
      assert.equal(parseS3Address(text), undefined);
    }
  });
});

/** The prefix whose listing has the object as an entry. */
function parentOf(key: string): string {
  return key.slice(0, key.lastIndexOf('/') + 1);
}
