import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findCommand, run } from './processes.ts';

/** A test CA and one server certificate signed by it, for localhost, *.localhost and 127.0.0.1. */
export interface TestTls {
  readonly caFile: string;
  readonly certificateFile: string;
  readonly privateKeyFile: string;
}

const elliptic = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/**
 * Makes a CA and a leaf in `folder` by the openssl command, valid for 30 days. Two certificates,
 * as rustls clients refuse a server that presents its own CA.
 */
export async function createTestTls(folder: string): Promise<TestTls> {
  if ((await findCommand('openssl')) === undefined) {
    throw new Error(
      'The test servers need the openssl command for their certificates; install it.',
    );
  }
  const at = (name: string): string => join(folder, name);
  await run('openssl', [
    ...['req', '-x509', ...elliptic, '-days', '30', '-subj', '/CN=SSE-C Explorer test CA'],
    ...['-addext', 'keyUsage=critical,keyCertSign,cRLSign'],
    ...['-keyout', at('ca.key'), '-out', at('ca.crt')],
  ]);
  await run('openssl', [
    ...['req', ...elliptic, '-subj', '/CN=localhost'],
    ...['-keyout', at('server.key'), '-out', at('server.csr')],
  ]);
  await writeFile(
    at('server.ext'),
    'subjectAltName=DNS:localhost,DNS:*.localhost,IP:127.0.0.1\n' +
      'basicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n',
  );
  await run('openssl', [
    ...['x509', '-req', '-in', at('server.csr'), '-CA', at('ca.crt'), '-CAkey', at('ca.key')],
    ...['-CAcreateserial', '-days', '30', '-out', at('server.crt'), '-extfile', at('server.ext')],
  ]);
  return {
    caFile: at('ca.crt'),
    certificateFile: at('server.crt'),
    privateKeyFile: at('server.key'),
  };
}

/** The PEM texts of the files, as node:tls takes them. */
export async function readTestTls(
  tls: TestTls,
): Promise<{ ca: string; cert: string; key: string }> {
  const [ca, cert, key] = await Promise.all([
    readFile(tls.caFile, 'utf8'),
    readFile(tls.certificateFile, 'utf8'),
    readFile(tls.privateKeyFile, 'utf8'),
  ]);
  return { ca, cert, key };
}
