import { createHash, createHmac } from 'node:crypto';
import { Agent, request as send } from 'node:https';
import type { TestServer } from '../servers/fromEnvironment.ts';

/** A request by hand: nothing of the SDK and nothing of src/s3 is in it. */
export interface RawRequest {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  readonly bucket?: string;
  readonly key?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  /** What it is signed for; default `s3`. */
  readonly service?: string;
  /** 32 bytes, sent as the three headers of SSE-C. */
  readonly customerKey?: Uint8Array | undefined;
  /** The same for the source of a copy. */
  readonly sourceKey?: Uint8Array | undefined;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  /** The S3 error code and message, if the body has them. */
  readonly code: string | undefined;
  readonly message: string | undefined;
}

/** An independent S3 client: node:https and signature version 4, as the pages of AWS describe it. */
export interface RawClient {
  send(request: RawRequest): Promise<RawAnswer>;
  dispose(): void;
}

export function createRawClient(server: Omit<TestServer, 'proxy'>): RawClient {
  const agent = new Agent({ keepAlive: true, ca: server.caPem });
  const endpoint = new URL(server.endpoint);
  return {
    send: (request) => {
      const { method, body = '', service = 's3' } = request;
      const path = pathOf(request);
      const headers = { ...request.headers, ...keyHeaders(request), host: endpoint.host };
      const signed = sign(server, { method, path, headers, body, service });
      return new Promise((resolve, reject) => {
        const { hostname, port } = endpoint;
        const options = { agent, method, path, headers: signed, host: hostname, port };
        const outgoing = send(options, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.once('error', reject);
          response.once('end', () => {
            resolve(answerOf(response.statusCode ?? 0, response.headers, Buffer.concat(chunks)));
          });
        });
        outgoing.once('error', reject);
        outgoing.end(Buffer.from(body));
      });
    },
    dispose: () => {
      agent.destroy();
    },
  };
}

function answerOf(status: number, headers: RawAnswer['headers'], body: Buffer): RawAnswer {
  const text = status < 300 ? '' : body.toString();
  const field = (name: string): string | undefined =>
    new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1];
  return { status, headers, body, code: field('Code'), message: field('Message') };
}

function keyHeaders({ customerKey, sourceKey }: RawRequest): Record<string, string> {
  const headers: Record<string, string> = {};
  const kinds = { 'x-amz-': customerKey, 'x-amz-copy-source-': sourceKey };
  for (const [prefix, key] of Object.entries(kinds)) {
    if (key === undefined) continue;
    const name = `${prefix}server-side-encryption-customer-`;
    headers[`${name}algorithm`] = 'AES256';
    headers[`${name}key`] = Buffer.from(key).toString('base64');
    headers[`${name}key-md5`] = createHash('md5').update(key).digest('base64');
  }
  return headers;
}

function pathOf({ bucket, key, query = {} }: RawRequest): string {
  const path = ['', bucket, ...(key === undefined ? [] : key.split('/'))]
    .filter((part) => part !== undefined)
    .map(encode)
    .join('/');
  const parameters = Object.entries(query)
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort();
  return (path === '' ? '/' : path) + (parameters.length === 0 ? '' : `?${parameters.join('&')}`);
}

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
function sign(
  server: Omit<TestServer, 'proxy'>,
  request: {
    readonly method: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: Uint8Array | string;
    readonly service: string;
  },
): Record<string, string> {
  const date = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const day = date.slice(0, 8);
  const payload = createHash('sha256').update(request.body).digest('hex');
  const length = String(Buffer.byteLength(request.body));
  const headers: Record<string, string> = {
    ...request.headers,
    'content-length': length,
    'x-amz-date': date,
    'x-amz-content-sha256': payload,
  };
  const names = Object.keys(headers).sort();
  const [path = '', query = ''] = request.path.split('?');
  const canonical = [
    ...[request.method, path, query],
    ...names.map((name) => `${name}:${headers[name] ?? ''}`),
    ...['', names.join(';'), payload],
  ].join('\n');
  const scope = `${day}/${server.region}/${request.service}/aws4_request`;
  const hash = createHash('sha256').update(canonical, 'latin1').digest('hex');
  const hmac = (key: string | Buffer, text: string): Buffer =>
    createHmac('sha256', key).update(text).digest();
  const signingKey = scope
    .split('/')
    .reduce<string | Buffer>(hmac, `AWS4${server.secretAccessKey}`);
  const signature = hmac(signingKey, ['AWS4-HMAC-SHA256', date, scope, hash].join('\n'));
  const credential = `Credential=${server.accessKeyId}/${scope}`;
  const signed = `SignedHeaders=${names.join(';')}, Signature=${signature.toString('hex')}`;
  return { ...headers, authorization: `AWS4-HMAC-SHA256 ${credential}, ${signed}` };
}
