import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { Secret } from '../../src/core/secret.ts';
import { isStoreError, type StoreError } from '../../src/core/storeError.ts';
import { leaksOf } from './leaks.ts';
import { rejects } from './rejects.ts';
import { at, keyA, keyB, onEveryServer, type Opened } from './subject.ts';

const any = { type: 'any' } as const;
const customerKey = keyA;

/** Every call that sends a customer key. */
function keyedCalls({ store }: Opened, bucket: string): Record<string, () => Promise<unknown>> {
  const address = at(bucket, 'x');
  const body = Buffer.from('1');
  const stream = (async function* () {
    yield await Promise.resolve(body);
  })();
  return {
    get: () => store.get(address, { customerKey }),
    head: () => store.head(address, { customerKey }),
    put: () => store.put(address, body, { customerKey, condition: any }),
    'put of a stream': () =>
      store.put(address, { size: 1, stream }, { customerKey, condition: any }),
    'put under a condition': () =>
      store.put(address, body, { customerKey, condition: { type: 'absent' } }),
    copy: () =>
      store.copy(address, at(bucket, 'y'), { sourceKey: keyA, targetKey: keyA, condition: any }),
    'copy of a plain object': () =>
      store.copy(at(bucket, 'plain'), at(bucket, 'y'), { targetKey: keyA, condition: any }),
  };
}

