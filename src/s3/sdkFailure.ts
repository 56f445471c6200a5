/**
 * What matters of an error that the SDK or node threw. The error itself must go no further: its
 * hidden `$response` holds the request with the customer key, and AWS's SignatureDoesNotMatch
 * repeats all signed headers.
 */
export interface SdkFailure {
  /** The S3 error code, or the name of the error that the SDK made up. */
  readonly name: string;
  /** The code of node's error, for example `ECONNREFUSED` or `CERT_HAS_EXPIRED`. */
  readonly nodeCode?: string | undefined;
  readonly message: string;
  readonly status?: number | undefined;
  readonly requestId?: string | undefined;
  readonly attempts: number;
  /** The region that the answer names, if it says that the bucket or signature is of another. */
  readonly region?: string | undefined;
  readonly stack?: string | undefined;
}

/** Reads an error of the SDK or of node. */
export function readFailure(error: unknown): SdkFailure {
  const fields = isRecord(error) ? error : {};
  const metadata = record(fields['$metadata']);
  const response = record(fields['$response']);
  const headers = record(response['headers']);
  const nested = Array.isArray(fields['errors']) ? record(fields['errors'][0]) : {};
  const name = text(fields['Code']) ?? text(fields['name']) ?? 'Error';
  const nodeCode = text(fields['code']) ?? text(nested['code']);
  return {
    name,
    nodeCode: nodeCode === name ? undefined : nodeCode,
    message: withoutSecrets(text(fields['message']) ?? text(nested['message']) ?? ''),
    status: number(metadata['httpStatusCode']) ?? number(response['statusCode']),
    requestId: text(metadata['requestId']),
    attempts: number(metadata['attempts']) ?? 1,
    region: text(headers['x-amz-bucket-region']) ?? text(fields['Region']),
    stack: text(fields['stack']),
  };
}

/** Should a server ever repeat a key in its message: 32 bytes in base64 or hexadecimal digits. */
function withoutSecrets(message: string): string {
  return message.replace(/[A-Za-z0-9+/]{43}=|[0-9a-fA-F]{64}/g, '[redacted]');
}

/** The failure as an error that may be shown, logged and inspected to any depth. */
export function harmlessCause(failure: SdkFailure): Error {
  const { status, requestId, attempts } = failure;
  const cause = new Error(failure.message);
  cause.name = failure.name;
  // The first line of the stack repeats the message: keep only the frames.
  const frames = (failure.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  cause.stack = [`${cause.name}: ${cause.message}`, ...frames].join('\n');
  return Object.assign(cause, { status, requestId, attempts, code: failure.nodeCode });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function record(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
