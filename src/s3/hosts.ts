import { connectionHost, type Connection } from '../core/connection.ts';

/** A region's name as it may stand in a host name. */
const regionName = /^[a-z]{2,3}(-[a-z0-9]+)+$/;

/** AWS's S3 hosts of one partition: `s3.<region>.amazonaws.com`, with a bucket before it or not. */
const awsHost =
  /^(?:(?<bucket>.+)\.)?s3\.(?<region>[a-z0-9-]+)\.(?<domain>amazonaws\.com(?:\.cn)?)$/;

/**
 * Whether a bucket may be followed to a region: AWS's own partition only, because credentials and
 * customer keys of a partition have no business in another. For S3-compatible endpoints the region
 * only changes the signature, the host stays.
 */
export function canFollow(connection: Connection, region: string): boolean {
  if (!regionName.test(region)) return connection.endpoint !== undefined && /^[\w-]+$/.test(region);
  return connection.endpoint !== undefined || partition(region) === partition(connection.region);
}

function partition(region: string): string {
  return /^(cn|us-gov|us-iso[a-z]*|eu-isoe|eusc)-/.exec(region)?.[1] ?? 'aws';
}

/** The endpoint's URL; for AWS that of the region, whatever the environment says (AWS_ENDPOINT_URL). */
export function endpointOf(connection: Connection, region: string): string {
  if (connection.endpoint !== undefined) return connection.endpoint;
  return `https://s3.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
}

/** What a request's URL says about where it goes. */
export interface Destination {
  /** Whether the host is the connection's own (for AWS: any S3 host of its partition). */
  readonly own: boolean;
  /** The bucket in the host name or the path. */
  readonly bucket: string;
  /** Whether the path goes on after the bucket, so that the request is for an object. */
  readonly isObject: boolean;
}

/** Tells where a request would really go, from its URL alone. */
export function destinationOf(
  connection: Connection,
  request: { readonly hostname: string; readonly port?: number | undefined; readonly path: string },
): Destination {
  const hostname = request.hostname.toLowerCase();
  const [path = ''] = request.path.split('?');
  const [, first = '', rest = ''] = /^\/([^/]*)\/?(.*)/s.exec(path) ?? [];
  const inPath = { bucket: decodeURIComponent(first), isObject: rest !== '' };
  const inHost = (bucket: string): typeof inPath => ({ bucket, isObject: path.length > 1 });
  if (connection.endpoint === undefined) {
    const groups = awsHost.exec(hostname)?.groups;
    const domain = `s3.${groups?.['domain'] ?? ''}`;
    const own = request.port === undefined && domain === connectionHost(connection);
    const bucket = groups?.['bucket'];
    return { own, ...(bucket === undefined ? inPath : inHost(bucket)) };
  }
  const endpoint = new URL(connection.endpoint);
  const { protocol } = endpoint;
  const samePort = portOf(protocol, request.port) === portOf(protocol, endpoint.port);
  if (hostname === endpoint.hostname) return { own: samePort, ...inPath };
  const below = hostname.endsWith(`.${endpoint.hostname}`);
  if (!below) return { own: false, ...inPath };
  return { own: samePort, ...inHost(hostname.slice(0, -endpoint.hostname.length - 1)) };
}

function portOf(protocol: string, port: number | string | undefined): number {
  if (port !== undefined && port !== '') return Number(port);
  return protocol === 'https:' ? 443 : 80;
}
