import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import type { Connection } from '../../../src/core/connection.ts';
import { StoreError, type StoreErrorKind } from '../../../src/core/storeError.ts';
import { translate } from '../../../src/s3/errors.ts';

const connection: Connection = {
  ...{ name: 'home', endpoint: 'https://s3.example.org', region: 'us-east-1' },
  ...{ addressing: 'path', credentials: { source: 'accessKey' } },
};
const subject = { bucket: 'b', key: 'folder/a.txt' };
const fingerprint = 'Q2uTy2CxpUThcAfUAnc8mQ==';

/** An error as the SDK makes it of an answer. */
function answer(status: number, code?: string, message = 'UnknownError'): Error {
  const metadata = { httpStatusCode: status, attempts: 1, requestId: 'request-1' };
  const name = code ?? (status === 404 ? 'NotFound' : 'Unknown');
  return Object.assign(new Error(message), {
    ...{ name, $metadata: metadata, $fault: 'client' },
    ...(code !== undefined && { Code: code }),
  });
}

function failure(code: string, message = `connect ${code} 127.0.0.1:443`): Error {
  return Object.assign(new Error(message), { code, $metadata: { attempts: 3 } });
}

const needsKey =
  'The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.';

type Row = readonly [what: string, error: Error, keySent: boolean, kind: StoreErrorKind];

const rows: readonly Row[] = [
  ['no key, AWS and MinIO', answer(400, 'InvalidRequest', needsKey), false, 'customerKeyRequired'],
  [
    'no key, Ceph',
    answer(
      400,
      'InvalidArgument',
      'Requests specifying Server Side Encryption with Customer provided keys must provide a valid encryption algorithm.',
    ),
    false,
    'customerKeyRequired',
  ],
  [
    'wrong key, Ceph',
    answer(
      400,
      'InvalidArgument',
      'The calculated MD5 hash of the key did not match the hash that was provided.',
    ),
    true,
    'customerKeyMismatch',
  ],
  ['wrong key, AWS and MinIO', answer(403, 'AccessDenied', 'Access Denied.'), true, 'forbidden'],
  [
    'key for a plain object',
    answer(400, 'InvalidRequest', 'The encryption parameters are not applicable to this object.'),
    true,
    'notEncrypted',
  ],
  ['bare 400', answer(400), true, 'invalid'],
  ['bare 403', answer(403), false, 'forbidden'],
  ['bare 404', answer(404), false, 'notFound'],
  ['bare 412', answer(412), false, 'conflict'],
  ['bare 405', answer(405), false, 'unsupported'],
  ['no object', answer(404, 'NoSuchKey'), false, 'notFound'],
  ['no version', answer(404, 'NoSuchVersion'), false, 'notFound'],
  [
    'nonsense for a version, AWS and MinIO',
    answer(400, 'InvalidArgument', 'Invalid version id specified'),
    true,
    'notFound',
  ],
  ['delete marker', answer(405, 'MethodNotAllowed'), false, 'notFound'],
  ['no bucket', answer(404, 'NoSuchBucket'), false, 'noSuchBucket'],
  ['impossible bucket', answer(400, 'InvalidBucketName'), false, 'noSuchBucket'],
  ['condition', answer(412, 'PreconditionFailed'), false, 'conflict'],
  ['lost race, AWS', answer(409, 'ConditionalRequestConflict'), false, 'conflict'],
  ['no such access key', answer(403, 'InvalidAccessKeyId'), false, 'credentials'],
  ['wrong secret', answer(403, 'SignatureDoesNotMatch'), true, 'credentials'],
  ['old session', answer(400, 'ExpiredToken'), false, 'credentials'],
  ['wrong clock', answer(403, 'RequestTimeTooSkewed'), false, 'credentials'],
  ['wrong region', answer(400, 'AuthorizationHeaderMalformed'), false, 'credentials'],
  ['no right', answer(403, 'AccessDenied'), false, 'forbidden'],
  ['long key', answer(400, 'KeyTooLongError'), false, 'unsupportedName'],
  ['odd key, MinIO', answer(400, 'XMinioInvalidObjectName'), true, 'unsupportedName'],
  ['segment .., MinIO', answer(400, 'XMinioInvalidResourceName'), true, 'unsupportedName'],
  ['long key, Ceph', answer(400, 'InvalidObjectName'), true, 'unsupportedName'],
  ['not implemented', answer(501, 'NotImplemented'), false, 'unsupported'],
  ['too fast', answer(503, 'SlowDown'), false, 'throttled'],
  ['too fast, bare', answer(429), false, 'throttled'],
  ['wrong Content-MD5', answer(400, 'BadDigest'), false, 'corrupted'],
  ['wrong checksum, MinIO', answer(400, 'XAmzContentChecksumMismatch'), false, 'corrupted'],
  ['wrong storage class', answer(400, 'InvalidStorageClass'), false, 'invalid'],
  ['server', answer(500, 'InternalError'), false, 'server'],
  ['gateway', answer(502), false, 'server'],
  ['redirect', answer(301, 'PermanentRedirect'), false, 'unknown'],
  ['no such host', failure('ENOTFOUND', 'getaddrinfo ENOTFOUND x'), false, 'nameResolution'],
  ['no name server', failure('EAI_AGAIN'), false, 'nameResolution'],
  ['nobody listens', failure('ECONNREFUSED'), true, 'network'],
  ['cut', failure('ECONNRESET', 'socket hang up'), true, 'network'],
  ['slow', Object.assign(new Error('timed out'), { name: 'TimeoutError' }), true, 'network'],
  [
    'several addresses',
    Object.assign(new AggregateError([failure('ECONNREFUSED')]), { code: undefined }),
    true,
    'network',
  ],
  ['unknown CA', failure('SELF_SIGNED_CERT_IN_CHAIN', 'self-signed certificate'), true, 'tls'],
  ['unknown issuer', failure('UNABLE_TO_VERIFY_LEAF_SIGNATURE'), true, 'tls'],
  ['other name', failure('ERR_TLS_CERT_ALTNAME_INVALID'), true, 'tls'],
  ['too old', failure('CERT_HAS_EXPIRED'), true, 'tls'],
  ['no TLS at all', failure('EPROTO', 'wrong version number'), true, 'tls'],
  [
    'no credentials',
    Object.assign(new Error('Could not load'), { name: 'CredentialsProviderError' }),
    false,
    'credentials',
  ],
  [
    'checksum of a read',
    new Error('Checksum mismatch: expected "a" but received "b"'),
    true,
    'corrupted',
  ],
  [
    'header with a newline',
    failure('ERR_INVALID_CHAR', 'Invalid character in header content'),
    false,
    'invalid',
  ],
  [
    'cancelled',
    Object.assign(new Error('Request aborted'), { name: 'AbortError' }),
    true,
    'aborted',
  ],
  ['something else', new TypeError('x is not a function'), false, 'unknown'],
];

