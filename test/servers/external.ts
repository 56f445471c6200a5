import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { createRunFolder, destroyRunFolder } from './runFolder.ts';
import type { S3Server } from './s3Server.ts';

/**
 * Any other server: `SSEC_TEST_ENDPOINT` with `SSEC_TEST_ACCESS_KEY`, `SSEC_TEST_SECRET_KEY`,
 * optionally `SSEC_TEST_REGION` (default us-east-1) and `SSEC_TEST_CA` (a PEM file; default: the
 * public CAs). The suites make buckets of their own there and remove them. Undefined if not given.
 */
export async function externalServer(): Promise<S3Server | undefined> {
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
  const ownCa = process.env['SSEC_TEST_CA'];
  const caFile = ownCa ?? join(folder, 'ca.pem');
  if (ownCa === undefined) await writeFile(caFile, rootCertificates.join('\n'));
  return {
    name: 'external',
    endpoint: endpoint.replace(/\/+$/, ''),
    region: process.env['SSEC_TEST_REGION'] ?? 'us-east-1',
    accessKeyId,
    secretAccessKey,
    caFile,
    caPem: await readFile(caFile, 'utf8'),
    stop: () => destroyRunFolder(folder),
  };
}

function needed(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') {
    throw new Error(`SSEC_TEST_ENDPOINT is set, but ${name} is not.`);
  }
  return value;
}
