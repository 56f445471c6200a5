import type { IncomingMessage } from 'node:http';
import type { RecordedRequest, SeenCustomerKey } from './proxyFaults.ts';

/** Headers as node:http gives them raw: name, value, name, value, …; names as they were sent. */
export type RawHeaders = readonly string[];

/** The pairs of name and value. */
export function pairs(headers: RawHeaders): [string, string][] {
  const found: [string, string][] = [];
  for (let index = 0; index + 1 < headers.length; index += 2) {
    found.push([headers[index] ?? '', headers[index + 1] ?? '']);
  }
  return found;
}

/** Without those of the names, in whatever case. */
export function without(headers: RawHeaders, names: readonly string[]): string[] {
  const lower = names.map((name) => name.toLowerCase());
  return pairs(headers)
    .filter(([name]) => !lower.includes(name.toLowerCase()))
    .flat();
}

/** The first value of a header. */
export function valueOf(headers: RawHeaders, name: string): string | undefined {
  return pairs(headers).find(([each]) => each.toLowerCase() === name)?.[1];
}

const recorded =
  /^(if-.*|range|content-(type|length|encoding|disposition|language)|cache-control|expires|x-amz-(copy-source.*|meta-.*|metadata-directive|tagging.*|storage-class|checksum-.*|sdk-checksum-algorithm))$/;
const secret = /customer-key(-md5)?$/;

/** Starts the record of a request. */
export function recordOf(request: IncomingMessage): RecordedRequest {
  const kept = pairs(request.rawHeaders)
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => recorded.test(name) && !secret.test(name));
  return {
    method: request.method ?? '',
    path: request.url ?? '',
    customerKey: seenKey(request.rawHeaders, 'x-amz-'),
    sourceCustomerKey: seenKey(request.rawHeaders, 'x-amz-copy-source-'),
    headers: Object.fromEntries(kept),
    requestBytes: 0,
    responseBytes: 0,
  };
}

function seenKey(headers: RawHeaders, prefix: string): SeenCustomerKey {
  const header = (end: string): string | undefined =>
    valueOf(headers, `${prefix}server-side-encryption-customer-${end}`);
  const keyMd5 = header('key-md5');
  return {
    algorithm: header('algorithm') !== undefined,
    key: header('key') !== undefined,
    ...(keyMd5 === undefined ? {} : { keyMd5 }),
  };
}
