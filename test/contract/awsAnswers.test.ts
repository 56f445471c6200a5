import assert from 'node:assert/strict';
import type { Fault } from '../servers/proxyFaults.ts';
import { rejects } from './rejects.ts';
import { at, keyA, keyB, onEveryServer, readText } from './subject.ts';

const any = { type: 'any' } as const;
const customerKey = keyA;

/** An answer of AWS's, as its documentation and recorded tests have it. */
function answer(
  status: number,
  code: string,
  rest: { headers?: object; fields?: string } = {},
): Fault {
  const headers = { server: 'AmazonS3', 'content-type': 'application/xml', ...rest.headers };
  const body = `<Error><Code>${code}</Code><Message>Access Denied</Message>${rest.fields ?? ''}</Error>`;
  return { kind: 'respond', status, headers, body };
}

/** An answer to GetBucketEncryption. */
function encryptionSettings(blocked: string): Fault {
  const rule = `<Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault><BlockedEncryptionTypes>${blocked}</BlockedEncryptionTypes></Rule>`;
  const body = `<ServerSideEncryptionConfiguration>${rule}</ServerSideEncryptionConfiguration>`;
  return { kind: 'respond', status: 200, headers: { server: 'AmazonS3' }, body };
}

onEveryServer('answers of AWS', ({ server, buckets, proxy, openThroughProxy, open, raw }) => {
  let bucket: string;
  before(async () => {
    bucket = await buckets.create();
    await raw.send({ method: 'PUT', bucket, key: 'x', body: '1', customerKey: keyA.reveal() });
  });
  beforeEach(() => proxy.clear());
  afterEach(() => proxy.clearFaults());

  it('tells a bucket that blocks SSE-C from a missing right, for put and copy', async () => {
    const denied = { match: { method: 'PUT' }, fault: answer(403, 'AccessDenied') };
    const refused = answer(403, 'AccessDenied');
    const cases = [
      {
        settings: encryptionSettings('<EncryptionType>SSE-C</EncryptionType>'),
        kind: 'ssecBlocked',
      },
      { settings: encryptionSettings('<EncryptionType>NONE</EncryptionType>'), kind: 'forbidden' },
      { settings: refused, kind: 'forbidden', ambiguous: true },
    ] as const;
    for (const { settings, kind, ...rest } of cases) {
      await proxy.addFault(denied);
      await proxy.addFault({
        match: { method: 'GET', pathRegex: '\\?encryption' },
        fault: settings,
      });
      const { store, operations } = openThroughProxy();
      const put = store.put(at(bucket, 'y'), Buffer.from('1'), { customerKey, condition: any });
      const error = await rejects(put, kind);
      assert.equal(error.details.ambiguous, 'ambiguous' in rest ? true : undefined);
      if (kind === 'ssecBlocked' || 'ambiguous' in rest) assert.match(error.message, /SSE-C/);
      assert.deepEqual(operations(), ['PutObject', 'GetBucketEncryption']);
      const options = { sourceKey: keyA, targetKey: keyB, condition: any };
      await rejects(store.copy(at(bucket, 'x'), at(bucket, 'y'), options), kind);
      // Without a customer key it can only be the right.
      operations();
      await rejects(store.put(at(bucket, 'y'), Buffer.from('1'), { condition: any }), 'forbidden');
      assert.deepEqual(operations(), ['PutObject']);
      await proxy.clearFaults();
    }
  });

  it('saves by one conditional PUT, and takes 409 and 412 for a conflict', async () => {
    const { store, operations } = openThroughProxy();
    const faults: [number, string][] = [
      [412, 'PreconditionFailed'],
      [409, 'ConditionalRequestConflict'],
    ];
    for (const [status, code] of faults) {
      await proxy.addFault({ match: { method: 'PUT' }, fault: answer(status, code) });
      await proxy.addFault({ match: { method: 'GET' }, fault: answer(404, 'NoSuchKey') });
      await rejects(store.get(at(bucket, 'learn')), 'notFound');
      operations();
      const condition = { type: 'matches', etag: 'abc' } as const;
      const put = store.put(at(bucket, 'y'), Buffer.from('1'), { customerKey, condition });
      await rejects(put, 'conflict');
      assert.deepEqual(operations(), ['PutObject']);
      await proxy.clearFaults();
    }
    const [put] = (await proxy.requests()).filter(({ method }) => method === 'PUT');
    assert.equal(put?.headers['if-match'], '"abc"');
    assert.equal(store.traits().conditionalPut, 'atomic');
  });

  it('tells a wrong key from a missing right by a HEAD without the key', async () => {
    const denied = { match: { method: 'GET' }, fault: answer(403, 'AccessDenied') };
    const outcomes = {
      400: 'customerKeyMismatch',
      403: 'forbidden',
      404: 'notFound',
      200: 'notEncrypted',
    } as const;
    for (const [status, kind] of Object.entries(outcomes)) {
      await proxy.addFault(denied);
      const fault = { kind: 'respond', status: Number(status) } as const;
      await proxy.addFault({ match: { method: 'HEAD' }, fault });
      const { store, operations } = openThroughProxy();
      await rejects(store.get(at(bucket, 'x'), { customerKey }), kind);
      assert.deepEqual(operations(), ['GetObject', 'HeadObject']);
      await proxy.clearFaults();
    }
    const requests = await proxy.requests();
    assert.ok(requests.every(({ method, customerKey: seen }) => method !== 'HEAD' || !seen.key));
  });

  it('signs for the region that the server names', async () => {
    const { store, operations } = open({ connection: { region: 'eu-elsewhere-7' } });
    for (const method of ['get', 'head', 'get'] as const) {
      await store[method](at(bucket, 'x'), { customerKey });
    }
    assert.equal(await readText(store, at(bucket, 'x'), { customerKey }), '1');
    await store.put(at(bucket, 'r'), Buffer.from('1'), { customerKey, condition: any });
    // Asked wrongly once at most, if the server minds at all.
    assert.ok(operations().length <= 6);
  });

  it('follows a bucket to its region, and remembers it', async () => {
    const { store, records } = openThroughProxy({ connection: { region: 'us-west-2' } });
    const { region } = server;
    const elsewhere = answer(301, 'PermanentRedirect', {
      headers: { 'x-amz-bucket-region': region },
    });
    await proxy.addFault({ match: { nth: 1 }, fault: elsewhere });
    assert.equal((await store.list({ bucket, prefix: 'x' })).objects.length, 1);
    assert.equal(await readText(store, at(bucket, 'x'), { customerKey }), '1');
    assert.deepEqual(
      records.map(({ status }) => status),
      [301, 200, 200],
    );
  });

  it('says what it could not follow', async () => {
    const { store } = openThroughProxy();
    const same = answer(301, 'PermanentRedirect', {
      headers: { 'x-amz-bucket-region': server.region },
    });
    const strange = answer(400, 'AuthorizationHeaderMalformed', {
      fields: '<Region>../evil/</Region>',
    });
    for (const fault of [same, strange]) {
      await proxy.addFault({ match: {}, fault });
      await rejects(store.list({ bucket, prefix: '' }), ['unknown', 'credentials', 'invalid']);
      await proxy.clearFaults();
    }
  });
});
