import { keyA } from '../subject.ts';
import { all, defineRows } from './row.ts';

const a = keyA.reveal();

/** Conditional requests. */
export const conditionRows = defineRows([
  {
    question: 'PUT If-None-Match: * where an object is / in a versioned bucket',
    ask: async (probe) => probe.twice((bucket) => probe.conditionalPut(bucket, 'none')),
    ...{
      minio: '412 PreconditionFailed / 412 PreconditionFailed',
      ceph: '412 PreconditionFailed / 200',
    },
  },
  {
    question: 'PUT If-Match, right and quoted / in a versioned bucket',
    ask: async (probe) => probe.twice((bucket) => probe.conditionalPut(bucket, 'quoted')),
    ...{ minio: '200 / 200', ceph: '412 PreconditionFailed / 412 PreconditionFailed' },
  },
  {
    question: 'PUT If-Match, right and unquoted / in a versioned bucket',
    ask: async (probe) => probe.twice((bucket) => probe.conditionalPut(bucket, 'unquoted')),
    ...{ minio: '200 / 200', ceph: '200 / 412 PreconditionFailed' },
  },
  {
    question: 'PUT If-Match, wrong / in a versioned bucket',
    ask: async (probe) => probe.twice((bucket) => probe.conditionalPut(bucket, 'wrong')),
    ...all('412 PreconditionFailed / 412 PreconditionFailed'),
  },
  {
    question: 'PUT If-Match where nothing is',
    ask: async (probe) => {
      const headers = { 'if-match': '"abc"' };
      return probe.status(await probe.send({ method: 'PUT', key: 'gone', headers, body: 'x' }));
    },
    ...{ minio: '404 NoSuchKey', ceph: '412 PreconditionFailed' },
  },
  {
    question: 'PUT If-Match, right, with a key over a plain object / plain over an encrypted one',
    ask: async (probe) => {
      const plain = await probe.conditionalPut(probe.bucket, 'unquoted', undefined, a);
      return `${plain} / ${await probe.conditionalPut(probe.bucket, 'unquoted', a, undefined)}`;
    },
    ...{ minio: '400 InvalidRequest / 400 InvalidRequest', ceph: '200 / 200' },
  },
  {
    question: 'CopyObject If-None-Match: * where an object is',
    ask: async (probe) => {
      const headers = { 'if-none-match': '*' };
      return probe.status(
        await probe.copy(await probe.put({}), await probe.put({}), { headers }),
        '',
      );
    },
    ...all('200'),
  },
  {
    question: 'CopyObject with a wrong x-amz-copy-source-if-match',
    ask: async (probe) => {
      const headers = { 'x-amz-copy-source-if-match': `"${'0'.repeat(32)}"` };
      return probe.status(await probe.copy(await probe.put({}), 'target', { headers }), '');
    },
    ...{ minio: '412 PreconditionFailed', ceph: '200' },
  },
  {
    question: 'DELETE If-Match, wrong',
    ask: async (probe) => {
      const headers = { 'if-match': '"abc"' };
      return probe.status(
        await probe.send({ method: 'DELETE', key: await probe.put({}), headers }),
      );
    },
    ...all('204'),
  },
]);
