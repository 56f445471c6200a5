import { createHash } from 'node:crypto';
import { keyA, keyB } from '../subject.ts';
import { all, defineRows } from './row.ts';

const a = keyA.reveal();
const b = keyB.reveal();

/** Encryption, reading, properties. */
export const readingRows = defineRows([
  {
    question: 'GET without the key',
    ask: async (probe) => probe.status(await probe.get(await probe.put({ customerKey: a }))),
    ...{ minio: '400 InvalidRequest', ceph: '400 InvalidArgument' },
  },
  {
    question: 'GET with a wrong key',
    ask: async (probe) => probe.status(await probe.get(await probe.put({ customerKey: a }), b)),
    ...{ minio: '403 AccessDenied', ceph: '400 InvalidArgument' },
  },
  {
    question: 'GET of a plain object with a key',
    ask: async (probe) => probe.status(await probe.get(await probe.put({}), a)),
    ...{ minio: '400 InvalidRequest', ceph: '200, no echo' },
  },
  {
    question: 'HEAD without the key / with a wrong key',
    ask: async (probe) => {
      const key = await probe.put({ customerKey: a });
      const bare = await probe.send({ method: 'HEAD', key });
      const wrong = await probe.send({ method: 'HEAD', key, customerKey: b });
      return `${bare.status} / ${wrong.status}`;
    },
    ...{ minio: '400 / 403', ceph: '400 / 400' },
  },
  {
    question: 'PUT with a key: echo, and ETag',
    ask: async (probe) => {
      const body = 'the bytes';
      const answer = await probe.send({ method: 'PUT', key: 'etag', body, customerKey: a });
      const md5 = createHash('md5').update(body).digest('hex');
      const isMd5 = answer.headers['etag'] === `"${md5}"`;
      return `${probe.status(answer)}, ${isMd5 ? 'MD5 of the plaintext' : 'random'}`;
    },
    ...{ minio: '200, echo, random', ceph: '200, echo, MD5 of the plaintext' },
  },
  {
    question: "PUT with another key's MD5",
    ask: async (probe) => {
      const headers = {
        'x-amz-server-side-encryption-customer-algorithm': 'AES256',
        'x-amz-server-side-encryption-customer-key': Buffer.from(a).toString('base64'),
        'x-amz-server-side-encryption-customer-key-md5': keyB.fingerprint,
      };
      return probe.status(await probe.send({ method: 'PUT', key: 'md5', headers, body: 'x' }));
    },
    ...all('400 InvalidArgument'),
  },
  {
    question: 'PUT with a key of 31 bytes',
    ask: async (probe) => {
      const customerKey = a.subarray(1);
      return probe.status(
        await probe.send({ method: 'PUT', key: 'short', body: 'x', customerKey }),
      );
    },
    ...all('400 InvalidArgument'),
  },
  {
    question: 'PUT with a key and x-amz-server-side-encryption',
    ask: async (probe) => {
      const headers = { 'x-amz-server-side-encryption': 'AES256' };
      const request = { method: 'PUT', key: 'both', headers, body: 'x', customerKey: a } as const;
      return probe.status(await probe.send(request));
    },
    ...{ minio: '400 InvalidArgument', ceph: '200, echo' },
  },
  {
    question: 'PUT with x-amz-server-side-encryption: AES256 (SSE-S3)',
    ask: async (probe) => {
      const headers = { 'x-amz-server-side-encryption': 'AES256' };
      const answer = await probe.send({ method: 'PUT', key: 'sse-s3', headers, body: 'x' });
      const echo = answer.headers['x-amz-server-side-encryption'] !== undefined;
      return probe.status(answer) + (answer.status === 200 && !echo ? ', stored plain' : '');
    },
    ...{ minio: '501 NotImplemented', ceph: '200, no echo, stored plain' },
  },
  {
    question: 'PUT with a wrong x-amz-checksum-crc32 / Content-MD5',
    ask: async (probe) => {
      const put = async (headers: Record<string, string>): Promise<string> =>
        probe.status(await probe.send({ method: 'PUT', key: 'sum', headers, body: 'x' }), '');
      const md5 = createHash('md5').update('y').digest('base64');
      const crc32 = { 'x-amz-checksum-crc32': 'AAAAAA==' };
      return `${await put(crc32)} / ${await put({ 'content-md5': md5 })}`;
    },
    ...{ minio: '400 XAmzContentChecksumMismatch / 400 BadDigest', ceph: '200 / 400 BadDigest' },
  },
  {
    question: 'Number of tags in the answers of reads',
    ask: async (probe) => {
      const headers = { 'x-amz-tagging': 'a=b&c=d' };
      await probe.send({ method: 'PUT', key: 'tagged', headers, body: 'x' });
      const count = async (key: string): Promise<string> => {
        const { headers: answered } = await probe.send({ method: 'HEAD', key });
        return String(answered['x-amz-tagging-count'] ?? 'none');
      };
      return `${await count('tagged')}, without tags ${await count(await probe.put({}))}`;
    },
    ...all('2, without tags none'),
  },
  {
    question: 'User metadata in UTF-8 comes back as',
    ask: async (probe) => probe.metadata(Buffer.from('é').toString('latin1')),
    ...{ minio: '=?UTF-8?q?=C3=A9?=', ceph: 'the same bytes' },
  },
  {
    question: 'User metadata in Latin-1 comes back as',
    ask: async (probe) => probe.metadata('\xe9'),
    ...{ minio: '=?UTF-8?q?=E9?=', ceph: '=?UTF-8?Q?=E9?=' },
  },
  {
    question: 'A name of user metadata with an underscore comes back as',
    ask: async (probe) => {
      const headers = { 'x-amz-meta-a_b': 'x' };
      await probe.send({ method: 'PUT', key: 'under', headers, body: 'x' });
      const answer = await probe.send({ method: 'HEAD', key: 'under' });
      const names = Object.keys(answer.headers).filter((name) => name.startsWith('x-amz-meta-'));
      return names.join();
    },
    ...{ minio: 'x-amz-meta-a_b', ceph: 'x-amz-meta-a-b' },
  },
  {
    question: 'PUT with an unknown storage class',
    ask: async (probe) => {
      const headers = { 'x-amz-storage-class': 'NO_SUCH' };
      return probe.status(await probe.send({ method: 'PUT', key: 'class', headers, body: 'x' }));
    },
    ...{ minio: '400 InvalidStorageClass', ceph: '400 InvalidArgument' },
  },
  {
    question: 'What names the server',
    ask: async (probe) => {
      const { headers } = await probe.send({ method: 'HEAD', key: await probe.put({}) });
      const id = String(headers['x-amz-request-id']);
      return String(headers['server'] ?? (/^tx[0-9a-f]+-/.test(id) ? 'request id tx…' : id));
    },
    ...{ minio: 'MinIO', ceph: 'request id tx…' },
  },
]);