describe('error translation', () => {
  for (const [what, error, keySent, kind] of rows) {
    it(`says ${kind} for ${what}`, () => {
      const about = keySent ? { ...subject, fingerprint } : subject;
      const translated = translate(error, connection, about);
      assert.ok(translated instanceof StoreError);
      assert.equal(translated.kind, kind);
      assert.match(translated.message, /^\S.*\.$/);
      assert.ok(
        !/undefined|null|\[object|UnknownError/.test(translated.message),
        translated.message,
      );
      const { bucket, key, connection: name, host } = translated.details;
      assert.deepEqual([bucket, key, name, host], ['b', 'folder/a.txt', 'home', 's3.example.org']);
    });
  }

  it('has a sentence of its own for each kind that tells what to do', () => {
    const messages = rows.map(([, error]) => translate(error, connection, subject).message);
    assert.ok(new Set(messages).size > 25);
  });

  it('says what the server said', () => {
    const error = translate(
      answer(400, 'InvalidTag', 'The TagKey is invalid.'),
      connection,
      subject,
    );
    assert.match(error.message, /\(InvalidTag: The TagKey is invalid\)/);
    assert.equal(error.details.code, 'InvalidTag');
    assert.equal(error.details.status, 400);
  });

  it('leaves a StoreError as it is', () => {
    const error = new StoreError('keyNotBound', 'Nothing was sent.');
    assert.equal(translate(error, connection, subject), error);
  });

  it('takes a raised signal for the cause of whatever came of it', () => {
    const signal = AbortSignal.abort();
    const error = translate(failure('ECONNRESET'), connection, { ...subject, signal });
    assert.equal(error.kind, 'aborted');
  });

  it('keeps a cause without request and answer', () => {
    const secret = Buffer.from('32bytesOfTotallyRandomCharacters').toString('base64');
    const request = { headers: { 'x-amz-server-side-encryption-customer-key': secret } };
    const error = Object.assign(answer(403, 'SignatureDoesNotMatch', `You sent ${secret}.`), {
      CanonicalRequest: `x-amz-server-side-encryption-customer-key:${secret}`,
      $response: { statusCode: 403, headers: {}, body: { req: request } },
      cause: request,
    });
    const translated = translate(error, connection, { ...subject, fingerprint });
    const shown = inspect(translated, { depth: Infinity, showHidden: true, getters: true });
    assert.ok(!shown.includes(secret.slice(0, 16)), shown);
    assert.match(shown, /You sent \[redacted\]/);
    assert.ok(translated.cause instanceof Error);
    assert.equal(translated.cause.name, 'SignatureDoesNotMatch');
    assert.match(translated.cause.stack ?? '', /errors\.test\.ts/);
  });

  it('keeps a long or odd object key readable', () => {
    const key = `a\n\u202E${'b'.repeat(1000)}`;
    const { message } = translate(answer(404, 'NoSuchKey'), connection, { bucket: 'b', key });
    assert.ok(message.length < 300);
    assert.ok(message.includes('a\\n\\u{202E}b'));
  });

  it('gives no code that is only a status', () => {
    assert.equal(translate(answer(403), connection, subject).details.code, undefined);
  });
});
