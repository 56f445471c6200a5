import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { CustomerKey } from '../../../src/core/customerKey.ts';
import type { TestServer } from '../../servers/fromEnvironment.ts';
import { connectProxy, type ProxyClient } from '../../servers/proxyClient.ts';
import type { RecordedRequest } from '../../servers/proxyFaults.ts';
import { closeEditors } from './editors.ts';
import { OtherClient } from './otherClient.ts';

/** A server as the extension and a second client know it, with a bucket and a customer key. */
export interface Site {
  readonly server: TestServer;
  /** The connection's name. */
  readonly connection: string;
  readonly bucket: string;
  /** Bound to the connection's host and the default for new objects. */
  readonly customerKey: CustomerKey;
  /** Talks to the server past the extension and past the proxy. */
  readonly other: OtherClient;
  readonly proxy: ProxyClient;
}

/** Adds a connection through the server's proxy, a customer key, and makes a bucket. */
export async function prepareSite(server: TestServer): Promise<Site> {
  const unique = randomUUID().slice(0, 8);
  const connection = `${server.name}-${unique}`;
  const bucket = `files-${unique}`;
  const other = new OtherClient(server);
  await other.createBucket(bucket);
  await addConnection(server, connection);
  const customerKey = CustomerKey.generate();
  await addCustomerKey(customerKey, `key ${unique}`, [new URL(server.proxy.endpoint).host]);
  const configuration = vscode.workspace.getConfiguration();
  await configuration.update(
    'ssec.defaultCustomerKey',
    customerKey.fingerprint,
    vscode.ConfigurationTarget.Global,
  );
  const proxy = connectProxy(server.proxy.control);
  await proxy.clear();
  return { server, connection, bucket, customerKey, other, proxy };
}

/** A site for the tests of a suite: its fields are there once they run. */
export function useSite(server: TestServer): Site {
  const site = {} as Site;
  before(async () => {
    Object.assign(site, await prepareSite(server));
  });
  afterEach(async () => {
    await site.proxy.clearFaults();
    await closeEditors();
  });
  return site;
}

export async function addConnection(
  server: TestServer,
  name: string,
  more: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const { region, caFile, accessKeyId, secretAccessKey } = server;
  await vscode.commands.executeCommand('ssec.addConnection', {
    ...{ name, region, caFile, endpoint: server.proxy.endpoint, addressing: 'path' },
    credentials: { source: 'accessKey', accessKeyId, secretAccessKey },
    ...{ target: 'user', confirmed: true, ...more },
  });
}

export async function addCustomerKey(
  customerKey: CustomerKey,
  name: string,
  hosts: readonly string[],
  scope = 'user',
): Promise<void> {
  const value = Buffer.from(customerKey.reveal()).toString('base64');
  await vscode.commands.executeCommand('ssec.addCustomerKey', {
    ...{ name, format: 'base64', value, scope, hosts },
  });
}

/** Puts encrypted objects whose content is their own object key. */
export async function putNamed(
  { other, bucket, customerKey }: Site,
  ...keys: readonly string[]
): Promise<void> {
  for (const key of keys) await other.put(bucket, key, key, customerKey);
}

/** The URI of an object, written by hand: the tests do not trust the extension's own mapping. */
export function uriOf({ connection, bucket }: Site, path: string): vscode.Uri {
  return vscode.Uri.from({ scheme: 'ssec', authority: connection, path: `/${bucket}/${path}` });
}

/** What went over the wire during some work: `GET /bucket/key`, a LIST as `LIST prefix`. */
export async function requestsOf(
  { proxy, bucket }: Site,
  work: () => PromiseLike<unknown>,
): Promise<readonly string[]> {
  await proxy.clear();
  await work();
  return (await proxy.requests()).map((request) => describe(request, bucket));
}

function describe({ method, path }: RecordedRequest, bucket: string): string {
  const { pathname, searchParams } = new URL(path, 'https://host');
  const key = decodeURIComponent(pathname).replace(`/${bucket}`, '').replace(/^\//, '');
  if (searchParams.has('list-type')) return `LIST ${searchParams.get('prefix') ?? ''}`;
  return `${method} ${key}${searchParams.has('tagging') ? '?tagging' : ''}`;
}
