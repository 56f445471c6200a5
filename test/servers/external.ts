import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { createRunFolder, destroyRunFolder } from './runFolder.ts';
import type { S3Server, StartContext } from './s3Server.ts';

/**
 * Any other server: `SSEC_TEST_ENDPOINT` with `SSEC_TEST_ACCESS_KEY`, `SSEC_TEST_SECRET_KEY`,
 * optionally `SSEC_TEST_REGION` (default us-east-1), `SSEC_TEST_CA` (a PEM file; default: the public
 * CAs) and `SSEC_TEST_LIKE` (whose ways it has: `minio`, `ceph` or, by default, `aws`). The suites make buckets of their own there and remove them. Undefined if not given.
 */
export async function externalServer({ tls }: StartContext): Promise<S3Server | undefined> {
  const endpoint = process.env['SSEC_TEST_ENDPOINT'];
  if (endpoint === undefined || endpoint === '') return undefined;
  if (!endpoint.startsWith('https://')) {
    throw new Error(
      `SSEC_TEST_ENDPOINT is ${endpoint}, but must be an https URL: SSE-C needs TLS.`,
    );
  }
  const accessKeyId = needed('SSEC_TEST_ACCESS_KEY');
  const secretAccessKey = needed('SSEC_TEST_SECRET_KEY');
  const folder = createRunFolder('external');
  const ca = process.env['SSEC_TEST_CA'];
  const trusted = ca === undefined ? rootCertificates.join('\n') : await readFile(ca, 'utf8');
  // The proxy before it has a certificate of the run's own CA.
  const caPem = `${trusted}\n${await readFile(tls.caFile, 'utf8')}`;
  const caFile = join(folder, 'ca.pem');
  await writeFile(caFile, caPem);
  return {
    name: 'external',
    like: likeFromEnvironment(),
    endpoint: endpoint.replace(/\/+$/, ''),
    region: process.env['SSEC_TEST_REGION'] ?? 'us-east-1',
    accessKeyId,
    secretAccessKey,
    caFile,
    caPem,
    stop: () => destroyRunFolder(folder),
  };
}

function likeFromEnvironment(): S3Server['like'] {
  const like = process.env['SSEC_TEST_LIKE'] ?? 'aws';
  if (like === 'aws' || like === 'ceph' || like === 'minio') return like;
  throw new Error(`SSEC_TEST_LIKE is ${like}; known are aws, ceph and minio.`);
}

function needed(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') {
    throw new Error(`SSEC_TEST_ENDPOINT is set, but ${name} is not.`);
  }
  return value;
}