onEveryServer('safety', ({ server, buckets, open, raw, proxy, openThroughProxy }) => {
  let bucket: string;
  before(async () => {
    bucket = await buckets.create();
    await raw.send({ method: 'PUT', bucket, key: 'x', body: '1', customerKey: keyA.reveal() });
    await raw.send({ method: 'PUT', bucket, key: 'plain', body: '1' });
  });

  const received: string[] = [];
  let listener: Server | undefined;
  after(() => {
    listener?.close();
    listener?.closeAllConnections();
  });

  it('never sends a customer key over http', async () => {
    const insecureServer = createServer((request, response) => {
      received.push(`${request.method ?? ''} ${request.url ?? ''}`);
      assert.deepEqual(
        Object.keys(request.headers).filter((name) => name.includes('customer-key')),
        [],
      );
      response.writeHead(request.url?.startsWith(`/${bucket}/plain`) === true ? 200 : 404).end();
    });
    listener = insecureServer;
    await new Promise<void>((resolve) => insecureServer.listen(0, '127.0.0.1', resolve));
    const { port } = insecureServer.address() as AddressInfo;
    const insecure = open({ connection: { endpoint: `http://127.0.0.1:${port}` } });
    for (const [call, send] of Object.entries(keyedCalls(insecure, bucket))) {
      const error = await rejects(send(), 'insecureEndpoint');
      assert.match(error.message, /https:\/\//, call);
      assert.equal(error.details.fingerprint, keyA.fingerprint);
    }
    // The copy of a plain object reads its source before, without a key.
    assert.deepEqual(
      received.filter((line) => !/^(HEAD|GET) .*\/plain/.test(line)),
      [],
    );
  });

  if (server.httpEndpoint !== undefined) {
    it('browses and reads over http', async () => {
      const { store } = open({ connection: { endpoint: server.httpEndpoint } });
      const { objects } = await store.list({ bucket, prefix: '' });
      assert.deepEqual(
        objects.map(({ key }) => key),
        ['plain', 'x'],
      );
      assert.equal((await store.head(at(bucket, 'plain'))).size, 1);
      await store.put(at(bucket, 'over http'), Buffer.from('1'), { condition: any });
      await store.delete(at(bucket, 'over http'));
      await rejects(store.get(at(bucket, 'x'), { customerKey }), 'insecureEndpoint');
    });
  }

  it('names https to whoever speaks without TLS to a server that has it', async () => {
    const endpoint = server.endpoint.replace('https:', 'http:');
    const { store } = open({ connection: { endpoint } });
    const host = new URL(endpoint).host;
    await assert.rejects(store.listBuckets(), (error) => {
      assert.ok(isStoreError(error), String(error));
      assert.match(error.message, new RegExp(`change the endpoint to https://${host}\\.$`));
      return true;
    });
  });

  it('sends a customer key only where the guard allows it', async () => {
    const asked: string[] = [];
    const guarded = openThroughProxy({
      guard: (fingerprint, host, inBucket) => {
        asked.push([fingerprint, host, inBucket].join(' '));
        return false;
      },
    });
    await proxy.clear();
    for (const [call, send] of Object.entries(keyedCalls(guarded, bucket))) {
      asked.length = 0;
      const error = await rejects(send(), 'keyNotBound');
      assert.ok(error.message.includes(keyA.fingerprint), call);
      const host = new URL(server.proxy.endpoint).host;
      assert.ok(asked.every((line) => line === `${keyA.fingerprint} ${host} ${bucket}`));
      assert.ok(asked.length > 0);
    }
    const requests = await proxy.requests();
    assert.ok(
      requests.every((request) => !request.customerKey.key && !request.sourceCustomerKey.key),
    );
  });

  it('asks the guard for the source of a copy by its own bucket', async () => {
    const target = await buckets.create();
    for (const forbidden of [bucket, target]) {
      const { store } = open({ guard: (_fingerprint, _host, inBucket) => inBucket !== forbidden });
      const options = { sourceKey: keyA, targetKey: keyA, condition: any };
      const copy = store.copy(at(bucket, 'x'), at(target, 'y'), options);
      const error = await rejects(copy, 'keyNotBound');
      assert.equal(error.details.bucket, forbidden);
    }
    const { objects } = await open().store.list({ bucket: target, prefix: '' });
    assert.deepEqual(objects, []);
  });

  it('sends the customer key with nothing but what needs it', async () => {
    await proxy.clear();
    const opened = openThroughProxy();
    const { store } = opened;
    await store.list({ bucket, prefix: '' });
    await store.listBuckets();
    await store.headBucket(bucket);
    for await (const version of store.listVersions(bucket, '')) assert.ok(version.key);
    for (const send of Object.values(keyedCalls(opened, bucket)))
      await send().catch(() => undefined);
    await store.getTags(at(bucket, 'x'));
    await store.delete(at(bucket, 'x'));
    await store.deleteMany(bucket, ['y', 'plain']);
    const requests = await proxy.requests();
    assert.ok(requests.length > 15);
    for (const { method, path, customerKey: seen } of requests) {
      if (!seen.key) continue;
      assert.ok(seen.algorithm && seen.keyMd5 === keyA.fingerprint);
      const operation = /\?.*(tagging|list-type|versions|delete|encryption|location)/.test(path);
      assert.ok(
        method !== 'DELETE' && !operation && path.split('/').length > 2,
        `${method} ${path}`,
      );
    }
    await raw.send({ method: 'PUT', bucket, key: 'x', body: '1', customerKey: keyA.reveal() });
    await raw.send({ method: 'PUT', bucket, key: 'plain', body: '1' });
  });

  it('follows no redirect', async () => {
    const { store } = openThroughProxy();
    for (const status of [301, 302, 307, 308]) {
      await proxy.clear();
      const headers = {
        location: `${server.endpoint}/${bucket}/x`,
        'x-amz-bucket-region': 'elsewhere',
      };
      await proxy.addFault({ match: {}, fault: { kind: 'respond', status, headers } });
      await rejects(store.get(at(bucket, 'x'), { customerKey }), ['unknown', 'invalid', 'network']);
      await proxy.clearFaults();
      const requests = await proxy.requests();
      assert.ok(requests.every(({ path }) => path.startsWith(`/${bucket}/x`)));
    }
  });

  it('shows no secret in errors and records, however deep one looks', async () => {
    const secrets = {
      'customer key A': Buffer.from(keyA.reveal()),
      'customer key B': Buffer.from(keyB.reveal()),
      'secret access key': Buffer.from(server.secretAccessKey),
    };
    const opened = openThroughProxy();
    const { store, records } = opened;
    const failures: StoreError[] = [];
    const expectFailure = async (promise: Promise<unknown>): Promise<void> => {
      await promise.then(
        () => undefined,
        (error: unknown) => failures.push(error as StoreError),
      );
    };
    await expectFailure(store.get(at(bucket, 'x')));
    await expectFailure(store.get(at(bucket, 'x'), { customerKey: keyB }));
    await expectFailure(store.head(at(bucket, 'x'), { customerKey: keyB }));
    await expectFailure(store.get(at(`${bucket}-not`, 'x'), { customerKey }));
    await expectFailure(
      store.put(at(bucket, 'x'), Buffer.from('1'), { customerKey, condition: { type: 'absent' } }),
    );
    const to = { sourceKey: keyB, targetKey: keyA, condition: any };
    await expectFailure(store.copy(at(bucket, 'x'), at(bucket, 'y'), to));
    const echo = `<Error><Code>SignatureDoesNotMatch</Code><Message>You sent ${Buffer.from(
      keyA.reveal(),
    ).toString(
      'base64',
    )}</Message><CanonicalRequest>x-amz-server-side-encryption-customer-key:${Buffer.from(
      keyA.reveal(),
    ).toString('base64')}</CanonicalRequest></Error>`;
    const faults = [
      { kind: 'respond', status: 403, body: echo },
      { kind: 'respond', status: 500, body: 'no XML <at all' },
      { kind: 'respond', status: 200, body: '<Error/>' },
      { kind: 'reset', when: 'beforeForward' },
      { kind: 'reset', when: 'beforeResponse' },
      { kind: 'truncateBody', bytes: 0 },
    ] as const;
    for (const fault of faults) {
      await proxy.addFault({ match: {}, fault });
      const calls = keyedCalls(opened, bucket);
      for (const name of ['get', 'head', 'put', 'copy']) {
        await expectFailure(calls[name]?.() ?? Promise.resolve());
      }
      await proxy.clearFaults();
    }
    const wrongSecret = new Secret(`${server.secretAccessKey}-not`);
    const wrong = open({ accessKey: { secretAccessKey: wrongSecret } });
    await expectFailure(wrong.store.get(at(bucket, 'x'), { customerKey }));
    const refusing = open({ guard: () => false });
    await expectFailure(refusing.store.get(at(bucket, 'x'), { customerKey }));

    assert.ok(failures.length > 20);
    for (const error of failures) {
      const shown = inspect(error, { depth: Infinity, showHidden: true, getters: true });
      assert.deepEqual(leaksOf(secrets, shown), [], error.message);
      assert.deepEqual(leaksOf(secrets, JSON.stringify(error)), []);
      assert.deepEqual(leaksOf(secrets, `${error.message} ${error.stack ?? ''}`), []);
    }
    assert.deepEqual(leaksOf(secrets, inspect(records, { depth: Infinity, showHidden: true })), []);
    const handed = inspect(store, { depth: 8, showHidden: true, getters: true });
    assert.deepEqual(leaksOf(secrets, handed), []);
  }).timeout(120_000);

  it('would notice a leak', () => {
    const bytes = Buffer.from(keyA.reveal());
    const secrets = { key: bytes };
    for (const shown of [
      bytes.toString('base64'),
      bytes.toString('hex'),
      inspect({ bytes }),
      inspect([...bytes]),
    ]) {
      assert.deepEqual(leaksOf(secrets, shown), ['key']);
    }
  });
});
