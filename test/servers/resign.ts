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
 * Signs a request again after its headers were changed: the same date, scope and payload hash, and
 * of the signed headers those that are still there. Requests without an Authorization header of
 * this access key stay as they are.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function resign(
  request: Signable,
  keys: { readonly accessKeyId: string; readonly secretAccessKey: string },
): string[] {
  const { method, url, headers } = request;
  const old = valueOf(headers, 'authorization') ?? '';
  const [, accessKeyId = '', scope = '', names = ''] =
    /Credential=([^/]+)\/([^,]+),\s*SignedHeaders=([^,]+)/.exec(old) ?? [];
  if (accessKeyId !== keys.accessKeyId) return [...headers];
  const signed = names.split(';').filter((name) => valueOf(headers, name) !== undefined);
  const date = valueOf(headers, 'x-amz-date') ?? '';
  const canonical = [
    method,
    canonicalPath(url),
    canonicalQuery(url),
    ...signed.map((name) => `${name}:${canonicalValue(headers, name)}`),
    '',
    signed.join(';'),
    valueOf(headers, 'x-amz-content-sha256') ?? 'UNSIGNED-PAYLOAD',
  ].join('\n');
  const digest = createHash('sha256').update(canonical).digest('hex');
  const toSign = ['AWS4-HMAC-SHA256', date, scope, digest].join('\n');
  const signingKey = scope
    .split('/')
    .reduce<string | Buffer>((key, part) => hmac(key, part), `AWS4${keys.secretAccessKey}`);
  const signature = hmac(signingKey, toSign).toString('hex');
  const authorization =
    `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, ` +
    `SignedHeaders=${signed.join(';')}, Signature=${signature}`;
  return [...without(headers, ['authorization']), 'Authorization', authorization];
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
