import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { Secret } from '../../../src/core/secret.ts';
import type { GpgPassphrases } from '../../../src/keys/gpgPassphrases.ts';
import { plannedGpg } from '../doubles/plannedGpg.ts';

function at(key: string): { connection: string; bucket: string; key: string } {
  return { connection: 'c', bucket: 'b', key };
}

async function candidatesOf(gpg: GpgPassphrases, key: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { secret } of gpg.candidates(at(key))) found.push(secret.reveal());
  return found;
}

describe('gpgPassphrases', () => {
  it('tries what opened a neighbour, then the rule’s, then the others, each once', async () => {
    const { gpg, rule, asker } = plannedGpg('typed');
    await gpg.add('one', new Secret('first'), true);
    await gpg.add('two', new Secret('second'), true);
    await gpg.add('same', new Secret('second'), true);
    rule.name = 'one';
    const typed = await gpg.ask(at('x/a'), new Set());
    assert.ok(typed);
    assert.deepEqual(await candidatesOf(gpg, 'x/b'), ['first', 'second']);
    gpg.remember(at('x/a'), typed);
    assert.deepEqual(await candidatesOf(gpg, 'x/b'), ['typed', 'first', 'second']);
    assert.deepEqual(await candidatesOf(gpg, 'y/b'), ['first', 'typed', 'second']);
    assert.deepEqual(asker.offered, [typed]);
  });

  it('keeps in the secret storage only what it is told to', async () => {
    const { gpg, secrets } = plannedGpg();
    await gpg.add('kept', new Secret('a'), true);
    await gpg.add('shortly', new Secret('b'), false);
    assert.deepEqual([...secrets.secrets], [['gpgPassphrase/kept', 'a']]);
    assert.deepEqual(await gpg.names(), ['kept', 'shortly']);
    await gpg.add('kept', new Secret('c'), false);
    assert.deepEqual([...secrets.secrets], []);
    assert.equal((await gpg.find('kept'))?.secret.reveal(), 'c');
    await gpg.remove('kept');
    assert.deepEqual(await gpg.names(), ['shortly']);
    assert.deepEqual(await candidatesOf(gpg, 'x'), ['b']);
  });

  it('asks for the passphrase of a rule once, and stores nothing without it', async () => {
    const { gpg, asker } = plannedGpg(undefined, 'secret');
    await assert.rejects(gpg.named('team'), { reason: 'noPassphrase', message: /"team"/ });
    assert.equal((await gpg.named('team')).secret.reveal(), 'secret');
    assert.equal((await gpg.named('team')).secret.reveal(), 'secret');
    assert.deepEqual(asker.questions, ['team', 'team']);
  });

  it('asks one question at a time, and tries its answer for the others first', async () => {
    const { gpg, asker } = plannedGpg('secret', 'other');
    const answers = await Promise.all(['a', 'b', 'c'].map((key) => gpg.ask(at(key), new Set())));
    assert.ok(answers[0]);
    assert.deepEqual(
      answers.map((each) => each?.secret.reveal()),
      ['secret', 'secret', 'secret'],
    );
    assert.deepEqual(asker.questions, ['a noneKnown']);
    assert.equal((await gpg.ask(at('b'), new Set([answers[0]])))?.secret.reveal(), 'other');
  });

  it('gives what was typed for another object while a wrong one was tried', async () => {
    const { gpg, asker } = plannedGpg('wrong', 'right');
    const wrong = await gpg.ask(at('a'), new Set());
    assert.ok(wrong);
    const right = await gpg.ask(at('a'), new Set([wrong]));
    assert.equal(await gpg.ask(at('b'), new Set([wrong])), right);
    assert.deepEqual(asker.questions, ['a noneKnown', 'a noneFits']);
    await gpg.add('team', new Secret('right'), false);
    await gpg.remove('team');
    assert.equal(await gpg.ask(at('b'), new Set([wrong])), undefined);
  });

  it('does not ask for each object of a run whose person gave up', async () => {
    const { gpg, asker, clock } = plannedGpg(undefined, 'secret');
    for (const key of ['a', 'b', 'c']) {
      assert.equal(await gpg.ask(at(key), new Set()), undefined);
      clock.now += 2_000;
    }
    assert.equal(asker.questions.length, 1);
    clock.now += 2_000;
    assert.ok(await gpg.ask(at('d'), new Set()));
  });

  it('prints no passphrase', async () => {
    const { gpg } = plannedGpg('battery staple');
    await gpg.add('kept', new Secret('correct horse'), true);
    const typed = await gpg.ask(at('a'), new Set());
    const printed = inspect([gpg, typed], { depth: 9, showHidden: true }) + JSON.stringify(typed);
    assert.doesNotMatch(printed, /battery|correct/);
  });
});
