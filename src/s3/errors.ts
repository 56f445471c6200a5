import { connectionHost, type Connection, isSecure } from '../core/connection.ts';
import { StoreError, type StoreErrorDetails, type StoreErrorKind } from '../core/storeError.ts';
import { describe, type Sentence } from './errorSentences.ts';
import { harmlessCause, readFailure, type SdkFailure } from './sdkFailure.ts';
import type { Subject } from './subject.ts';

/** What an answer is recognised by; all that is given must hold. */
interface Pattern {
  readonly status?: number;
  readonly code?: RegExp;
  readonly message?: RegExp;
  /** Whether a customer key was sent. */
  readonly keySent?: boolean;
}

type Row = readonly [pattern: Pattern, kind: StoreErrorKind, sentence?: Sentence];

/**
 * What the servers' answers mean: the first row that fits. Measured on MinIO, Ceph RGW 16 and
 * Garage; AWS's from its error list.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
const answers: readonly Row[] = [
  // A wrong customer key: Ceph, Garage and RustFS say 400; the wording is all there is.
  [
    { keySent: true, message: /calculated MD5 hash of the key did not match/ },
    'customerKeyMismatch',
  ],
  [{ keySent: true, message: /not applicable to this object|not encrypted/i }, 'notEncrypted'],
  [
    {
      keySent: false,
      message: /Server Side Encryption|encryption parameters|SSE-?C/i,
      status: 400,
    },
    'customerKeyRequired',
  ],
  [{ code: /^(NoSuchBucket|InvalidBucketName)$/ }, 'noSuchBucket'],
  [{ code: /^(NoSuchKey|NoSuchVersion|NotFound|NoSuchUpload)$/ }, 'notFound'],
  [{ code: /^InvalidArgument$/, message: /version id/i }, 'notFound'],
  [{ code: /^MethodNotAllowed$/ }, 'notFound', 'deleteMarker'],
  [{ code: /^(PreconditionFailed|ConditionalRequestConflict|OperationAborted)$/ }, 'conflict'],
  [
    {
      code: /^(InvalidAccessKeyId|SignatureDoesNotMatch|ExpiredToken|InvalidToken|TokenRefreshRequired|InvalidSecurity|AuthorizationHeaderMalformed|RequestTimeTooSkewed|NotSignedUp|AccountProblem)$/,
    },
    'credentials',
  ],
  [
    {
      code: /^(CredentialsProviderError|TokenProviderError|ExpiredTokenException|UnrecognizedClientException|UnauthorizedException)$/,
    },
    'credentials',
    'credentialsMissing',
  ],
  [{ code: /^(AccessDenied|AllAccessDisabled|AccessDeniedException|Forbidden)$/ }, 'forbidden'],
  [
    {
      code: /^(KeyTooLongError|InvalidObjectName|InvalidURI|XMinioInvalidObjectName|XMinioInvalidResourceName|XMinioObjectExistsAsDirectory|XMinioParentIsObject)$/,
    },
    'unsupportedName',
  ],
  [{ code: /^(NotImplemented|UnsupportedOperation)$/ }, 'unsupported'],
  [
    {
      code: /^(SlowDown|Throttling|ThrottlingException|RequestLimitExceeded|TooManyRequests|BandwidthLimitExceeded|SlowDownRead|SlowDownWrite)$/,
    },
    'throttled',
  ],
  [
    {
      code: /^(BadDigest|XAmzContentChecksumMismatch|InvalidDigest|XAmzContentSHA256Mismatch|IncompleteBody)$/,
    },
    'corrupted',
  ],
  [{ status: 404 }, 'notFound'],
  [{ status: 405 }, 'unsupported'],
  [{ status: 409 }, 'conflict'],
  [{ status: 412 }, 'conflict'],
  [{ status: 403 }, 'forbidden'],
  [{ status: 401 }, 'credentials'],
  [{ status: 429 }, 'throttled'],
  [{ status: 501 }, 'unsupported'],
  [{ status: 503 }, 'throttled'],
  [{ status: 304 }, 'conflict'],
];

/** What a failure without an answer means. */
const failures: readonly Row[] = [
  [{ code: /^(AbortError|ABORT_ERR)$/ }, 'aborted'],
  [{ code: /^(ENOTFOUND|EAI_AGAIN|EAI_FAIL|EAI_NODATA|EAI_NONAME)$/ }, 'nameResolution'],
  [
    {
      code: /^(CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|ERR_TLS|ERR_SSL|EPROTO|HOSTNAME_MISMATCH|INVALID_CA|CRL_)/,
    },
    'tls',
  ],
  [
    {
      code: /^(ERR_INVALID_CHAR|ERR_INVALID_HTTP_TOKEN|ERR_HTTP_INVALID_HEADER_VALUE|ERR_UNESCAPED_CHARACTERS)$/,
    },
    'invalid',
  ],
  // A lone surrogate has no UTF-8, so no URL either.
  [{ code: /^URIError$/ }, 'unsupportedName'],
  [{ message: /certificate|SSL routines|wrong version number/i }, 'tls'],
  [{ message: /^Checksum mismatch/ }, 'corrupted'],
  [
    { code: /^(CredentialsProviderError|TokenProviderError)$/ },
    'credentials',
    'credentialsMissing',
  ],
  [{ code: /^(E[A-Z]+|TimeoutError|ERR_STREAM_PREMATURE_CLOSE|ERR_STREAM_DESTROYED)$/ }, 'network'],
  [{ message: /socket hang up|aborted/ }, 'network'],
];

