import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { readObjectAttributes, writeObjectAttributes } from '../../../src/core/objectAttributes.ts';
import { formatMtime, parseMd5, parseMtime } from '../../../src/core/rcloneAttributes.ts';
import {
  formatS3cmdAttributes,
  parseS3cmdAttributes,
  type S3cmdAttributes,
} from '../../../src/core/s3cmdAttributes.ts';

const second = 1_000_000_000n;
const time = fc.bigInt({ min: -62_135_596_800n * second, max: 253_402_300_800n * second - 1n });
const wholeSecond = time.map((ns) => (ns / second) * second);
const md5 = fc
  .uint8Array({ minLength: 16, maxLength: 16 })
  .map((b) => Buffer.from(b).toString('base64'));
const id = fc.nat({ max: 2 ** 32 - 1 });
const name = fc.string({ unit: 'binary', minLength: 1 });

const s3cmdFields = {
  atimeNs: fc.option(wholeSecond, { nil: undefined }),
  ctimeNs: fc.option(wholeSecond, { nil: undefined }),
  mtimeNs: fc.option(wholeSecond, { nil: undefined }),
  uid: fc.option(id, { nil: undefined }),
  gid: fc.option(id, { nil: undefined }),
  uname: fc.option(name, { nil: undefined }),
  gname: fc.option(name, { nil: undefined }),
  mode: fc.option(fc.nat({ max: 0o177777 }), { nil: undefined }),
  md5: fc.option(md5, { nil: undefined }),
};
const s3cmdAttributes: fc.Arbitrary<S3cmdAttributes> = fc.record(s3cmdFields, {
  noNullPrototype: true,
});

// As s3cmd wrote it.
const recorded =
  'atime:1538875848/ctime:1534869850/gid:0/gname:root/md5:38103f9a76bb14e2abbc051b65722cff/mode:33188/mtime:1534772680/uid:0/uname:root';

describe('rcloneAttributes', () => {
  const written: Record<string, bigint> = {
    '1354040105.123456789': 1354040105123456789n,
    '1354040105.12': 1354040105120000000n,
    '1354040105': 1354040105000000000n,
    '0': 0n,
    '0.000000001': 1n,
    '-0.5': -500000000n,
    '-1.5': -1500000000n,
  };
  for (const [text, mtimeNs] of Object.entries(written)) {
    it(`reads and writes the mtime ${text}`, () => {
      assert.equal(parseMtime(text), mtimeNs);
      assert.equal(formatMtime(mtimeNs), text);
    });
  }

  it('reads back every mtime', () => {
    fc.assert(
      fc.property(time, (mtimeNs) => {
        const text = formatMtime(mtimeNs);
        assert.match(text, /^-?\d+(\.\d{0,8}[1-9])?$/);
        assert.equal(parseMtime(text), mtimeNs);
      }),
    );
  });

  it('takes what others write: zeros at the end, more digits, spaces around', () => {
    assert.equal(parseMtime('1534772680.0'), 1534772680n * second);
    assert.equal(parseMtime('1534772680.'), 1534772680n * second);
    assert.equal(parseMtime(' 1.1234567899 '), 1123456789n);
  });

  for (const text of ['', '.', '-', '1e9', '0x10', 'now', '1,5', '1.-5', 'NaN', '1 2', '１']) {
    it(`refuses ${JSON.stringify(text)} as an mtime`, () => {
      assert.equal(parseMtime(text), undefined);
    });
  }

  it('refuses milliseconds, which would be a year beyond 9999', () => {
    assert.equal(parseMtime('1534772680123'), undefined);
    assert.equal(parseMtime('9'.repeat(100_000)), undefined);
  });

  it('reads an MD5 with and without padding, and nothing else', () => {
    fc.assert(
      fc.property(md5, (text) => {
        assert.equal(parseMd5(text), text);
        assert.equal(parseMd5(text.slice(0, 22)), text);
      }),
    );
    const hex = '38103f9a76bb14e2abbc051b65722cff';
    for (const text of ['', hex, 'Q2uTy2CxpUThcAfUAnc8m', 'Q2uTy2CxpUThcAfUAnc8mR==']) {
      assert.equal(parseMd5(text), undefined);
    }
  });
});

