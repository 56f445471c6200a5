import assert from 'node:assert/strict';
import type { Connection } from '../../../src/core/connection.ts';
import { isStoreError } from '../../../src/core/storeError.ts';
import { checkCustomerKeys, checkDelete } from '../../../src/s3/keyCheckpoint.ts';

const connection: Connection = {
  ...{ name: 'home', endpoint: 'https://s3.example.org', region: 'us-east-1', addressing: 'path' },
  credentials: { source: 'environment' },
};
const key = Buffer.from('32bytesOfTotallyRandomCharacters').toString('base64');
const fingerprint = 'Q2uTy2CxpUThcAfUAnc8mQ==';
const request = {
  ...{ method: 'PUT', protocol: 'https:', hostname: 's3.example.org', path: '/b/k' },
  headers: { 'X-Amz-Server-Side-Encryption-Customer-Key': key },
};
const sourceKey = 'x-amz-copy-source-server-side-encryption-customer-key';

describe('the checkpoint of customer keys', () => {
  it('passes what carries none, wherever it goes', () => {
    const plain = { ...request, protocol: 'http:', hostname: 'elsewhere.org', headers: {} };
    checkCustomerKeys(connection, () => false, plain);
  });

  it('asks the guard by the fingerprint of the key itself, the host and the bucket', () => {
    const asked: unknown[] = [];
    const headers = {
      ...request.headers,
      'x-amz-server-side-encryption-customer-key-md5': 'a lie',
    };
    checkCustomerKeys(connection, (...all) => asked.push(all) > 0, { ...request, headers });
    assert.deepEqual(asked, [[fingerprint, 's3.example.org', 'b']]);
  });

  it('asks for the source of a copy by the bucket of the source', () => {
    for (const source of ['other/k', '/other/k', 'other/k?versionId=1']) {
      const headers = { ...request.headers, [sourceKey]: key, 'x-amz-copy-source': source };
      const asked: unknown[] = [];
      checkCustomerKeys(connection, (...all) => asked.push(all[2]) > 0, { ...request, headers });
      assert.deepEqual(asked, ['b', 'other']);
    }
  });

  const refused = {
    insecureEndpoint: [
      { ...request, protocol: 'http:' },
      { ...request, protocol: 'http:', headers: { [sourceKey]: key } },
    ],
    keyNotBound: [
      { ...request, hostname: 'elsewhere.org' },
      { ...request, hostname: 's3.example.org.evil.org' },
      { ...request, port: 8443 },
    ],
  } as const;
  for (const [kind, requests] of Object.entries(refused)) {
    for (const each of requests) {
      it(`refuses ${each.protocol}//${each.hostname}: ${kind}`, () => {
        assert.throws(
          () => {
            checkCustomerKeys(connection, () => true, each);
          },
          (error) =>
            isStoreError(error, kind as keyof typeof refused) && !error.message.includes(key),
        );
      });
    }
  }

  it('refuses what the guard refuses', () => {
    assert.throws(
      () => {
        checkCustomerKeys(connection, () => false, request);
      },
      (error) => isStoreError(error, 'keyNotBound') && error.details.fingerprint === fingerprint,
    );
  });

  it('lets no DELETE of a bucket or of its settings pass', () => {
    for (const path of ['/b', '/b/', '/b?encryption', '/b/?metrics&id=x', '/', '']) {
      assert.throws(() => {
        checkDelete(connection, { ...request, method: 'DELETE', path });
      });
    }
    const inHost = { ...request, method: 'DELETE', hostname: 'b.s3.example.org', path: '/' };
    assert.throws(() => {
      checkDelete(connection, inHost);
    });
    for (const path of ['/b/k', '/b//', '/b/k?versionId=1', '/b/a/../b']) {
      checkDelete(connection, { ...request, method: 'DELETE', path });
    }
    checkDelete(connection, { ...inHost, path: '/k' });
  });
});
