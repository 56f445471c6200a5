import { randomBytes } from 'node:crypto';
import type { ObjectAddress } from '../../src/core/address.ts';
import type { AccessKey, Connection } from '../../src/core/connection.ts';
import { CustomerKey } from '../../src/core/customerKey.ts';
import type { GetOptions, ObjectInfo, ObjectStore } from '../../src/core/objectStore.ts';
import { Secret } from '../../src/core/secret.ts';
import type { KeyGuard, RequestRecord } from '../../src/core/storeOptions.ts';
import { createStore } from '../../src/s3/s3Store.ts';
import { serversFromEnvironment, type TestServer } from '../servers/fromEnvironment.ts';
import { connectProxy, type ProxyClient } from '../servers/proxyClient.ts';
import { Buckets } from './buckets.ts';
import { createRawClient, type RawClient } from './rawClient.ts';

/** A store under test, and what it sent. */
export interface Opened {
  readonly store: ObjectStore;
  readonly records: RequestRecord[];
  /** The operations since the last call, in order. */
  readonly operations: () => string[];
}

/** What a test may change of the store that it opens. */
export interface Overrides {
  readonly connection?: Partial<Connection>;
  readonly accessKey?: Partial<AccessKey>;
  readonly guard?: KeyGuard;
}

/** One server under test. */
export interface Subject {
  readonly server: TestServer;
  readonly raw: RawClient;
  readonly proxy: ProxyClient;
  readonly buckets: Buckets;
  /** A new store of the server; it is disposed of after the suite. */
  readonly open: (overrides?: Overrides) => Opened;
  /** The same through the recording proxy. */
  readonly openThroughProxy: (overrides?: Overrides) => Opened;
}

/** Two customer keys that no test shares with another run. */
export const keyA = new CustomerKey(randomBytes(32));
export const keyB = new CustomerKey(randomBytes(32));

/** Defines a suite once for every server of the run. */
export function onEveryServer(title: string, define: (subject: Subject) => void): void {
  for (const server of serversFromEnvironment()) {
    describe(`${title} (${server.name})`, () => {
      const raw = createRawClient(server);
      const buckets = new Buckets(raw);
      const opened: ObjectStore[] = [];
      const open = (endpoint: string, overrides: Overrides = {}): Opened => {
        const result = openStore(server, endpoint, overrides);
        opened.push(result.store);
        return result;
      };
      const proxy = connectProxy(server.proxy.control);
      after(async () => {
        for (const store of opened) store.dispose();
        await buckets.removeAll();
        raw.dispose();
      });
      define({
        ...{ server, raw, proxy, buckets },
        open: (overrides) => open(server.endpoint, overrides),
        openThroughProxy: (overrides) => open(server.proxy.endpoint, overrides),
      });
    });
  }
}

function openStore(server: TestServer, endpoint: string, overrides: Overrides): Opened {
  const records: RequestRecord[] = [];
  let seen = 0;
  const store = createStore({
    connection: {
      ...{ name: 'under-test', endpoint, region: server.region, addressing: 'path' },
      ...{ caFile: server.caFile, credentials: { source: 'accessKey' } },
      ...overrides.connection,
    },
    accessKey: {
      accessKeyId: server.accessKeyId,
      secretAccessKey: new Secret(server.secretAccessKey),
      ...overrides.accessKey,
    },
    guard: overrides.guard ?? (() => true),
    onRequest: (record) => records.push(record),
  });
  return {
    ...{ store, records },
    operations: () => {
      const operations = records.slice(seen).map(({ operation }) => operation);
      seen = records.length;
      return operations;
    },
  };
}

/** The address of an object of the store under test. */
export function at(bucket: string, key: string): ObjectAddress {
  return { connection: 'under-test', bucket, key };
}

/** Reads an object to its end. */
export async function read(
  store: ObjectStore,
  address: ObjectAddress,
  options?: GetOptions,
): Promise<{ readonly info: ObjectInfo; readonly bytes: Buffer }> {
  const { info, body } = await store.get(address, options);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return { info, bytes: Buffer.concat(chunks) };
}

/** The text of an object. */
export async function readText(
  store: ObjectStore,
  address: ObjectAddress,
  options?: GetOptions,
): Promise<string> {
  return (await read(store, address, options)).bytes.toString();
}