describe('s3cmdAttributes', () => {
  it('reads and writes what s3cmd wrote, to the letter', () => {
    const attributes = parseS3cmdAttributes(recorded);
    assert.deepEqual(attributes, {
      atimeNs: 1538875848n * second,
      ctimeNs: 1534869850n * second,
      mtimeNs: 1534772680n * second,
      uid: 0,
      gid: 0,
      uname: 'root',
      gname: 'root',
      mode: 33188,
      md5: Buffer.from('38103f9a76bb14e2abbc051b65722cff', 'hex').toString('base64'),
    });
    assert.equal(formatS3cmdAttributes(attributes), recorded);
  });

  it('reads back everything, and s3cmd could split it', () => {
    fc.assert(
      fc.property(s3cmdAttributes, (attributes) => {
        const text = formatS3cmdAttributes(attributes);
        assert.deepEqual(parseS3cmdAttributes(text), attributes);
        assert.match(text, /^[\x20-\x7e]*$/);
        const parts = text === '' ? [] : text.split('/');
        for (const part of parts) assert.equal(part.split(':').length, 2);
        const names = parts.map((part) => part.split(':')[0]);
        assert.deepEqual(names, [...names].sort());
      }),
    );
  });

  it('never throws, whatever somebody wrote', () => {
    const junk = fc
      .array(fc.constantFrom(':', '/', '%', '%zz', 'md5', 'mtime', 'uid', 'uname', '1', '-', ' '))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(junk, fc.string({ unit: 'binary' })), (text) => {
        parseS3cmdAttributes(text);
      }),
    );
  });

  it('leaves out what makes no sense and keeps the rest', () => {
    const attributes = parseS3cmdAttributes('x/md5:zz/mode:-1/mtime:1.5/uid:7/uname:a%zz/gname:');
    assert.equal(attributes.md5, undefined);
    assert.equal(attributes.mode, undefined);
    assert.equal(attributes.mtimeNs, 1500000000n);
    assert.equal(attributes.uid, 7);
    assert.equal(attributes.uname, 'a%zz');
    assert.equal(attributes.gname, undefined);
  });
});

describe('objectAttributes', () => {
  it('reads back what it writes, in both formats', () => {
    const file = fc.record({ mtimeNs: time, md5 });
    fc.assert(
      fc.property(
        file,
        fc.option(s3cmdAttributes, { nil: undefined }),
        ({ mtimeNs, md5 }, s3cmd) => {
          const metadata = writeObjectAttributes({ mtimeNs, md5 }, s3cmd);
          const read = readObjectAttributes(metadata);
          assert.equal(read.mtimeNs, mtimeNs);
          assert.equal(read.md5, md5);
          assert.equal(read.gpgEncrypted, false);
          assert.equal(read.s3cmd?.uname, s3cmd?.uname);
          if (s3cmd !== undefined) assert.equal(read.s3cmd?.md5, md5);
        },
      ),
    );
  });

  it('reads s3cmd alone, and prefers the finer mtime of rclone', () => {
    const alone = readObjectAttributes({ 's3cmd-attrs': recorded });
    assert.equal(alone.mtimeNs, 1534772680n * second);
    assert.equal(
      alone.md5,
      Buffer.from('38103f9a76bb14e2abbc051b65722cff', 'hex').toString('base64'),
    );
    const both = readObjectAttributes({ 's3cmd-attrs': recorded, mtime: '1534772680.25' });
    assert.equal(both.mtimeNs, 1534772680250000000n);
  });

  it('believes no MD5 if two differ', () => {
    const other = createHash('md5').update('other').digest('base64');
    const metadata = { 's3cmd-attrs': recorded, md5chksum: other };
    assert.equal(readObjectAttributes(metadata).md5, undefined);
  });

  it('says that the MD5 is of the decrypted content of s3cmd -e', () => {
    const read = readObjectAttributes({ 's3cmd-attrs': recorded, 's3tools-gpgenc': 'gpg' });
    assert.equal(read.gpgEncrypted, true);
  });

  it('reads nothing from no metadata', () => {
    assert.deepEqual(readObjectAttributes(), {
      mtimeNs: undefined,
      md5: undefined,
      bodyMd5: undefined,
      gpgEncrypted: false,
      s3cmd: undefined,
    });
    assert.deepEqual(writeObjectAttributes({}), {});
    assert.deepEqual(writeObjectAttributes({}, {}), {});
  });
});
