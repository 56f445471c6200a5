import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { CustomerKey } from '../../../src/core/customerKey.ts';
import {
  CustomerKeyFormatError,
  possibleReadings,
  readCustomerKey,
  type CustomerKeyFormat,
} from '../../../src/core/customerKeyFormat.ts';

/** Published vectors: the input, the key in base64, its fingerprint. */
const vectors: readonly [string, CustomerKeyFormat, string, string][] = [
  [
    '32bytesOfTotallyRandomCharacters',
    'text',
    'MzJieXRlc09mVG90YWxseVJhbmRvbUNoYXJhY3RlcnM=',
    'Q2uTy2CxpUThcAfUAnc8mQ==',
  ],
  [
    'Qi1sHpQnppeJAo5WyM8w/BGJXJmTO/LBg6dcjThY6nM=',
    'base64',
    'Qi1sHpQnppeJAo5WyM8w/BGJXJmTO/LBg6dcjThY6nM=',
    'IcpiSupe46fQ0fb5AGQ2RQ==',
  ],
  [
    'fS9LLRGAy8twrmcPSjhT9d0IhWPq4mhY93dFD5uaMEs=',
    'base64',
    'fS9LLRGAy8twrmcPSjhT9d0IhWPq4mhY93dFD5uaMEs=',
    'gKcvziaHN69dmEyMPyWa0g==',
  ],
];

const key = new CustomerKey(Buffer.from(vectors[1]?.[0] ?? '', 'base64'));
const bytes = Buffer.from(key.reveal());
const base64 = bytes.toString('base64');
const text = '12345678901234567890123456789012';

function read(input: string | Uint8Array): [CustomerKeyFormat, string] {
  const { format, key: found } = readCustomerKey(input);
  return [format, found.fingerprint];
}

