import { createHash, createHmac } from 'node:crypto';
import { pairs, valueOf, without, type RawHeaders } from './rawHeaders.ts';

/** A request to be signed. */
export interface Signable {
  readonly method: string;
  /** Path and query as sent. */
  readonly url: string;
  readonly headers: RawHeaders;
}

/**
 * Signs a changed request anew, if the client signed it rightly before: a wrong signature has to
 * stay wrong.
 *
 * @returns the headers to send
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function resign(
  before: Signable,
  headers: RawHeaders,
  keys: { readonly accessKeyId: string; readonly secretAccessKey: string },
): string[] {
  const old = valueOf(before.headers, 'authorization') ?? '';
  const [, accessKeyId = '', scope = '', names = ''] =
    /Credential=([^/]+)\/([^,]+),\s*SignedHeaders=([^,]+)/.exec(old) ?? [];
  const all = names.split(';');
  const secret = keys.secretAccessKey;
  const isRight = old.endsWith(`Signature=${signatureOf(before, all, scope, secret)}`);
  if (accessKeyId !== keys.accessKeyId || !isRight) return [...headers];
  const signed = all.filter((name) => valueOf(headers, name) !== undefined);
  const signature = signatureOf({ ...before, headers }, signed, scope, secret);
  const authorization =
    `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, ` +
    `SignedHeaders=${signed.join(';')}, Signature=${signature}`;
  return [...without(headers, ['authorization']), 'Authorization', authorization];
}

function signatureOf(
  { method, url, headers }: Signable,
  signed: readonly string[],
  scope: string,
  secret: string,
): string {
  const canonical = [
    method,
    canonicalPath(url),
    canonicalQuery(url),
    ...signed.map((name) => `${name}:${canonicalValue(headers, name)}`),
    '',
    signed.join(';'),
    valueOf(headers, 'x-amz-content-sha256') ?? 'UNSIGNED-PAYLOAD',
  ].join('\n');
  // Node gives header values one character a byte.
  const digest = createHash('sha256').update(canonical, 'latin1').digest('hex');
  const date = valueOf(headers, 'x-amz-date') ?? '';
  const toSign = ['AWS4-HMAC-SHA256', date, scope, digest].join('\n');
  const signingKey = scope
    .split('/')
    .reduce<string | Buffer>((key, part) => hmac(key, part), `AWS4${secret}`);
  return hmac(signingKey, toSign).toString('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function canonicalValue(headers: RawHeaders, name: string): string {
  return pairs(headers)
    .filter(([each]) => each.toLowerCase() === name)
    .map(([, value]) => value.trim().replaceAll(/ +/g, ' '))
    .join(',');
}

/** S3 takes the path as it is, each byte encoded once. */
function canonicalPath(url: string): string {
  return (url.split('?')[0] ?? '/').split('/').map(encodeOnce).join('/');
}

function canonicalQuery(url: string): string {
  const start = url.indexOf('?');
  if (start < 0 || start === url.length - 1) return '';
  return url
    .slice(start + 1)
    .split('&')
    .map((part) => {
      const equals = part.indexOf('=');
      const [name, value] =
        equals < 0 ? [part, ''] : [part.slice(0, equals), part.slice(equals + 1)];
      return `${encodeOnce(name)}=${encodeOnce(value)}`;
    })
    .sort()
    .join('&');
}

function encodeOnce(text: string): string {
  return encodeURIComponent(decodeURIComponent(text)).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
