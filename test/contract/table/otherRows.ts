import { defineRows } from './row.ts';

/** Object keys, listings and the rest. */
export const otherRows = defineRows([
  {
    question: 'PUT of /name, while there is an object name',
    ask: async (probe) => {
      await probe.put({ key: 'name', body: 'of name' });
      await probe.put({ key: '/name', body: 'of /name' });
      const { body } = await probe.get('name');
      return body.toString() === 'of name' ? 'two objects' : 'name is overwritten';
    },
    ...{ minio: 'name is overwritten', ceph: 'two objects' },
  },
  {
    question: 'PUT of a//b / a/../b / a segment of 256 bytes',
    ask: async (probe) => {
      const statuses: string[] = [];
      for (const key of ['a//b', 'a/../b', 'n'.repeat(256)]) {
        statuses.push(probe.status(await probe.send({ method: 'PUT', key, body: 'x' }), ''));
      }
      return statuses.join(' / ');
    },
    minio:
      '400 XMinioInvalidObjectName / 400 XMinioInvalidResourceName / 400 XMinioInvalidObjectName',
    ceph: '200 / 200 / 200',
  },
  {
    question: 'DeleteObjects of 1,001 keys / of a key with a control character',
    ask: async (probe) => {
      const many = Array.from({ length: 1001 }, (_, index) => `none/${index}`);
      return `${await probe.deleteObjects(many)} / ${await probe.deleteObjects(['a\u0001'])}`;
    },
    ...{
      minio: '400 MalformedXML / 400 MalformedXML',
      ceph: '400 / 400',
    },
  },
  {
    question: 'Listing by max-keys=1 and delimiter where p/ is an object and a prefix',
    ask: async (probe) => {
      for (const key of ['l/p/', 'l/p/x', 'l/q']) await probe.put({ key });
      const pages: string[] = [];
      for (let token = ''; pages.length < 5;) {
        const query = { 'list-type': '2', prefix: 'l/', delimiter: '/', 'max-keys': '1' };
        const next = token === '' ? {} : { 'continuation-token': token };
        const { body } = await probe.send({ method: 'GET', query: { ...query, ...next } });
        const text = body.toString();
        const found = /<(?:Contents><Key|CommonPrefixes><Prefix)>([^<]*)</.exec(text)?.[1];
        if (found !== undefined) pages.push(found);
        token = /<NextContinuationToken>([^<]*)</.exec(text)?.[1] ?? '';
        if (token === '') break;
      }
      return pages.join(', ');
    },
    ...{ minio: 'l/p/', ceph: 'l/p/, l/q' },
  },
  {
    question: 'GetBucketEncryption where there is none',
    ask: async (probe) => {
      return probe.status(await probe.send({ method: 'GET', query: { encryption: '' } }), '');
    },
    minio: '404 ServerSideEncryptionConfigurationNotFoundError',
    ceph: '200',
  },
]);