describe('customerKeyFormat', () => {
  for (const [input, format, expected, fingerprint] of vectors) {
    it(`reads the vector with the fingerprint ${fingerprint} as ${format}`, () => {
      const reading = readCustomerKey(input);
      assert.equal(reading.format, format);
      assert.equal(Buffer.from(reading.key.reveal()).toString('base64'), expected);
      assert.equal(reading.key.fingerprint, fingerprint);
      assert.equal(possibleReadings(input).length, 1);
    });
  }

  it('agrees with node:crypto on the fingerprint of a text key', () => {
    assert.deepEqual(read(text), ['text', createHash('md5').update(text).digest('base64')]);
  });

  it('agrees with openssl on the fingerprint of a text key', () => {
    const digest = execFileSync('openssl', ['dgst', '-md5', '-binary'], { input: text });
    assert.deepEqual(read(text), ['text', digest.toString('base64')]);
  });

  const forms: Record<string, [string | Uint8Array, CustomerKeyFormat]> = {
    'aws-cli and rclone: base64': [base64, 'base64'],
    'mc: base64 without padding': [base64.slice(0, 43), 'base64 without padding'],
    'mc: hex': [bytes.toString('hex'), 'hex'],
    'hex in capitals': [bytes.toString('hex').toUpperCase(), 'hex'],
    'xxd -p: hex in two lines': [bytes.toString('hex').replace(/.{60}/, '$&\n'), 'hex'],
    'base64url, padded': [bytes.toString('base64url') + '=', 'base64url'],
    'base64url, not padded': [bytes.toString('base64url'), 'base64url'],
    'openssl rand, aws-cli fileb://, SFTP Gateway: 32 raw bytes': [bytes, 'raw'],
    'openssl rand -base64: a file with a line end': [Buffer.from(`${base64}\n`), 'base64'],
    'a file with a line end of Windows': [Buffer.from(`${base64}\r\n`), 'base64'],
    'a file with several line ends': [Buffer.from(`${base64}\n\n`), 'base64'],
    'a file with a byte order mark': [Buffer.from(`\uFEFF${base64}\r\n`), 'base64'],
    'a file without padding': [Buffer.from(`${base64.slice(0, 43)}\n`), 'base64 without padding'],
    'openssl rand -hex: a file with a line end': [Buffer.from(`${bytes.toString('hex')}\n`), 'hex'],
    'a file of PowerShell, in UTF-16': [Buffer.from(`\uFEFF${base64}\r\n`, 'utf16le'), 'base64'],
    'pasted with spaces around it': [`  ${base64}\t`, 'base64'],
  };
  for (const [name, [input, format]] of Object.entries(forms)) {
    it(`reads ${name}`, () => {
      assert.deepEqual(read(input), [format, key.fingerprint]);
    });
  }

  const texts: Record<string, [string | Uint8Array, CustomerKeyFormat]> = {
    'typed (s3cmd, rclone, s3fs)': [text, 'text'],
    'pasted with a line end': [`${text}\n`, 'text'],
    'in a file, which is the same as raw': [Buffer.from(text), 'raw'],
    'in a file with a line end': [Buffer.from(`${text}\n`), 'text'],
    'in a file with a byte order mark': [Buffer.from(`\uFEFF${text}\r\n`), 'text'],
  };
  for (const [name, [input, format]] of Object.entries(texts)) {
    it(`reads 32 characters ${name}`, () => {
      assert.deepEqual(read(input), [format, new CustomerKey(Buffer.from(text)).fingerprint]);
    });
  }

  it('counts the bytes of a text, not its characters', () => {
    assert.equal(readCustomerKey('é'.repeat(16)).format, 'text');
    assert.throws(() => readCustomerKey('é'.repeat(32)), /32 characters \(64 bytes in UTF-8\)/);
  });

  it('takes 32 characters for text even if they are base64 or hex of fewer bytes', () => {
    const ofFewer = Buffer.alloc(24, 7).toString('base64');
    assert.deepEqual(
      possibleReadings(ofFewer).map(({ format }) => format),
      ['text'],
    );
    assert.equal(readCustomerKey('0123456789abcdef'.repeat(2)).format, 'text');
  });

  it('keeps the spaces of a text that has 32 bytes with them', () => {
    const spaced = ` ${text.slice(2)} `;
    assert.deepEqual(read(`${spaced}\n`), [
      'text',
      new CustomerKey(Buffer.from(spaced)).fingerprint,
    ]);
  });

  it('takes a file of 32 bytes for raw, whatever is in it', () => {
    const ofText = Buffer.from(`${text.slice(1)}\n`);
    assert.deepEqual(read(ofText), ['raw', new CustomerKey(ofText).fingerprint]);
    const likeUtf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.alloc(30)]);
    assert.equal(readCustomerKey(likeUtf16).format, 'raw');
  });

  it('reads back every key in every form', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (array) => {
        const own = Buffer.from(array);
        const { fingerprint } = new CustomerKey(own);
        for (const input of [
          own,
          own.toString('base64'),
          own.toString('base64').slice(0, 43),
          own.toString('base64url'),
          own.toString('hex'),
        ]) {
          const readings = possibleReadings(input);
          assert.deepEqual(
            readings.map((each) => each.key.fingerprint),
            [fingerprint],
          );
        }
      }),
    );
  });

  const refused: Record<string, [string | Uint8Array, RegExp]> = {
    nothing: ['', /This is empty\. A customer key has 32 bytes/],
    'a byte order mark alone': [Buffer.from('\uFEFF\n'), /This is empty/],
    '31 characters': [text.slice(1), /This has 31 characters\./],
    '33 characters': [`${text}x`, /This has 33 characters\./],
    'one character': ['x', /This has 1 character\./],
    'hex of 16 bytes with a space': ['00112233445566778899aabbccddeeff00', /hex of 17 bytes/],
    'base64 of 16 bytes': ['Q2uTy2CxpUThcAfUAnc8mQ==', /24 characters, perhaps base64 of 16 bytes/],
    'base64 of 33 bytes': ['Z'.repeat(44), /perhaps base64 of 33 bytes/],
    'base64 of both alphabets': [
      `+-${'A'.repeat(41)}`,
      /This has 43 characters, not all .* base64/,
    ],
    'damaged base64': [`!${'A'.repeat(42)}=`, /This has 44 characters, not all of them base64\./],
    'damaged hex': [`${'0'.repeat(63)}.`, /This has 64 characters, not all of them hex digits\./],
    '63 hex digits': ['a'.repeat(63), /This has 63 characters\./],
    '31 raw bytes': [new Uint8Array(31).fill(255), /This has 31 bytes\./],
    '33 raw bytes': [new Uint8Array(33).fill(255), /This has 33 bytes\./],
  };
  for (const [name, [input, message]] of Object.entries(refused)) {
    it(`refuses ${name}`, () => {
      assert.deepEqual(possibleReadings(input), []);
      assert.throws(
        () => readCustomerKey(input),
        (error) => error instanceof CustomerKeyFormatError && message.test(error.message),
      );
    });
  }

  it('never repeats the input in an error', () => {
    // Letters and digits that are in no message, so that a part of it would be noticed.
    const secret = fc.stringMatching(/^[QXZJ@]{4,80}$/);
    fc.assert(
      fc.property(secret, fc.boolean(), (typed, asFile) => {
        try {
          readCustomerKey(asFile ? Buffer.from(typed) : typed);
        } catch (error) {
          assert.ok(error instanceof Error);
          assert.doesNotMatch(`${error.message}${error.stack ?? ''}`, /[QXZJ@]{2}/);
          assert.equal(error.cause, undefined);
        }
      }),
    );
  });
});
