import { keyA, keyB } from '../subject.ts';
import { all, defineRows } from './row.ts';

const a = keyA.reveal();
const b = keyB.reveal();

/** Copies and multipart uploads. */
export const copyRows = defineRows([
  {
    question: 'CopyObject from plain to a key',
    ask: (probe) => probe.copyOutcome(undefined, a),
    ...{ minio: '200, no echo, encrypted', ceph: '200, no echo, PLAINTEXT' },
  },
  {
    question: 'CopyObject with the same key',
    ask: (probe) => probe.copyOutcome(a, a),
    ...{ minio: '200, no echo, encrypted', ceph: '501 NotImplemented' },
  },
  {
    question: 'CopyObject to another key',
    ask: (probe) => probe.copyOutcome(a, b),
    ...{ minio: '200, no echo, encrypted', ceph: '501 NotImplemented' },
  },
  {
    question: 'CopyObject from a key to plain',
    ask: (probe) => probe.copyOutcome(a, undefined),
    ...{ minio: '200, plain', ceph: '501 NotImplemented' },
  },
  {
    question: 'CopyObject with a wrong source key / without it',
    ask: async (probe) => {
      const source = await probe.put({ customerKey: a });
      const wrong = await probe.copy(source, 'target', { sourceKey: b, customerKey: a });
      const none = await probe.copy(source, 'target', { customerKey: a });
      return `${probe.status(wrong, '')} / ${probe.status(none, '')}`;
    },
    ...{
      minio: '403 AccessDenied / 400 InvalidArgument',
      ceph: '501 NotImplemented / 501 NotImplemented',
    },
  },
  {
    question: 'CopyObject onto itself to another key: ETag',
    ask: async (probe) => {
      const key = await probe.put({ customerKey: a });
      const before = await probe.send({ method: 'HEAD', key, customerKey: a });
      const answer = await probe.copy(key, key, { sourceKey: a, customerKey: b });
      if (answer.status !== 200) return probe.status(answer);
      const after = await probe.send({ method: 'HEAD', key, customerKey: b });
      return before.headers['etag'] === after.headers['etag'] ? '200, unchanged' : '200, new';
    },
    ...{ minio: '200, unchanged', ceph: '400 InvalidRequest' },
  },
  {
    question: 'CopyObject keeps Expires / the tags / the tags with REPLACE',
    ask: async (probe) => {
      const expires = 'Thu, 01 Jan 2037 00:00:00 GMT';
      const headers = { expires, 'x-amz-tagging': 'a=b' };
      const source = await probe.put({ headers });
      const results: string[] = [];
      for (const directive of ['COPY', 'REPLACE']) {
        const copied = { headers: { 'x-amz-metadata-directive': directive } };
        await probe.copy(source, 'kept', copied);
        const { headers: answered } = await probe.send({ method: 'HEAD', key: 'kept' });
        if (directive === 'COPY') results.push(answered['expires'] === expires ? 'yes' : 'no');
        results.push(Number(answered['x-amz-tagging-count'] ?? 0) === 1 ? 'yes' : 'no');
      }
      return results.join(' / ');
    },
    ...{ minio: 'no / yes / yes', ceph: 'yes / yes / no' },
  },
  {
    question: 'UploadPartCopy from plain to a key',
    ask: (probe) => probe.partCopyOutcome(undefined, a),
    ...all('200, encrypted'),
  },
  {
    question: 'UploadPartCopy with the same key',
    ask: (probe) => probe.partCopyOutcome(a, a),
    ...all('200, encrypted'),
  },
  {
    question: 'UploadPartCopy to another key',
    ask: (probe) => probe.partCopyOutcome(a, b),
    ...{ minio: '200, encrypted', ceph: '400 InvalidArgument' },
  },
  {
    question: 'UploadPartCopy from a key to plain',
    ask: (probe) => probe.partCopyOutcome(a, undefined),
    ...{ minio: '200, plain', ceph: '400 InvalidArgument' },
  },
  {
    question: 'UploadPartCopy of an object key with a percent sign copies',
    ask: async (probe) => {
      await probe.put({ key: 'p/b', body: 'of p/b' });
      await probe.put({ key: 'p%2Fb', body: 'itself' });
      const uploadId = await probe.createUpload('percent');
      await probe.partCopy('percent', uploadId, 'p%2Fb');
      await probe.complete('percent', uploadId);
      return (await probe.get('percent')).body.toString();
    },
    ...{ minio: 'itself', ceph: 'of p/b' },
  },
  {
    question: 'Tags of CreateMultipartUpload',
    ask: async (probe) => {
      const headers = { 'x-amz-tagging': 'a=b' };
      const uploadId = await probe.createUpload('mpu-tags', { headers });
      await probe.part('mpu-tags', uploadId);
      await probe.complete('mpu-tags', uploadId);
      const { headers: answered } = await probe.send({ method: 'HEAD', key: 'mpu-tags' });
      return Number(answered['x-amz-tagging-count'] ?? 0) === 1 ? 'kept' : 'lost';
    },
    ...{ minio: 'kept', ceph: 'lost' },
  },
  {
    question: 'UploadPart without the key of the upload / with another',
    ask: async (probe) => {
      const uploadId = await probe.createUpload('part-key', { customerKey: a });
      const none = probe.status(await probe.part('part-key', uploadId));
      const other = probe.status(await probe.part('part-key', uploadId, b), '');
      return `${none} / ${other}`;
    },
    ...{
      minio: '400 InvalidRequest / 403 AccessDenied',
      ceph: '400 InvalidArgument / 400 InvalidArgument',
    },
  },
  {
    question: 'UploadPart with a key to a plain upload',
    ask: async (probe) => {
      const uploadId = await probe.createUpload('plain-upload');
      const answer = await probe.part('plain-upload', uploadId, a);
      if (answer.status !== 200) return probe.status(answer);
      await probe.complete('plain-upload', uploadId);
      return `200, ${await probe.storedHow('plain-upload', undefined)}`;
    },
    ...all('200, PLAINTEXT'),
  },
  {
    question: 'CompleteMultipartUpload without the key / repeated',
    ask: async (probe) => {
      const uploadId = await probe.createUpload('completed', { customerKey: a });
      await probe.part('completed', uploadId, a);
      const first = await probe.complete('completed', uploadId);
      return `${probe.status(first, '')} / ${probe.status(await probe.complete('completed', uploadId), '')}`;
    },
    ...{ minio: '200 / 404 NoSuchUpload', ceph: '200 / 200' },
  },
]);
