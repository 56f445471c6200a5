import type { StoreErrorDetails, StoreErrorKind } from '../core/storeError.ts';
import type { SdkFailure } from './sdkFailure.ts';

/** The sentences there are: one for each kind, and some for special cases of a kind. */
export type Sentence =
  | StoreErrorKind
  | 'credentialsMissing'
  | 'deleteMarker'
  | 'leadingSlash'
  | 'maybeBlocked'
  | 'maybeTls'
  | 'plaintextLeft';

type Writer = (about: Words) => string;

/** The words that sentences are made of. */
interface Words {
  /** `s3://bucket/object key`, or the bucket, or the host. */
  readonly what: string;
  readonly host: string;
  readonly bucket: string;
  readonly connection: string;
  readonly fingerprint: string;
  /** What the server or node said, in parentheses, or nothing. */
  readonly said: string;
}

const writers: Record<Sentence, Writer> = {
  customerKeyRequired: ({ what }) =>
    `${what} is encrypted with a customer key (SSE-C). Choose the customer key that it was encrypted with.`,
  leadingSlash: ({ what, host }) =>
    `${host} drops the leading slash of an object key, so ${what} would overwrite another object. Choose a name without it.`,
  maybeBlocked: ({ what, bucket, connection }) =>
    `Writing ${what} with a customer key was refused. Either the credentials of the connection "${connection}" lack the right s3:PutObject, or the bucket ${bucket} blocks SSE-C (AWS's default since April 2026); its encryption settings could not be read.`,
  customerKeyMismatch: ({ what, fingerprint }) =>
    `The customer key ${fingerprint} is not the one that ${what} is encrypted with. Choose another customer key.`,
  notEncrypted: ({ what }) =>
    `${what} is not encrypted with a customer key (SSE-C). Open it without one.`,
  ssecBlocked: ({ bucket }) =>
    `The bucket ${bucket} does not accept customer keys (SSE-C is blocked in its encryption settings, which is AWS's default since April 2026). Nothing was written. Allow SSE-C for this bucket, or write without a customer key.`,
  storedInPlaintext: ({ what, host }) =>
    `${host} took the customer key and stored ${what} unencrypted. The unencrypted object was removed. Don't use customer keys with this server.`,
  plaintextLeft: ({ what, host }) =>
    `${host} took the customer key and stored ${what} unencrypted, and the unencrypted object could not be removed. Delete it, and don't use customer keys with this server.`,
  insecureEndpoint: ({ host }) =>
    `Nothing was sent: a customer key is never sent without TLS. Change the endpoint to https://${host}.`,
  keyNotBound: ({ host, fingerprint }) =>
    `Nothing was sent: the customer key ${fingerprint} is not bound to ${host}.`,
  conflict: ({ what }) =>
    `${what} is not in the state that was expected: somebody changed, created or deleted it meanwhile. Compare before you overwrite it.`,
  notFound: ({ what }) => `${what} does not exist.`,
  deleteMarker: ({ what }) => `${what} is deleted: this version is a delete marker.`,
  noSuchBucket: ({ bucket, host }) => `There is no bucket ${bucket} on ${host}. Check its name.`,
  forbidden: ({ what, connection, said }) =>
    `The credentials of the connection "${connection}" lack the right to do this with ${what}${said}.`,
  credentials: ({ host, connection, said }) =>
    `${host} does not accept the credentials of the connection "${connection}"${said}. Check the access key, the secret, the region and this computer's clock.`,
  credentialsMissing: ({ connection, said }) =>
    `There are no usable credentials for the connection "${connection}"${said}. Sign in again, or change where its credentials come from.`,
  nameResolution: ({ host, said }) =>
    `The host ${host} was not found${said}. Check the endpoint's name and the network.`,
  tls: ({ host, said }) =>
    `There is no trusted TLS connection to ${host}${said}. Check the endpoint, or name the certificate file of its authority in the connection.`,
  network: ({ host, said }) =>
    `${host} could not be reached, or the connection broke${said}. Check the endpoint and the network, and try again.`,
  unsupportedName: ({ what, host, said }) =>
    `${host} does not support the object key of ${what}${said}. Choose another name.`,
  unsupported: ({ host, said }) => `${host} does not support this operation${said}.`,
  throttled: ({ host, said }) => `${host} asks to slow down${said}. Try again in a moment.`,
  corrupted: ({ what, said }) => `${what} did not arrive as it was sent${said}. Try again.`,
  invalid: ({ host, what, said }) => `${host} refused the request${about(what, host)}${said}.`,
  maybeTls: ({ host, said }) =>
    `${host} does not answer as an S3 server without TLS${said}. If it speaks https, change the endpoint to https://${host}.`,
  server: ({ host, said }) => `${host} failed${said}. Try again later.`,
  aborted: () => 'Cancelled.',
  unknown: ({ what, host, said }) =>
    `The request to ${host}${about(what, host)} failed for an unknown reason${said}.`,
};

/** The sentence for people about an error. */
export function describe(
  sentence: Sentence,
  details: StoreErrorDetails,
  failure?: SdkFailure,
): string {
  const { bucket, key, host = '', connection = '' } = details;
  const object = bucket !== undefined && key !== undefined && key !== '';
  return writers[sentence]({
    what: object ? `s3://${bucket}/${shortened(key)}` : (bucket ?? host),
    host,
    bucket: bucket ?? '',
    connection,
    fingerprint: details.fingerprint ?? '',
    said: failure === undefined ? '' : said(failure),
  });
}

function about(what: string, host: string): string {
  return what === host ? '' : ` for ${what}`;
}

/** A long object key in short. */
function shortened(key: string): string {
  return key.length > 200 ? `${key.slice(0, 150)}…${key.slice(-40)}` : key;
}

function said({ name, nodeCode, message, status }: SdkFailure): string {
  const nothing = /^(Unknown|UnknownError|Error|@aws-sdk XML parse error.*|)$/s;
  const text = nothing.test(message) ? '' : message.replace(/\.$/, '').split('\n')[0];
  const code = nodeCode ?? (nothing.test(name) ? (status?.toString() ?? '') : name);
  const words = [code, text].filter((word) => word !== undefined && word !== '');
  return words.length === 0 ? '' : ` (${words.join(': ')})`;
}
