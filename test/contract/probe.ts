import { createHash } from 'node:crypto';
import type { Buckets } from './buckets.ts';
import type { RawAnswer, RawClient, RawRequest } from './rawClient.ts';

type Keys = Pick<RawRequest, 'customerKey' | 'sourceKey' | 'headers'>;

/** Asks a server by hand, for the rows of the server table. */
export class Probe {
  readonly bucket: string;
  readonly #versioned: string;
  readonly #raw: RawClient;
  #count = 0;
  /** Of the part that was sent last. */
  #etag = '';

  private constructor(raw: RawClient, bucket: string, versioned: string) {
    this.#raw = raw;
    this.bucket = bucket;
    this.#versioned = versioned;
  }

  static async create(raw: RawClient, buckets: Buckets): Promise<Probe> {
    return new Probe(raw, await buckets.create(), await buckets.create({ versioned: true }));
  }

  send(request: RawRequest): Promise<RawAnswer> {
    return this.#raw.send({ bucket: this.bucket, ...request });
  }

  get(key: string, customerKey?: Uint8Array): Promise<RawAnswer> {
    return this.send({ method: 'GET', key, customerKey });
  }

  /** Writes an object under a new key; gives the key. */
  async put(request: Partial<RawRequest>): Promise<string> {
    this.#count += 1;
    const key = `object ${this.#count}`;
    const sent = { method: 'PUT', key, body: 'the bytes', ...request } as const;
    const { status } = await this.send(sent);
    if (status !== 200) throw new Error(`PUT ${sent.key}: ${status}`);
    return sent.key;
  }

  /** Status and code; where a customer key matters also whether it was echoed. */
  status({ status, code, headers }: RawAnswer, echo = ', no echo'): string {
    const echoes = headers['x-amz-server-side-encryption-customer-key-md5'] !== undefined;
    const told = echoes ? ', echo' : echo;
    return [String(status), code ?? ''].join(' ').trim() + (status === 200 ? told : '');
  }

  /** In an ordinary bucket and in a versioned one. */
  async twice(ask: (bucket: string) => Promise<string>): Promise<string> {
    return `${await ask(this.bucket)} / ${await ask(this.#versioned)}`;
  }

  async conditionalPut(
    bucket: string,
    how: 'none' | 'quoted' | 'unquoted' | 'wrong',
    oldKey?: Uint8Array,
    newKey?: Uint8Array,
  ): Promise<string> {
    const put = { method: 'PUT', bucket, key: 'conditional', body: 'x' } as const;
    const { headers } = await this.send({ ...put, customerKey: oldKey });
    const etag = String(headers['etag']);
    const match = { quoted: etag, unquoted: etag.replaceAll('"', ''), wrong: '0'.repeat(32) };
    const condition: Record<string, string> =
      how === 'none' ? { 'if-none-match': '*' } : { 'if-match': match[how] };
    const sent = { ...put, body: 'y', headers: condition, customerKey: newKey };
    const { status, code } = await this.send(sent);
    return [status, code].filter((each) => each !== undefined).join(' ');
  }

  /** Writes a value of user metadata by its bytes, and tells what comes back. */
  async metadata(value: string): Promise<string> {
    const headers = { 'x-amz-meta-v': value };
    const written = await this.send({ method: 'PUT', key: 'metadata', headers, body: 'x' });
    if (written.status !== 200) return this.status(written);
    const answer = await this.send({ method: 'HEAD', key: 'metadata' });
    const read = String(answer.headers['x-amz-meta-v']);
    return read === value ? 'the same bytes' : read;
  }

  copy(source: string, key: string, keys: Keys = {}): Promise<RawAnswer> {
    const headers = { ...keys.headers, 'x-amz-copy-source': this.#source(source) };
    return this.send({ method: 'PUT', key, ...keys, headers });
  }

  async copyOutcome(
    sourceKey: Uint8Array | undefined,
    customerKey: Uint8Array | undefined,
  ): Promise<string> {
    const source = await this.put({ customerKey: sourceKey });
    const answer = await this.copy(source, 'copied', { sourceKey, customerKey });
    if (answer.status !== 200) return this.status(answer);
    const echo = customerKey === undefined ? '' : ', no echo';
    return `${this.status(answer, echo)}, ${await this.storedHow('copied', customerKey)}`;
  }

  async storedHow(key: string, customerKey: Uint8Array | undefined): Promise<string> {
    const { status } = await this.send({ method: 'HEAD', key });
    if (status === 400) return 'encrypted';
    return status === 200 && customerKey === undefined && key === 'copied' ? 'plain' : 'PLAINTEXT';
  }

  async createUpload(key: string, keys: Keys = {}): Promise<string> {
    const answer = await this.send({ method: 'POST', key, query: { uploads: '' }, ...keys });
    return /<UploadId>([^<]*)</.exec(answer.body.toString())?.[1] ?? '';
  }

  async part(key: string, uploadId: string, customerKey?: Uint8Array): Promise<RawAnswer> {
    const query = { partNumber: '1', uploadId };
    const answer = await this.send({ method: 'PUT', key, query, body: 'part', customerKey });
    this.#etag = String(answer.headers['etag']);
    return answer;
  }

  async partCopy(
    key: string,
    uploadId: string,
    source: string,
    keys: Keys = {},
  ): Promise<RawAnswer> {
    const headers = { 'x-amz-copy-source': this.#source(source) };
    const query = { partNumber: '1', uploadId };
    const answer = await this.send({ method: 'PUT', key, query, ...keys, headers });
    this.#etag = /<ETag>([^<]*)</.exec(answer.body.toString())?.[1] ?? '';
    return answer;
  }

  complete(key: string, uploadId: string): Promise<RawAnswer> {
    const part = `<Part><PartNumber>1</PartNumber><ETag>${this.#etag}</ETag></Part>`;
    const body = `<CompleteMultipartUpload>${part}</CompleteMultipartUpload>`;
    return this.send({ method: 'POST', key, query: { uploadId }, body });
  }

  async partCopyOutcome(
    sourceKey: Uint8Array | undefined,
    customerKey: Uint8Array | undefined,
  ): Promise<string> {
    const source = await this.put({ customerKey: sourceKey });
    const uploadId = await this.createUpload('copied', { customerKey });
    const answer = await this.partCopy('copied', uploadId, source, { sourceKey, customerKey });
    if (answer.status !== 200) return this.status(answer);
    await this.complete('copied', uploadId);
    return `200, ${await this.storedHow('copied', customerKey)}`;
  }

  async deleteObjects(keys: readonly string[]): Promise<string> {
    const objects = keys.map((key) => `<Object><Key>${key}</Key></Object>`).join('');
    const body = `<Delete><Quiet>true</Quiet>${objects}</Delete>`;
    const headers = { 'content-md5': createHash('md5').update(body).digest('base64') };
    const { status, code } = await this.send({
      method: 'POST',
      query: { delete: '' },
      headers,
      body,
    });
    return [status, code].filter((each) => each !== undefined).join(' ');
  }

  #source(key: string): string {
    return [this.bucket, ...key.split('/')].map(encodeURIComponent).join('/');
  }
}
