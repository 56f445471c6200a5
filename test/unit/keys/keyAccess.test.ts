import assert from 'node:assert/strict';
import type { ObjectAddress } from '../../../src/core/address.ts';
import type { CustomerKey } from '../../../src/core/customerKey.ts';
import type { OpenedWith } from '../../../src/core/keyAccess.ts';
import { isStoreError } from '../../../src/core/storeError.ts';
import { KeyRingAccess } from '../../../src/keys/keyAccess.ts';
import type { KeyRing } from '../../../src/keys/keyRing.ts';
import { KeyRingError } from '../../../src/keys/keyRingError.ts';
import { readKeyRules } from '../../../src/keys/keyRules.ts';
import { Ledger } from '../../../src/keys/ledger.ts';
import { MemorySecretStore } from '../doubles/memorySecretStore.ts';
import { MemoryStateStore } from '../doubles/memoryStateStore.ts';
import { PlannedAsker } from '../doubles/plannedAsker.ts';
import { keyOf, openWindow } from './windows.ts';

const host = 's3.example.com';
const keys = { one: keyOf(1), two: keyOf(2), three: keyOf(3) };

function object(key: string, bucket = 'b'): ObjectAddress {
  return { connection: 'c', bucket, key };
}

describe('KeyRingAccess', () => {
  let ring: KeyRing;
  let ledger: Ledger;
  let asker: PlannedAsker;
  let rules: Record<string, unknown>;
  let defaultKey: string | undefined;
  let access: KeyRingAccess;

  beforeEach(() => {
    ({ ring } = openWindow(new MemorySecretStore()));
    ledger = new Ledger(new MemoryStateStore());
    asker = new PlannedAsker();
    rules = {};
    defaultKey = undefined;
    access = new KeyRingAccess({
      ring,
      ledger,
      asker,
      rules: () => readKeyRules(rules).rules,
      defaultKey: () => defaultKey,
    });
  });

  afterEach(async () => {
    await ledger.flush();
  });

  /** Adds keys by name; bound to the host unless said otherwise. */
  async function add(names: (keyof typeof keys)[], bindings = [{ host }]): Promise<void> {
    for (const name of names) await ring.add({ name, key: keys[name], scope: 'user', bindings });
  }

  function nameOf(openedWith: OpenedWith | undefined): string | undefined {
    if (openedWith === undefined || openedWith === 'none') return openedWith;
    const [name] = Object.entries(keys).find(([, key]) => isSame(key, openedWith)) ?? [];
    return name;
  }

  async function candidatesOf(address: ObjectAddress, at = host): Promise<(string | undefined)[]> {
    const names = [];
    for await (const candidate of access.candidates(address, at)) names.push(nameOf(candidate));
    return names;
  }

  describe('candidates', () => {
    it('tries no key where there are none', async () => {
      assert.deepEqual(await candidatesOf(object('a')), ['none']);
    });

    it('tries no key, then every key that is bound to the host, the last used first', async () => {
      await add(['one', 'two', 'three']);
      assert.deepEqual(await candidatesOf(object('a')), ['none', 'one', 'three', 'two']);
      access.remember(object('x'), keys.two);
      access.remember(object('y'), keys.one);
      access.remember(object('z'), keys.two);
      assert.deepEqual(await candidatesOf(object('a')), ['none', 'two', 'one', 'three']);
      assert.deepEqual(await candidatesOf(object('a'), 'other'), ['none']);
      assert.deepEqual(asker.questions, []);
    });

    it('tries in the order ledger, prefix, rule, default, none, others, each once', async () => {
      const four = keyOf(4);
      await add(['one', 'two', 'three']);
      await ring.add({ name: 'four', key: four, scope: 'user', bindings: [{ host }] });
      ledger.remember(object('p/a'), keys.three.fingerprint);
      ledger.rememberPrefix({ connection: 'c', bucket: 'b', prefix: 'p/' }, keys.two.fingerprint);
      rules = { 's3://b/**': keys.one.fingerprint };
      defaultKey = 'four';
      const all = ['three', 'two', 'one', undefined, 'none'];
      assert.deepEqual(await candidatesOf(object('p/a')), all);
      assert.deepEqual(await candidatesOf(object('p/b')), [
        'two',
        'one',
        undefined,
        'none',
        'three',
      ]);
      assert.deepEqual(await candidatesOf(object('q')), ['one', undefined, 'none', 'three', 'two']);
      defaultKey = 'one';
      assert.deepEqual((await candidatesOf(object('q'))).slice(0, 2), ['one', 'none']);
    });

    it('tries no key first if the ledger or the rule says so, and the rest still', async () => {
      await add(['one', 'two']);
      rules = { 's3://b/plain/**': null };
      defaultKey = 'two';
      assert.deepEqual(await candidatesOf(object('plain/a')), ['none', 'two', 'one']);
      assert.deepEqual(await candidatesOf(object('a')), ['two', 'none', 'one']);
      access.remember(object('a'), 'none');
      assert.deepEqual(await candidatesOf(object('a')), ['none', 'two', 'one']);
      defaultKey = 'none';
      assert.deepEqual(await candidatesOf(object('x')), ['none', 'one', 'two']);
    });

    it('passes over keys that are not there', async () => {
      await add(['one']);
      ledger.remember(object('a'), keys.two.fingerprint);
      rules = { 's3://b/**': 'unknown' };
      defaultKey = 'unknown too';
      assert.deepEqual(await candidatesOf(object('a')), ['none', 'one']);
      rules = { 's3://b/**': 5 };
      assert.deepEqual(await candidatesOf(object('a')), ['none', 'one']);
    });

    it('loads and asks only as far as it is read', async () => {
      await add(['one'], []);
      ledger.remember(object('a'), 'none');
      rules = { 's3://b/**': 'one' };
      for await (const candidate of access.candidates(object('a'), host)) {
        assert.equal(candidate, 'none');
        break;
      }
      assert.deepEqual(asker.questions, []);
    });
  });

  describe('bindings', () => {
    beforeEach(async () => {
      await add(['one'], [{ host: 'elsewhere' }]);
      rules = { 's3://**': 'one' };
    });

    it('asks before a key goes to a new host, and never again if the person agrees', async () => {
      assert.deepEqual(await candidatesOf(object('a')), ['one', 'none']);
      assert.deepEqual(await candidatesOf(object('a', 'b2')), ['one', 'none']);
      assert.equal(nameOf(await access.forNewObject(object('c'), host)), 'one');
      assert.deepEqual(asker.questions, [`bind one to ${host}/b`]);
      const bindings = [{ host: 'elsewhere' }, { host }];
      assert.deepEqual((await ring.find('one'))?.bindings, bindings);
    });

    it('binds one bucket only if told so', async () => {
      asker.binding = 'bucketOnly';
      assert.deepEqual(await candidatesOf(object('a')), ['one', 'none']);
      assert.ok(ring.isBound(keys.one.fingerprint, host, 'b'));
      assert.ok(!ring.isBound(keys.one.fingerprint, host, 'b2'));
      assert.deepEqual(await candidatesOf(object('a', 'b2')), ['one', 'none']);
      assert.equal(asker.questions.length, 2);
    });

    it('neither sends a refused key nor asks again', async () => {
      asker.binding = false;
      for (const bucket of ['b', 'b', 'b2']) {
        assert.deepEqual(await candidatesOf(object('a', bucket)), ['none']);
      }
      assert.equal(asker.questions.length, 1);
      assert.ok(!ring.isBound(keys.one.fingerprint, host, 'b'));
      assert.deepEqual(await candidatesOf(object('a'), 'third'), ['none']);
      assert.equal(asker.questions.length, 2);
    });

    it('leaves out what it would have to ask for where nobody may be asked', async () => {
      const quiet = [];
      for await (const each of access.candidates(object('a'), host, false))
        quiet.push(nameOf(each));
      assert.deepEqual(quiet, ['none']);
      assert.deepEqual(asker.questions, []);
      assert.ok(!ring.isBound(keys.one.fingerprint, host, 'b'));
    });

    it('asks for keys of the ledger, of a prefix and of the default as well', async () => {
      rules = {};
      asker.binding = false;
      ledger.remember(object('a'), keys.one.fingerprint);
      assert.deepEqual(await candidatesOf(object('a'), 'host 1'), ['none']);
      ledger.rememberPrefix({ connection: 'c', bucket: 'b', prefix: '' }, keys.one.fingerprint);
      assert.deepEqual(await candidatesOf(object('x'), 'host 2'), ['none']);
      defaultKey = 'one';
      assert.deepEqual(await candidatesOf(object('a', 'b2'), 'host 3'), ['none']);
      assert.equal(asker.questions.length, 3);
    });

    it('asks once for many objects at once, and one question after the other', async () => {
      await add(['two'], []);
      rules = { 's3://b/**': 'one', 's3://b2/**': 'two' };
      const addresses = ['a', 'b', 'c'].flatMap((key) => [object(key), object(key, 'b2')]);
      const all = await Promise.all(addresses.map((address) => candidatesOf(address)));
      assert.deepEqual(
        all.map(([first]) => first),
        ['one', 'two', 'one', 'two', 'one', 'two'],
      );
      assert.deepEqual(asker.questions, [`bind one to ${host}/b`, `bind two to ${host}/b2`]);
      assert.equal(asker.mostOpen, 1);
    });

    it('answers for the target of a copy', async () => {
      assert.equal(await access.mayBeSent(keys.one, object('a'), 'elsewhere'), true);
      assert.equal(await access.mayBeSent(keys.two, object('a'), 'elsewhere'), false);
      assert.deepEqual(asker.questions, []);
      asker.binding = false;
      assert.equal(await access.mayBeSent(keys.one, object('a'), host), false);
    });
  });

  describe('forNewObject', () => {
    it('takes the rule, else the default, else no key', async () => {
      await add(['one', 'two']);
      assert.equal(await access.forNewObject(object('a'), host), 'none');
      defaultKey = 'two';
      assert.equal(nameOf(await access.forNewObject(object('a'), host)), 'two');
      rules = { 's3://b/**': 'one', 's3://b/plain/**': 'none' };
      assert.equal(nameOf(await access.forNewObject(object('a'), host)), 'one');
      assert.equal(await access.forNewObject(object('plain/a'), host), 'none');
      rules = {};
      defaultKey = 'none';
      assert.equal(await access.forNewObject(object('a'), host), 'none');
    });

    it('takes what was chosen for the prefix, if neither rule nor default says anything', async () => {
      await add(['one', 'two']);
      ledger.rememberPrefix({ connection: 'c', bucket: 'b', prefix: 'p/' }, keys.two.fingerprint);
      const inPrefix = { connection: 'c', bucket: 'b', key: 'p/new' };
      assert.equal(nameOf(await access.forNewObject(inPrefix, host)), 'two');
      assert.equal(await access.forNewObject({ ...inPrefix, key: 'new' }, host), 'none');
      defaultKey = 'one';
      assert.equal(nameOf(await access.forNewObject(inPrefix, host)), 'one');
    });

    it('never falls back to plaintext if the key is not there or cannot be read', async () => {
      const secret = Buffer.from(keys.three.reveal()).toString('base64');
      const isUnknown = (error: unknown): boolean =>
        error instanceof KeyRingError &&
        error.kind === 'unknownKey' &&
        !`${error.message}${error.subject}`.includes(secret);
      for (const value of ['unknown', secret, 5, '', {}]) {
        rules = { 's3://b/**': null, 's3://b/a/**': value };
        await assert.rejects(access.forNewObject(object('a/b'), host), isUnknown);
      }
      rules = {};
      for (const value of ['unknown', secret]) {
        defaultKey = value;
        await assert.rejects(access.forNewObject(object('a'), host), isUnknown);
      }
    });

    it('never falls back to plaintext if the person refuses to send the key there', async () => {
      await add(['one'], []);
      defaultKey = 'one';
      asker.binding = false;
      for (let attempt = 0; attempt < 2; attempt++) {
        await assert.rejects(access.forNewObject(object('a'), host), (error) => {
          assert.ok(isStoreError(error, 'keyNotBound'));
          assert.equal(error.details.fingerprint, keys.one.fingerprint);
          return true;
        });
      }
      assert.equal(asker.questions.length, 1);
    });
  });

  it('says what the rules name, without loading a key or asking', async () => {
    await add(['one', 'two'], []);
    rules = {
      's3://b/one/**': 'one',
      's3://b/two/**': keys.two.fingerprint,
      's3://b/none/**': null,
    };
    rules['s3://b/gone/**'] = 'gone';
    const ruled = await access.ruleKeys();
    assert.equal(ruled(object('one/a')), keys.one.fingerprint);
    assert.equal(ruled(object('two/a')), keys.two.fingerprint);
    assert.equal(ruled(object('none/a')), null);
    assert.equal(ruled(object('gone/a')), undefined);
    assert.equal(ruled(object('a')), undefined);
    assert.deepEqual(asker.questions, []);
  });

  describe('ask', () => {
    it('gives what the person picks, or nothing', async () => {
      await add(['one']);
      asker.picks = [
        { key: keys.one, remember: 'object' },
        { key: 'none', remember: 'object' },
      ];
      assert.equal(nameOf(await access.ask(object('a'), host, 'noneKnown')), 'one');
      assert.equal(await access.ask(object('a'), host, 'noneFits'), 'none');
      assert.equal(await access.ask(object('a'), host, 'noneFits'), undefined);
      assert.deepEqual(asker.questions, [
        `pick b/a at ${host}: noneKnown`,
        `pick b/a at ${host}: noneFits`,
        `pick b/a at ${host}: noneFits`,
      ]);
    });

    it('remembers a prefix only once the key opened the object', async () => {
      await add(['one', 'two']);
      asker.picks = [
        { key: keys.two, remember: 'prefix' },
        { key: keys.one, remember: 'prefix' },
      ];
      await access.ask(object('p/a'), host, 'noneKnown');
      assert.equal(ledger.forPrefixOf(object('p/b')), undefined);
      await access.ask(object('p/a'), host, 'noneFits');
      access.remember(object('p/other'), keys.one);
      assert.equal(ledger.forPrefixOf(object('p/b')), undefined);
      access.remember(object('p/a'), keys.one);
      assert.equal(ledger.forPrefixOf(object('p/b')), keys.one.fingerprint);
      assert.equal(ledger.forPrefixOf(object('b')), undefined);
      assert.equal(access.known(object('p/a')), keys.one.fingerprint);
      assert.equal(access.known(object('p/b')), undefined);
    });

    it('forgets the prefix if another key opened the object', async () => {
      await add(['one', 'two']);
      asker.picks = [{ key: keys.two, remember: 'prefix' }];
      await access.ask(object('p/a'), host, 'noneKnown');
      access.remember(object('p/a'), keys.one);
      access.remember(object('p/a'), keys.two);
      assert.equal(ledger.forPrefixOf(object('p/b')), undefined);
    });

    it('asks to bind what was picked, also after a refusal', async () => {
      await add(['one'], []);
      rules = { 's3://b/**': 'one' };
      asker.binding = false;
      assert.deepEqual(await candidatesOf(object('a')), ['none']);
      asker.picks = [
        { key: keys.one, remember: 'object' },
        { key: keys.one, remember: 'object' },
      ];
      assert.equal(await access.ask(object('a'), host, 'noneFits'), undefined);
      asker.binding = true;
      assert.equal(nameOf(await access.ask(object('a'), host, 'noneFits')), 'one');
      assert.equal(asker.questions.filter((question) => question.startsWith('bind')).length, 3);
    });

    it('sends no key that is in no key ring', async () => {
      asker.picks = [{ key: keys.one, remember: 'object' }];
      assert.equal(await access.ask(object('a'), host, 'noneKnown'), undefined);
    });

    it('asks once for the objects of a bucket that ask at once', async () => {
      await add(['one', 'two']);
      asker.picks = [
        { key: keys.one, remember: 'object' },
        { key: keys.two, remember: 'object' },
      ];
      const answers = await Promise.all(
        [object('a'), object('b'), object('a', 'b2'), object('c'), object('a')].map((address) =>
          access.ask(address, host, 'noneKnown'),
        ),
      );
      assert.deepEqual(answers.map(nameOf), ['one', 'one', 'two', 'one', 'one']);
      assert.equal(asker.questions.length, 2);
      assert.equal(asker.mostOpen, 1);
      assert.equal(await access.ask(object('b'), host, 'noneFits'), undefined);
      assert.equal(asker.questions.length, 3);
    });

    it('asks on after a question failed', async () => {
      const pickKey = asker.pickKey.bind(asker);
      asker.pickKey = () => Promise.reject(new Error('The window is closing.'));
      await assert.rejects(access.ask(object('a'), host, 'noneKnown'), /closing/);
      asker.pickKey = pickKey;
      asker.picks = [{ key: 'none', remember: 'object' }];
      assert.equal(await access.ask(object('a'), host, 'noneKnown'), 'none');
    });
  });

  it('forgets an object', () => {
    access.remember(object('a'), keys.one);
    access.forget(object('a'));
    assert.equal(access.known(object('a')), undefined);
  });
});

function isSame(one: CustomerKey, other: CustomerKey): boolean {
  return one.fingerprint === other.fingerprint;
}
