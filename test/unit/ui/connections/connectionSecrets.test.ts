import assert from 'node:assert/strict';
import type { Connection } from '../../../../src/core/connection.ts';
import { Secret } from '../../../../src/core/secret.ts';
import { isStoreError } from '../../../../src/core/storeError.ts';
import { ConnectionSecrets } from '../../../../src/ui/connections/connectionSecrets.ts';
import { MemorySecretStore } from '../../doubles/memorySecretStore.ts';

const accessKey = { accessKeyId: 'id', secretAccessKey: new Secret('hunter2') };

function connectionTo(endpoint: string | undefined, region = 'us-east-1'): Connection {
  const credentials = { source: 'accessKey' } as const;
  return { name: 'c', endpoint, region, addressing: 'path', credentials };
}

describe('ConnectionSecrets', () => {
  const secure = connectionTo('https://s3.example.com:9000');
  let store: MemorySecretStore;
  let secrets: ConnectionSecrets;

  beforeEach(() => {
    store = new MemorySecretStore();
    secrets = new ConnectionSecrets(store, 'w');
  });

  it('gives back what was stored', async () => {
    const sessionToken = new Secret('token');
    await secrets.set(secure, 'user', { ...accessKey, sessionToken });
    const read = await secrets.get(secure, 'user');
    assert.equal(read?.accessKeyId, 'id');
    assert.equal(read.secretAccessKey.reveal(), 'hunter2');
    assert.equal(read.sessionToken?.reveal(), 'token');
  });

  it('has nothing where nothing was stored, or something that is not its own', async () => {
    assert.equal(await secrets.get(secure, 'user'), undefined);
    await store.set('connection/user/c', 'no JSON');
    assert.equal(await secrets.get(secure, 'user'), undefined);
  });

  for (const [what, changed] of [
    ['another host', connectionTo('https://evil.example.com:9000')],
    ['another port', connectionTo('https://s3.example.com')],
    ['http', connectionTo('http://s3.example.com:9000')],
    ['AWS', connectionTo(undefined)],
  ] as const) {
    it(`gives nothing out once the settings name ${what}`, async () => {
      await secrets.set(secure, 'user', accessKey);
      await assert.rejects(secrets.get(changed, 'user'), (error) => {
        assert.ok(isStoreError(error, 'credentials'));
        assert.match(error.message, /was added for https:\/\/s3\.example\.com:9000/);
        assert.match(error.message, /Edit the connection/);
        assert.doesNotMatch(error.message, /hunter2/);
        return true;
      });
    });
  }

  it('takes all regions of AWS for one host, but not those of China', async () => {
    await secrets.set(connectionTo(undefined, 'eu-central-1'), 'user', accessKey);
    assert.ok(await secrets.get(connectionTo(undefined, 'us-west-2'), 'user'));
    await assert.rejects(secrets.get(connectionTo(undefined, 'cn-north-1'), 'user'));
  });

  it('keeps the user, this workspace and other workspaces apart', async () => {
    await secrets.set(secure, 'workspace', accessKey);
    assert.equal(await secrets.get(secure, 'user'), undefined);
    const other = new ConnectionSecrets(store, 'other');
    assert.equal(await other.get(secure, 'workspace'), undefined);
    assert.ok(await secrets.get(secure, 'workspace'));
  });

  it('tells of its own items only', async () => {
    let changes = 0;
    secrets.onDidChange(() => changes++);
    await store.set('customerKey/user/x', '');
    assert.equal(changes, 0);
    await secrets.set(secure, 'user', accessKey);
    await secrets.delete('c', 'user');
    assert.equal(changes, 2);
    assert.equal(store.secrets.size, 1);
  });
});
