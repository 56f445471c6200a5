import assert from 'node:assert/strict';
import type { KeyRing } from '../../../src/keys/keyRing.ts';
import { KeyRingError, type KeyRingErrorKind } from '../../../src/keys/keyRingError.ts';
import { MemorySecretStore } from '../doubles/memorySecretStore.ts';
import { keyOf, openWindow, settle } from './windows.ts';

const host = 's3.example.com';
const one = keyOf(1);
const two = keyOf(2);

async function fails(work: Promise<unknown>, kind: KeyRingErrorKind): Promise<void> {
  await assert.rejects(work, (error) => error instanceof KeyRingError && error.kind === kind);
}

async function namesOf(ring: KeyRing): Promise<string[]> {
  return (await ring.list()).map(({ name, scope, missing }) =>
    [scope, name, ...(missing ? ['missing'] : [])].join(' '),
  );
}

describe('KeyRing', () => {
  let secrets: MemorySecretStore;
  let ring: KeyRing;
  let state: ReturnType<typeof openWindow>['state'];

  beforeEach(() => {
    secrets = new MemorySecretStore();
    ({ ring, state } = openWindow(secrets));
  });

  it('adds, lists, finds and loads customer keys', async () => {
    assert.deepEqual(await ring.list(), []);
    const record = await ring.add({ name: ' one ', key: one, scope: 'workspace' });
    const { createdAt, ...rest } = record;
    assert.deepEqual(rest, {
      name: 'one',
      fingerprint: one.fingerprint,
      scope: 'workspace',
      bindings: [],
      missing: false,
    });
    assert.ok(Math.abs(Date.now() - Date.parse(createdAt)) < 10_000);
    await ring.add({ name: 'two', key: two, scope: 'user' });
    assert.deepEqual(await namesOf(ring), ['workspace one', 'user two']);
    assert.deepEqual(await ring.find('one'), record);
    assert.deepEqual(await ring.find(one.fingerprint), record);
    assert.equal(await ring.find('three'), undefined);
    assert.deepEqual((await ring.load(two.fingerprint))?.reveal(), two.reveal());
    assert.equal(await ring.load('?'), undefined);
  });

  it('keeps each key as one secret, and no secret anywhere else', async () => {
    await ring.add({ name: 'one', key: one, scope: 'workspace', bindings: [{ host }] });
    await ring.add({ name: 'two', key: two, scope: 'user' });
    assert.deepEqual([...secrets.secrets.keys()].sort(), [
      `customerKey/user/${two.fingerprint}`,
      `customerKey/workspace:w/${one.fingerprint}`,
    ]);
    const elsewhere = `${state.user.dump()}${state.workspace.dump()}`;
    for (const key of [one, two]) {
      assert.ok(elsewhere.includes(key.fingerprint));
      assert.ok(!elsewhere.includes(Buffer.from(key.reveal()).toString('base64')));
    }
  });

  it('is the same after a restart', async () => {
    await ring.add({ name: 'one', key: one, scope: 'workspace', bindings: [{ host }] });
    const again = openWindow(secrets, { state }).ring;
    assert.deepEqual(await again.list(), await ring.list());
    assert.ok(again.isBound(one.fingerprint, host, 'b'));
  });

  it('never overwrites another key', async () => {
    await ring.add({ name: 'one', key: one, scope: 'workspace' });
    await fails(ring.add({ name: 'one', key: two, scope: 'workspace' }), 'nameTaken');
    await fails(ring.add({ name: 'other', key: one, scope: 'workspace' }), 'keyExists');
    await fails(ring.add({ name: 'one', key: one, scope: 'workspace' }), 'keyExists');
    assert.deepEqual(await namesOf(ring), ['workspace one']);
    await ring.add({ name: 'one', key: two, scope: 'user' });
    assert.deepEqual(await namesOf(ring), ['workspace one', 'user one']);
  });

  it('adds one after the other what is added at once', async () => {
    const results = await Promise.allSettled([
      ring.add({ name: 'same', key: one, scope: 'user' }),
      ring.add({ name: 'same', key: two, scope: 'user' }),
    ]);
    assert.deepEqual(
      results.map(({ status }) => status),
      ['fulfilled', 'rejected'],
    );
  });

  it('prefers the workspace to the user', async () => {
    await ring.add({ name: 'key', key: one, scope: 'user' });
    await ring.add({ name: 'key', key: two, scope: 'workspace' });
    await ring.add({ name: 'other name', key: one, scope: 'workspace' });
    assert.equal((await ring.find('key'))?.fingerprint, two.fingerprint);
    assert.equal((await ring.find(one.fingerprint))?.scope, 'workspace');
    await ring.remove(one.fingerprint);
    assert.equal((await ring.find(one.fingerprint))?.scope, 'user');
    await ring.remove(one.fingerprint, 'user');
    assert.equal(await ring.find(one.fingerprint), undefined);
    await fails(ring.remove(two.fingerprint, 'user'), 'unknownKey');
  });

  it('refuses names that cannot be used in rules or look like keys', async () => {
    for (const name of [
      '',
      '  ',
      'none',
      'NONE',
      'a\nb',
      'x'.repeat(101),
      one.fingerprint,
      Buffer.from(two.reveal()).toString('base64'),
      Buffer.from(two.reveal()).toString('hex'),
    ]) {
      await fails(ring.add({ name, key: one, scope: 'user' }), 'invalidName');
    }
  });

  it('never repeats a name that looks like a customer key', async () => {
    const name = Buffer.from(two.reveal()).toString('base64');
    await assert.rejects(ring.add({ name, key: one, scope: 'user' }), (error) => {
      assert.ok(!JSON.stringify(error).includes(name) && !String(error).includes(name));
      return true;
    });
  });

  it('has only the user scope where no workspace is open', async () => {
    ({ ring } = openWindow(secrets, { workspaceId: undefined }));
    await fails(ring.add({ name: 'one', key: one, scope: 'workspace' }), 'noWorkspace');
    await ring.add({ name: 'one', key: one, scope: 'user' });
    assert.deepEqual(await namesOf(ring), ['user one']);
  });

  it('renames', async () => {
    await ring.add({ name: 'one', key: one, scope: 'user' });
    await ring.add({ name: 'two', key: two, scope: 'user' });
    assert.equal((await ring.rename(one.fingerprint, 'uno')).name, 'uno');
    assert.deepEqual(await namesOf(ring), ['user two', 'user uno']);
    await fails(ring.rename(one.fingerprint, 'two'), 'nameTaken');
    await fails(ring.rename('?', 'x'), 'unknownKey');
    assert.equal((await ring.rename(one.fingerprint, 'uno')).name, 'uno');
  });

  it('binds and unbinds', async () => {
    const { fingerprint } = one;
    await ring.add({ name: 'one', key: one, scope: 'user' });
    assert.ok(!ring.isBound(fingerprint, host, 'a'));
    await ring.bind(fingerprint, { host, buckets: ['a'] });
    assert.ok(ring.isBound(fingerprint, host, 'a'));
    assert.ok(!ring.isBound(fingerprint, host, 'b'));
    await ring.bind(fingerprint, { host: host.toUpperCase() });
    assert.ok(ring.isBound(fingerprint, host, 'b'));
    assert.ok(!ring.isBound(fingerprint, 'other', 'b'));
    assert.ok(!ring.isBound(two.fingerprint, host, 'b'));
    assert.deepEqual((await ring.unbind(fingerprint, { host })).bindings, []);
    assert.ok(!ring.isBound(fingerprint, host, 'a'));
    await fails(ring.bind(two.fingerprint, { host }), 'unknownKey');
  });

  it('says that nothing is bound before it has read the secrets', async () => {
    await ring.add({ name: 'one', key: one, scope: 'user', bindings: [{ host }] });
    const again = openWindow(secrets).ring;
    assert.ok(!again.isBound(one.fingerprint, host, 'a'));
    await again.list();
    assert.ok(again.isBound(one.fingerprint, host, 'a'));
  });

  it('tells of every change once', async () => {
    await ring.list();
    let count = 0;
    ring.onDidChange(() => count++);
    const { fingerprint } = await ring.add({ name: 'one', key: one, scope: 'user' });
    await ring.rename(fingerprint, 'uno');
    await ring.bind(fingerprint, { host });
    await ring.bind(fingerprint, { host });
    await ring.remove(fingerprint);
    await settle();
    assert.equal(count, 4);
  });

  describe('in two windows', () => {
    it('sees what the other one does', async () => {
      const other = openWindow(secrets).ring;
      await Promise.all([ring.list(), other.list()]);
      let told = 0;
      other.onDidChange(() => told++);
      const { fingerprint } = await ring.add({ name: 'one', key: one, scope: 'user' });
      await settle();
      assert.deepEqual(await namesOf(other), ['user one']);
      await ring.bind(fingerprint, { host });
      await settle();
      assert.ok(other.isBound(fingerprint, host, 'b'));
      await ring.unbind(fingerprint, { host });
      await settle();
      assert.ok(!other.isBound(fingerprint, host, 'b'));
      await ring.remove(fingerprint);
      await settle();
      assert.deepEqual(await namesOf(other), []);
      assert.equal(await other.load(fingerprint), undefined);
      assert.equal(told, 4);
    });

    it('loses neither key if both add one at once', async () => {
      const other = openWindow(secrets).ring;
      await Promise.all([
        ring.add({ name: 'one', key: one, scope: 'user' }),
        other.add({ name: 'two', key: two, scope: 'user' }),
      ]);
      await settle();
      assert.deepEqual(await namesOf(ring), ['user one', 'user two']);
      assert.deepEqual(await namesOf(other), ['user one', 'user two']);
    });

    it('keeps both keys if both get the same name at once, and finds the older one', async () => {
      let clock = 0;
      const now = (): Date => new Date(++clock);
      const windows = [openWindow(secrets, { now }), openWindow(secrets, { now })];
      const keys = [one, two];
      const records = await Promise.all(
        windows.map((each, index) => {
          const key = keys[index] ?? one;
          return each.ring.add({ name: 'same', key, scope: 'user' });
        }),
      );
      await settle();
      const [older] = records.sort((a, b) => a.createdAt.localeCompare(b.createdAt));
      for (const { ring: each } of windows) {
        assert.deepEqual(await namesOf(each), ['user same', 'user same']);
        assert.equal((await each.find('same'))?.fingerprint, older?.fingerprint);
      }
    });

    it('loses no binding if both bind at once', async () => {
      const other = openWindow(secrets).ring;
      const { fingerprint } = await ring.add({ name: 'one', key: one, scope: 'user' });
      await other.list();
      await Promise.all([
        ring.bind(fingerprint, { host: 'a' }),
        other.bind(fingerprint, { host: 'b' }),
        ring.rename(fingerprint, 'uno'),
      ]);
      await settle();
      for (const each of [ring, other]) {
        assert.deepEqual((await each.find('uno'))?.bindings, [{ host: 'a' }, { host: 'b' }]);
      }
    });

    it('does not see the keys of other workspaces', async () => {
      const elsewhere = openWindow(secrets, { workspaceId: 'other' }).ring;
      await elsewhere.add({ name: 'one', key: one, scope: 'workspace', bindings: [{ host }] });
      assert.deepEqual(await ring.list(), []);
      assert.equal(await ring.load(one.fingerprint), undefined);
      assert.ok(!ring.isBound(one.fingerprint, host, 'b'));
    });
  });

  describe('when VS Code loses a secret', () => {
    const secretName = `customerKey/user/${one.fingerprint}`;

    beforeEach(async () => {
      await ring.add({ name: 'one', key: one, scope: 'user', bindings: [{ host }] });
    });

    it('says that it is missing, also after a restart', async () => {
      await secrets.delete(secretName);
      await settle();
      for (const each of [ring, openWindow(secrets, { state }).ring]) {
        assert.deepEqual(await namesOf(each), ['user one missing']);
        assert.deepEqual((await each.find('one'))?.bindings, [{ host }]);
        assert.equal(await each.load(one.fingerprint), undefined);
        assert.ok(!each.isBound(one.fingerprint, host, 'b'));
        await fails(each.bind(one.fingerprint, { host }), 'unknownKey');
      }
    });

    it('restores the key with its bindings when it is added again, by any name', async () => {
      await secrets.delete(secretName);
      await fails(ring.add({ name: 'one', key: two, scope: 'user' }), 'nameTaken');
      const restored = await ring.add({ name: 'uno', key: one, scope: 'user' });
      assert.deepEqual([restored.missing, restored.bindings], [false, [{ host }]]);
      assert.deepEqual(await namesOf(ring), ['user uno']);
    });

    it('forgets the missing key when it is removed', async () => {
      await secrets.delete(secretName);
      await ring.remove(one.fingerprint);
      assert.deepEqual(await namesOf(openWindow(secrets, { state }).ring), []);
    });

    it('neither overwrites nor uses what it cannot read', async () => {
      for (const text of [
        'x',
        '{}',
        JSON.stringify({ version: 2, key: 'AA==' }),
        (secrets.secrets.get(secretName) ?? '').replace(/"key":"../, '"key":"zz'),
      ]) {
        await secrets.set(secretName, text);
        await settle();
        assert.deepEqual(await namesOf(ring), ['user one missing']);
        assert.equal(await ring.load(one.fingerprint), undefined);
        await fails(ring.bind(one.fingerprint, { host }), 'unknownKey');
        assert.equal(secrets.secrets.get(secretName), text);
      }
      // Where nothing else is known of it, its fingerprint stands for its name.
      const fresh = openWindow(secrets).ring;
      assert.deepEqual(await namesOf(fresh), [`user ${one.fingerprint} missing`]);
    });

    it('finds a key that is there before one that is missing', async () => {
      await ring.add({ name: 'one', key: two, scope: 'workspace' });
      await secrets.delete(`customerKey/workspace:w/${two.fingerprint}`);
      await settle();
      assert.equal((await ring.find('one'))?.fingerprint, one.fingerprint);
    });
  });

  it('does not take a key for missing that another window removed while it was closed', async () => {
    await ring.add({ name: 'one', key: one, scope: 'user' });
    ring.dispose();
    const other = openWindow(secrets).ring;
    await other.remove(one.fingerprint);
    assert.deepEqual(await namesOf(openWindow(secrets, { state }).ring), []);
    await other.add({ name: 'one', key: one, scope: 'user' });
    assert.deepEqual(await namesOf(openWindow(secrets, { state }).ring), ['user one']);
  });

  it('keeps no bytes of a removed key, and forgets the removal after a month', async () => {
    await ring.add({ name: 'one', key: one, scope: 'user' });
    await ring.remove(one.fingerprint);
    const left = [...secrets.secrets.values()].join();
    assert.ok(!left.includes(Buffer.from(one.reveal()).toString('base64').slice(0, 20)));
    assert.match(left, /removedAt/);
    const later = new Date(Date.now() + 31 * 24 * 60 * 60 * 1000);
    await openWindow(secrets, { now: () => later }).ring.list();
    assert.deepEqual([...secrets.secrets.keys()], []);
  });

  it('leaves secrets of others alone', async () => {
    await secrets.set('connection/minio', 's3cr3t');
    await secrets.set('customerKey/x', 's3cr3t');
    assert.deepEqual(await ring.list(), []);
    assert.deepEqual(await ring.ofOtherWorkspaces(), []);
    assert.equal(secrets.secrets.size, 2);
  });

  it('adopts a key of another workspace, which keeps it', async () => {
    const workspaceId = 'file:///old/place';
    const old = openWindow(secrets, { workspaceId, workspaceLabel: 'place' }).ring;
    await old.add({ name: 'one', key: one, scope: 'workspace', bindings: [{ host }] });
    await ring.add({ name: 'one', key: two, scope: 'workspace' });
    const [other, ...more] = await ring.ofOtherWorkspaces();
    assert.ok(other !== undefined && more.length === 0);
    assert.deepEqual(other, {
      createdAt: other.createdAt,
      workspaceId,
      workspaceLabel: 'place',
      name: 'one',
      fingerprint: one.fingerprint,
      bindings: [{ host }],
    });
    await fails(ring.adopt(other), 'nameTaken');
    const adopted = await ring.adopt(other, { name: 'uno' });
    assert.deepEqual([adopted.scope, adopted.bindings], ['workspace', [{ host }]]);
    assert.deepEqual(await namesOf(old), ['workspace one']);
    await fails(ring.adopt(other, { name: 'uno' }), 'keyExists');
    assert.equal((await ring.adopt(other, { scope: 'user' })).scope, 'user');
    await fails(ring.adopt({ workspaceId: 'x', fingerprint: '?' }), 'unknownKey');
  });

  it('tries again after the store failed', async () => {
    await ring.add({ name: 'one', key: one, scope: 'user' });
    const again = openWindow(secrets).ring;
    const names = secrets.names.bind(secrets);
    secrets.names = () => Promise.reject(new Error('The store is locked.'));
    await assert.rejects(again.list(), /locked/);
    await assert.rejects(again.add({ name: 'two', key: two, scope: 'user' }), /locked/);
    secrets.names = names;
    assert.deepEqual(await namesOf(again), ['user one']);
    await again.add({ name: 'two', key: two, scope: 'user' });
  });
});
