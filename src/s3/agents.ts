import { readFileSync } from 'node:fs';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import type { Connection } from '../core/connection.ts';
import { StoreError } from '../core/storeError.ts';

/** Connections that are kept open and shared by all requests of a store. */
export interface Agents {
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpsAgent;
}

const maxSockets = 64;

/**
 * The agents of a connection; certificates of its CA file are trusted in addition to the system's.
 *
 * @throws StoreError `tls` if the CA file cannot be read
 */
export function createAgents(connection: Pick<Connection, 'name' | 'caFile'>): Agents {
  const shared = { keepAlive: true, maxSockets, noDelay: true };
  return {
    httpAgent: new HttpAgent(shared),
    httpsAgent: new HttpsAgent({ ...shared, ...trusted(connection) }),
  };
}

/**
 * One context for all requests: an agent with a list of certificates would read them for every new
 * socket, and compare all of their text for every request.
 */
function trusted({ name, caFile }: Pick<Connection, 'name' | 'caFile'>): {
  secureContext?: SecureContext;
} {
  if (caFile === undefined) return {};
  // A `ca` option replaces the defaults, NODE_EXTRA_CA_CERTS included: name all of them.
  const extra = process.env['NODE_EXTRA_CA_CERTS'];
  const ca = [...rootCertificates, readCertificates(name, caFile)];
  if (extra !== undefined && extra !== '') {
    try {
      ca.push(readFileSync(extra, 'utf8'));
    } catch {
      // Node itself only warns of a file that it cannot read.
    }
  }
  try {
    return { secureContext: createSecureContext({ ca }) };
  } catch (cause) {
    const message = `The certificates in the file ${caFile} of the connection "${name}" cannot be read. Check the file.`;
    throw new StoreError('tls', message, { connection: name }, cause);
  }
}

function readCertificates(connection: string, caFile: string): string {
  let text: string;
  try {
    text = readFileSync(caFile, 'utf8');
  } catch (cause) {
    const message = `The certificate file ${caFile} of the connection "${connection}" cannot be read. Check its path in the connection's settings.`;
    throw new StoreError('tls', message, { connection }, cause);
  }
  if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
  const message = `The file ${caFile} of the connection "${connection}" holds no PEM certificate ("-----BEGIN CERTIFICATE-----").`;
  throw new StoreError('tls', message, { connection });
}
