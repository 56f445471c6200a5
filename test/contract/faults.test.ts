import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { tlsFromEnvironment } from '../servers/fromEnvironment.ts';
import { startProxy } from '../servers/proxy.ts';
import { rejects } from './rejects.ts';
import { at, keyA, keyB, onEveryServer, read, readText } from './subject.ts';

const any = { type: 'any' } as const;
const absent = { type: 'absent' } as const;
const customerKey = keyA;
const echo = [
  'x-amz-server-side-encryption-customer-key-md5',
  'x-amz-server-side-encryption-customer-algorithm',
];
const keyHeaders = [...echo, 'x-amz-server-side-encryption-customer-key'];
/** What tells the kinds of server. */
const marks = ['server', 'x-amz-request-id', 'x-amz-id-2', 'x-rgw-object-type'];
const conditionHeaders = ['if-match', 'if-none-match'];

onEveryServer('faults', ({ server, buckets, proxy, openThroughProxy, open, raw }) => {
  let bucket: string;
  before(async () => {
    bucket = await buckets.create();
  });
  beforeEach(() => proxy.clear());
  afterEach(() => proxy.clearFaults());

  async function keylessStatus(key: string, name = bucket): Promise<number> {
    return (await raw.send({ method: 'HEAD', bucket: name, key })).status;
  }

  it('checks what a server without an echo has stored, and is content if it is encrypted', async () => {
    const { store, operations } = openThroughProxy();
    await proxy.addFault({ match: {}, fault: { kind: 'stripResponseHeaders', names: echo } });
    const body = Buffer.from('secret');
    await store.put(at(bucket, 'mute'), body, { customerKey, condition: any });
    assert.deepEqual(operations(), ['PutObject', 'HeadObject']);
    const { info, bytes } = await read(store, at(bucket, 'mute'), { customerKey });
    assert.deepEqual(bytes, body);
    assert.deepEqual(info.encryption, { type: 'customerKey', fingerprint: keyA.fingerprint });
    const requests = await proxy.requests();
    assert.deepEqual(
      requests.map(({ method, customerKey: seen }) => `${method} ${String(seen.key)}`),
      ['PUT true', 'HEAD false', 'GET true', 'HEAD false'],
    );
    const options = { sourceKey: keyA, targetKey: keyB, condition: any };
    const copied = await store.copy(at(bucket, 'mute'), at(bucket, 'mute copy'), options);
    assert.equal(copied.info.encryption.type, 'customerKey');
  });

  it('removes at once what a server that ignores the key stored in plaintext', async () => {
    const { store } = openThroughProxy();
    await proxy.addFault({
      match: { method: 'PUT' },
      fault: { kind: 'stripRequestHeaders', names: keyHeaders },
    });
    const stream = (async function* () {
      yield await Promise.resolve(Buffer.from('secret'));
    })();
    for (const body of [Buffer.from('secret'), { size: 6, stream }]) {
      const put = store.put(at(bucket, 'ignored'), body, { customerKey, condition: any });
      const error = await rejects(put, 'storedInPlaintext');
      assert.match(error.message, /was removed/);
      assert.equal(await keylessStatus('ignored'), 404);
    }
  });

  it('removes the very version that is in plaintext', async () => {
    const own = await buckets.create({ versioned: true });
    const { store } = openThroughProxy();
    const address = at(own, 'v');
    await store.put(address, Buffer.from('good'), { customerKey, condition: any });
    await proxy.addFault({
      match: { method: 'PUT' },
      fault: { kind: 'stripRequestHeaders', names: keyHeaders },
    });
    const put = store.put(address, Buffer.from('secret'), { customerKey, condition: any });
    await rejects(put, 'storedInPlaintext');
    const versions = [];
    for await (const version of store.listVersions(own, '')) versions.push(version);
    assert.equal(versions.length, 1);
    assert.equal(await readText(store, address, { customerKey }), 'good');
  });

  it('says so if the plaintext could not be removed', async () => {
    const { store } = openThroughProxy();
    await proxy.addFault({
      match: { method: 'PUT' },
      fault: { kind: 'stripRequestHeaders', names: keyHeaders },
    });
    await proxy.addFault({ match: { method: 'DELETE' }, fault: { kind: 'respond', status: 403 } });
    const put = store.put(at(bucket, 'left'), Buffer.from('secret'), {
      customerKey,
      condition: any,
    });
    const error = await rejects(put, 'storedInPlaintext');
    assert.match(error.message, /could not be removed/);
  });

  it('copies through this client where the server would store plaintext', async () => {
    const { store } = openThroughProxy();
    const source = at(bucket, 'source');
    await store.put(source, Buffer.from('secret'), { customerKey, condition: any });
    await store.put(at(bucket, 'plain source'), Buffer.from('secret'), { condition: any });
    // Copies carry no If-* and have no body: what they answer with is a body. PUTs have a length.
    const fault = { kind: 'stripRequestHeaders', names: keyHeaders } as const;
    await proxy.addFault({
      match: { method: 'PUT', pathRegex: 'trapped$|trapped\\?', nth: 1 },
      fault,
    });
    const copies = [
      { from: source, sourceKey: keyA, targetKey: keyA, name: 'a trapped' },
      {
        from: at(bucket, 'plain source'),
        sourceKey: undefined,
        targetKey: keyA,
        name: 'b trapped',
      },
    ];
    for (const { from, sourceKey, targetKey, name } of copies) {
      const target = at(bucket, name);
      const copied = await store.copy(from, target, { sourceKey, targetKey, condition: any });
      assert.equal(copied.info.encryption.type, 'customerKey');
      assert.equal(await keylessStatus(name), 400);
      assert.equal(await readText(store, target, { customerKey }), 'secret');
    }
    assert.deepEqual(await buckets.unfinishedUploads(bucket), []);
  });

  it('finds a conflict also where the server ignores conditions', async () => {
    await proxy.addFault({
      match: { method: 'PUT' },
      fault: { kind: 'stripRequestHeaders', names: conditionHeaders },
    });
    // A second proxy takes away what the server would be recognised by.
    const outer = await startProxy(
      { ...server, endpoint: server.proxy.endpoint },
      tlsFromEnvironment(),
    );
    try {
      outer.addFault({ match: {}, fault: { kind: 'stripResponseHeaders', names: marks } });
      const { store } = open({ connection: { endpoint: outer.endpoint } });
      const address = at(bucket, 'unguarded');
      const create = { customerKey, condition: absent };
      const first = await store.put(address, Buffer.from('1'), create);
      await rejects(store.put(address, Buffer.from('2'), create), 'conflict');
      await raw.send({ method: 'PUT', bucket, key: 'unguarded', body: 'theirs' });
      const condition = { type: 'matches', etag: first.etag } as const;
      const saves = [Buffer.from('3'), { size: 1, stream: Readable.from([Buffer.from('3')]) }];
      for (const body of saves) {
        await rejects(store.put(address, body, { customerKey, condition }), 'conflict');
        assert.equal(await readText(store, address), 'theirs');
      }
      assert.equal(store.traits().conditionalPut, 'comparedBefore');
    } finally {
      await outer.stop();
    }
  });

  it('knows nothing of a server without marks, and saves all the same', async () => {
    await proxy.addFault({ match: {}, fault: { kind: 'stripResponseHeaders', names: marks } });
    const { store } = openThroughProxy();
    const address = at(bucket, 'unmarked');
    let { etag } = await store.put(address, Buffer.from('0'), { customerKey, condition: absent });
    for (const text of ['1', '2']) {
      const condition = { type: 'matches', etag } as const;
      ({ etag } = await store.put(address, Buffer.from(text), { customerKey, condition }));
      assert.equal(await readText(store, address, { customerKey }), text);
    }
    assert.equal(store.traits().conditionalPut, 'comparedBefore');
    const copy = { sourceKey: keyA, targetKey: keyB, condition: absent };
    const copied = await store.copy(address, at(bucket, 'unmarked copy'), copy);
    assert.equal(copied.method, 'streamed');
    const slashed = store.put(at(bucket, '/unmarked'), Buffer.from('x'), {
      customerKey,
      condition: any,
    });
    await slashed.catch((error: unknown) =>
      rejects(Promise.reject(error as Error), 'unsupportedName'),
    );
    assert.equal(await readText(store, address, { customerKey }), '2');
  });

  for (const when of ['beforeForward', 'beforeResponse'] as const) {
    it(`saves once if the connection is cut once, ${when}`, async () => {
      const { store, records } = openThroughProxy();
      const address = at(bucket, `cut ${when}`);
      await store.list({ bucket, prefix: '' });
      const first = await store.put(address, Buffer.from('1'), { customerKey, condition: any });
      await proxy.addFault({ match: { method: 'PUT', nth: 1 }, fault: { kind: 'reset', when } });
      const condition = { type: 'matches', etag: first.etag } as const;
      // Cut after it was carried out, the repeated PUT meets itself and is no conflict.
      const second = await store.put(address, Buffer.from('2'), { customerKey, condition });
      assert.equal(await readText(store, address, { customerKey }), '2');
      assert.equal((await store.head(address, { customerKey })).etag, second.etag);
      assert.ok(records.some(({ retries }) => retries > 0));
    });

    it(`makes an object once if the connection is cut once, ${when}`, async () => {
      const { store } = openThroughProxy();
      const address = at(bucket, `made ${when}`);
      await store.list({ bucket, prefix: '' });
      await proxy.addFault({ match: { method: 'PUT', nth: 1 }, fault: { kind: 'reset', when } });
      const put = await store.put(address, Buffer.from('1'), { customerKey, condition: absent });
      const info = await store.head(address, { customerKey });
      assert.equal(info.etag, put.etag);
      await rejects(
        store.put(address, Buffer.from('2'), { customerKey, condition: absent }),
        'conflict',
      );
    });

    it(`finds out what became of a save whose answers are all cut, ${when}`, async () => {
      const { store } = openThroughProxy();
      const address = at(bucket, `all cut ${when}`);
      await store.list({ bucket, prefix: '' });
      const first = await store.put(address, Buffer.from('1'), { customerKey, condition: any });
      await proxy.addFault({ match: { method: 'PUT' }, fault: { kind: 'reset', when } });
      const condition = { type: 'matches', etag: first.etag } as const;
      const put = store.put(address, Buffer.from('2'), { customerKey, condition });
      if (when === 'beforeForward') {
        await rejects(put, 'network');
        assert.equal(await readText(store, address, { customerKey }), '1');
      } else {
        const { etag } = await put;
        assert.equal(await readText(store, address, { customerKey }), '2');
        assert.equal((await store.head(address, { customerKey })).etag, etag);
      }
    });
  }

  it('tells a real conflict from a lost answer', async () => {
    const { store } = openThroughProxy();
    const address = at(bucket, 'both');
    await store.list({ bucket, prefix: '' });
    const first = await store.put(address, Buffer.from('1'), { customerKey, condition: any });
    await raw.send({
      method: 'PUT',
      bucket,
      key: 'both',
      body: 'theirs',
      customerKey: keyA.reveal(),
    });
    await proxy.addFault({
      match: { method: 'PUT', nth: 1 },
      fault: { kind: 'reset', when: 'beforeResponse' },
    });
    const condition = { type: 'matches', etag: first.etag } as const;
    await rejects(store.put(address, Buffer.from('2'), { customerKey, condition }), 'conflict');
    assert.equal(await readText(store, address, { customerKey }), 'theirs');
  });

  it('repeats what may be repeated, and records it', async () => {
    const { store, records } = openThroughProxy();
    await store.put(at(bucket, 'r'), Buffer.from('1'), { customerKey, condition: any });
    for (const status of [500, 503]) {
      await proxy.addFault({
        match: { method: 'GET', nth: 1 },
        fault: { kind: 'respond', status },
      });
      assert.equal(await readText(store, at(bucket, 'r'), { customerKey }), '1');
      assert.deepEqual(
        { ...records.at(-1), milliseconds: 0 },
        { operation: 'GetObject', bucket, key: 'r', milliseconds: 0, status: 200, retries: 1 },
      );
      await proxy.clearFaults();
    }
    const slow =
      '<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>';
    await proxy.addFault({ match: {}, fault: { kind: 'respond', status: 503, body: slow } });
    await rejects(store.get(at(bucket, 'r'), { customerKey }), 'throttled');
    assert.equal(records.at(-1)?.retries, 2);
    assert.equal(records.at(-1)?.errorKind, 'throttled');
    await proxy.clearFaults();
    await proxy.addFault({ match: {}, fault: { kind: 'respond', status: 500 } });
    await rejects(store.get(at(bucket, 'r'), { customerKey }), 'server');
  });

  it('notices a body that is cut, shorter or other than it should be', async () => {
    const { store } = openThroughProxy();
    const body = randomBytes(3_000_000);
    const address = at(bucket, 'long');
    await store.put(address, body, { customerKey, condition: any });
    await proxy.addFault({
      match: { method: 'GET' },
      fault: { kind: 'resetAfter', direction: 'response', bytes: 1_000_000 },
    });
    await rejects(read(store, address, { customerKey }), ['network', 'corrupted']);
  });

  it('keeps the object before if an upload is cut', async () => {
    const { store } = openThroughProxy();
    const address = at(bucket, 'whole');
    await store.put(address, Buffer.from('before'), { customerKey, condition: any });
    await proxy.addFault({
      match: { method: 'PUT' },
      fault: { kind: 'resetAfter', direction: 'request', bytes: 100_000 },
    });
    const body = randomBytes(3_000_000);
    await rejects(store.put(address, body, { customerKey, condition: any }), 'network');
    const stream = (async function* () {
      yield await Promise.resolve(body);
    })();
    const streamed = { size: body.length, stream };
    await rejects(store.put(address, streamed, { customerKey, condition: any }), 'network');
    assert.equal(await readText(store, address, { customerKey }), 'before');
  });

  it('can be cancelled while it waits for an answer', async () => {
    const { store } = openThroughProxy();
    await proxy.addFault({ match: {}, fault: { kind: 'delay', milliseconds: 10_000 } });
    const started = Date.now();
    const signal = AbortSignal.timeout(200);
    await rejects(store.head(at(bucket, 'r'), { customerKey, signal }), 'aborted');
    await rejects(store.list({ bucket, prefix: '', signal: AbortSignal.timeout(200) }), 'aborted');
    assert.ok(Date.now() - started < 9000);
  });

  for (const [what, theirKey] of [
    ['encrypted', keyA],
    ['plain', undefined],
  ] as const) {
    it(`leaves the ${what} object that somebody else put in the place of a copy`, async () => {
      const { store } = openThroughProxy();
      const [source, target] = [at(bucket, 'taken from'), at(bucket, `taken ${what}`)];
      await store.put(source, Buffer.from('1'), { customerKey, condition: any });
      await proxy.clear();
      // Between the copy and the look at it.
      const look = { method: 'HEAD', pathRegex: `/taken%20${what}` };
      await proxy.addFault({ match: look, fault: { kind: 'delay', milliseconds: 1000 } });
      const options = { sourceKey: keyA, targetKey: keyA, condition: any };
      const copying = rejects(store.copy(source, target, options), 'conflict');
      const isLook = ({ method, path }: { method: string; path: string }): boolean =>
        method === look.method && path.includes(look.pathRegex);
      while (!(await proxy.requests()).some(isLook)) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      const theirs = { bucket, key: target.key, customerKey: theirKey?.reveal() };
      await raw.send({ method: 'PUT', ...theirs, body: 'theirs' });
      await copying;
      const read = await raw.send({ method: 'GET', ...theirs });
      assert.equal(read.body.toString(), 'theirs');
    });
  }

  it('keeps a copy from mixing two versions of its source', async () => {
    const { store } = openThroughProxy();
    const source = at(bucket, 'moving');
    const target = at(bucket, 'moved');
    await store.put(source, Buffer.from('1'), { customerKey, condition: any });
    // While the copy is on its way somebody else writes the source.
    await proxy.addFault({
      match: { method: 'PUT', pathRegex: '/moved' },
      fault: { kind: 'delay', milliseconds: 500 },
    });
    await proxy.addFault({
      match: { method: 'POST', pathRegex: '/moved' },
      fault: { kind: 'delay', milliseconds: 500 },
    });
    const copying = store.copy(source, target, {
      sourceKey: keyA,
      targetKey: keyA,
      condition: any,
    });
    setTimeout(() => {
      void raw.send({
        method: 'PUT',
        bucket,
        key: 'moving',
        body: '22',
        customerKey: keyA.reveal(),
      });
    }, 250);
    await rejects(copying, ['conflict', 'corrupted', 'invalid']);
    await rejects(store.head(target, { customerKey }), 'notFound');
    assert.deepEqual(await buckets.unfinishedUploads(bucket), []);
  });
});