/**
 * Translates what the SDK or node threw into a StoreError with a sentence for people; a StoreError
 * is returned as it is. The cause is a copy that holds no request.
 */
export function translate(error: unknown, connection: Connection, subject: Subject): StoreError {
  if (error instanceof StoreError) return error;
  if (subject.signal?.aborted === true) return storeError('aborted', connection, subject);
  const failure = readFailure(error);
  const [answered, sentence] = classify(failure, subject);
  // Ceph answers a NUL in the path by a page that is no S3 error.
  const hasNul = answered === 'invalid' && subject.key?.includes('\0') === true;
  const kind = hasNul ? 'unsupportedName' : answered;
  const isStrange = sentence === undefined && !isSecure(connection) && isNoS3Answer(kind, failure);
  return storeError(kind, connection, subject, {
    failure,
    sentence: isStrange ? 'maybeTls' : sentence,
  });
}

/** What comes back from a port that speaks TLS, if it is spoken to without. */
function isNoS3Answer(kind: StoreErrorKind, { name, nodeCode, status }: SdkFailure): boolean {
  if (kind === 'invalid') return status === 400 && /^(Unknown|Error|\d+)/.test(name);
  return kind === 'network' ? nodeCode === 'ECONNRESET' : kind === 'unknown';
}

/** Says what a failure is; the sentence is given where the kind's own does not fit. */
function classify(
  failure: SdkFailure,
  subject: Pick<Subject, 'fingerprint'>,
): [kind: StoreErrorKind, sentence: Sentence | undefined] {
  const answered = failure.status !== undefined;
  for (const [pattern, kind, sentence] of answered ? answers : failures) {
    if (fits(pattern, failure, subject.fingerprint !== undefined)) return [kind, sentence];
  }
  if (!answered) return ['unknown', undefined];
  return [
    failure.status >= 500 ? 'server' : failure.status >= 400 ? 'invalid' : 'unknown',
    undefined,
  ];
}

function fits(pattern: Pattern, failure: SdkFailure, keySent: boolean): boolean {
  const { status, code, message } = pattern;
  return (
    (status === undefined || status === failure.status) &&
    (code === undefined || code.test(failure.name) || code.test(failure.nodeCode ?? '')) &&
    (message === undefined || message.test(failure.message)) &&
    (pattern.keySent === undefined || pattern.keySent === keySent)
  );
}

/** Makes a StoreError about a subject, with the sentence of its kind. */
export function storeError(
  kind: StoreErrorKind,
  connection: Connection,
  subject: Subject,
  how: {
    readonly failure?: SdkFailure | undefined;
    readonly sentence?: Sentence | undefined;
    readonly ambiguous?: boolean | undefined;
    readonly cause?: unknown;
  } = {},
): StoreError {
  const { failure, ambiguous } = how;
  const code = failure?.name ?? '';
  const details: StoreErrorDetails = {
    connection: connection.name,
    host: connectionHost(connection),
    bucket: subject.bucket,
    key: subject.key,
    fingerprint: subject.fingerprint,
    status: failure?.status,
    attempts: failure?.attempts,
    code: failure?.status !== undefined && !/^(Unknown|Error|\d+)$/.test(code) ? code : undefined,
    ambiguous,
  };
  const message = describe(how.sentence ?? kind, details, failure);
  return new StoreError(kind, message, details, failure ? harmlessCause(failure) : how.cause);
}
