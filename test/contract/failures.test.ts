import assert from 'node:assert/strict';
import dns, { type LookupOneOptions } from 'node:dns';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { Secret } from '../../src/core/secret.ts';
import { isStoreError } from '../../src/core/storeError.ts';
import { freePorts } from '../servers/ports.ts';
import { listOnly } from './listOnly.ts';
import { expectations } from './expectations.ts';
import { rejects } from './rejects.ts';
import { at, keyA, keyB, onEveryServer, readText } from './subject.ts';

const any = { type: 'any' } as const;

onEveryServer('failures', ({ server, buckets, open, raw }) => {
  const expected = expectations(server);
  let bucket: string;
  let folder: string;
  before(async () => {
    bucket = await buckets.create();
    folder = mkdtempSync(join(tmpdir(), 'ssec-contract-'));
    await raw.send({ method: 'PUT', bucket, key: 'x', body: '1', customerKey: keyA.reveal() });
  });
  const saved = { ...process.env };
  const { lookup } = dns;
  const { checkServerIdentity } = tls;
  afterEach(() => {
    process.env = { ...saved };
    dns.lookup = lookup;
    tls.checkServerIdentity = checkServerIdentity;
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it('tells a host that is not there from one that does not answer', async () => {
    const unknown = open({ connection: { endpoint: 'https://no-such-host.invalid' } });
    const unresolved = await rejects(unknown.store.listBuckets(), 'nameResolution');
    assert.match(unresolved.message, /no-such-host\.invalid/);
    const [port = 0] = await freePorts(1);
    const dead = open({ connection: { endpoint: `https://127.0.0.1:${port}` } });
    const refused = await rejects(dead.store.headBucket(bucket), 'network');
    assert.ok(refused.message.includes(`127.0.0.1:${port}`));
    await rejects(dead.store.put(at(bucket, 'x'), Buffer.from('1'), { condition: any }), 'network');
  });

  it('tells a host that is not trusted, and one that does not speak TLS', async () => {
    const untrusted = open({ connection: { caFile: undefined } });
    const error = await rejects(untrusted.store.listBuckets(), 'tls');
    assert.match(error.message, /certificate/);
    const misnamed = open({
      connection: { endpoint: server.endpoint.replace('127.0.0.1', '127.0.0.2') },
    });
    await rejects(misnamed.store.listBuckets(), ['tls', 'network']);
    const chatter = createServer((socket) => socket.end('SSH-2.0-hello\r\n'));
    await new Promise<void>((resolve) => chatter.listen(0, '127.0.0.1', resolve));
    const address = chatter.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const strange = open({ connection: { endpoint: `https://127.0.0.1:${port ?? 0}` } });
    await rejects(strange.store.listBuckets(), 'tls').finally(() => chatter.close());
  });

  it('tells a certificate file that is missing or is none', () => {
    const missing = join(folder, 'missing.pem');
    const nonsense = join(folder, 'nonsense.pem');
    writeFileSync(nonsense, 'no certificate');
    for (const caFile of [missing, nonsense]) {
      assert.throws(
        () => open({ connection: { caFile } }),
        (error) => isStoreError(error, 'tls') && error.message.includes(caFile),
      );
    }
  });

  it('tells wrong credentials', async () => {
    const wrong = [
      { accessKeyId: 'nobody' },
      { secretAccessKey: new Secret('wrong') },
      ...(expected.ignoresSessionToken ? [] : [{ sessionToken: new Secret('expired') }]),
    ];
    for (const accessKey of wrong) {
      const { store } = open({ accessKey });
      const calls = [
        () => store.listBuckets(),
        () => store.list({ bucket, prefix: '' }),
        () => store.get(at(bucket, 'x'), { customerKey: keyA }),
        () => store.put(at(bucket, 'y'), Buffer.from('1'), { customerKey: keyA, condition: any }),
      ];
      for (const call of calls) {
        const error = await rejects(call(), ['credentials', 'forbidden']);
        assert.equal(error.details.status, 403);
      }
      // A HEAD has no code; its GET does.
      await rejects(store.head(at(bucket, 'x'), { customerKey: keyA }), [
        'credentials',
        'forbidden',
      ]);
    }
    const { store } = open({ accessKey: { secretAccessKey: new Secret('wrong') } });
    await rejects(store.listBuckets(), 'credentials');
    await rejects(store.head(at(bucket, 'x')), 'credentials');
    await rejects(store.headBucket(bucket), ['credentials', 'forbidden']);
  });

  it('tells credentials that are not there', async () => {
    const none = open({ connection: { credentials: { source: 'profile', profile: 'no-such' } } });
    const error = await rejects(none.store.listBuckets(), 'credentials');
    assert.match(error.message, /no usable credentials/);
    delete process.env['AWS_ACCESS_KEY_ID'];
    const environment = open({ connection: { credentials: { source: 'environment' } } });
    await rejects(environment.store.listBuckets(), 'credentials');
    process.env['AWS_ACCESS_KEY_ID'] = server.accessKeyId;
    process.env['AWS_SECRET_ACCESS_KEY'] = server.secretAccessKey;
    const given = open({ connection: { credentials: { source: 'environment' } } });
    assert.ok((await given.store.listBuckets()).some(({ name }) => name === bucket));
  });

  it('takes the credentials of a profile', async () => {
    const file = join(folder, 'credentials');
    const { accessKeyId, secretAccessKey } = server;
    const lines = [
      '[own]',
      `aws_access_key_id = ${accessKeyId}`,
      `aws_secret_access_key = ${secretAccessKey}`,
    ];
    writeFileSync(file, lines.join('\n'));
    process.env['AWS_SHARED_CREDENTIALS_FILE'] = file;
    const { store } = open({ connection: { credentials: { source: 'profile', profile: 'own' } } });
    const text = await readText(store, at(bucket, 'x'), { customerKey: keyA });
    assert.equal(text, '1');
  });

  it('tells a missing right from a wrong customer key', async () => {
    const own = await buckets.create();
    await raw.send({ method: 'PUT', bucket: own, key: 'x', body: '1', customerKey: keyA.reveal() });
    const accessKey = await listOnly({ server, raw }, own);
    const { store } = open({ accessKey });
    assert.equal((await store.list({ bucket: own, prefix: '' })).objects.length, 1);
    const address = at(own, 'x');
    for (const customerKey of [keyA, keyB, undefined]) {
      const kind = customerKey === undefined ? expected.keylessGetWithoutRight : 'forbidden';
      await rejects(store.get(address, { customerKey }), kind);
      const error = await rejects(store.head(address, { customerKey }), 'forbidden');
      assert.match(error.message, /lack the right/);
      for (const condition of [any, { type: 'absent' } as const]) {
        const put = store.put(address, Buffer.from('2'), { customerKey, condition });
        await rejects(put, ['forbidden', 'conflict']);
      }
    }
    await rejects(store.delete(address), 'forbidden');
    const [failure] = await store.deleteMany(own, ['x']);
    assert.equal(failure?.key, 'x');
    await rejects(Promise.reject(failure.error), 'forbidden');
    const copy = { sourceKey: keyA, targetKey: keyA, condition: any };
    await rejects(store.copy(address, at(own, 'y'), copy), 'forbidden');
    assert.equal(
      await readText(open().store, address, { customerKey: keyA }).catch(() => '1'),
      '1',
    );
    await raw.send({ method: 'DELETE', bucket: own, query: { policy: '' } });
  });

  it('addresses a bucket by its host name', async () => {
    // Not every resolver knows the names below localhost (RFC 6761).
    const toLoopback = ((name: string, ...rest: [LookupOneOptions, never]) => {
      lookup(name.endsWith('.localhost') ? '127.0.0.1' : name, ...rest);
    }) as typeof dns.lookup;
    dns.lookup = toLoopback;
    // Node takes no wildcard right below a top-level name, so not the certificate's *.localhost.
    tls.checkServerIdentity = () => undefined;
    const endpoint = server.endpoint.replace('127.0.0.1', 'localhost');
    const asked: string[] = [];
    const { store } = open({
      connection: { endpoint, addressing: 'virtualHost' },
      guard: (_fingerprint, host, inBucket) => {
        asked.push(`${host} ${inBucket}`);
        return true;
      },
    });
    assert.equal(await readText(store, at(bucket, 'x'), { customerKey: keyA }), '1');
    for (const key of ['a//b', 'ä +%2F?#', '..', 'dir/']) {
      const put = store.put(at(bucket, key), Buffer.from('2'), {
        customerKey: keyA,
        condition: any,
      });
      if (server.like === 'minio' && /\/\/|\.\./.test(key)) await rejects(put, 'unsupportedName');
      else {
        await put;
        assert.equal(await readText(store, at(bucket, key), { customerKey: keyA }), '2');
        await store.delete(at(bucket, key));
      }
    }
    assert.deepEqual([...new Set(asked)], [`${new URL(endpoint).host} ${bucket}`]);
  });
});
