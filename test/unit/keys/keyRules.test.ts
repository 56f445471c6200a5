import assert from 'node:assert/strict';
import { readKeyRules } from '../../../src/keys/keyRules.ts';

const at = { connection: 'c', bucket: 'b' };

/** What the rules of a setting say for an object: a key's name, null, or undefined for nothing. */
function ruled(setting: unknown, key: string, connection = 'c'): string | null | undefined {
  return readKeyRules(setting).rules.match({ connection, bucket: 'b', key })?.customerKey;
}

function problemsOf(setting: unknown): string[] {
  return readKeyRules(setting).problems.map(({ path, message }) => `${path.join()}: ${message}`);
}

describe('keyRules', () => {
  it('says nothing without rules', () => {
    for (const setting of [undefined, null, {}]) {
      assert.equal(ruled(setting, 'a'), undefined);
      assert.deepEqual(problemsOf(setting), []);
    }
  });

  it('names a customer key or none, in every form', () => {
    const setting = {
      's3://b/name/**': 'backup',
      's3://b/fingerprint/**': 'Q2uTy2CxpUThcAfUAnc8mQ==',
      's3://b/null/**': null,
      's3://b/none/**': 'none',
      's3://b/object/**': { customerKey: 'backup', later: true },
      's3://b/objectNull/**': { customerKey: null },
      's3://b/objectNone/**': { customerKey: 'none' },
    };
    assert.deepEqual(problemsOf(setting), []);
    assert.equal(ruled(setting, 'name/x'), 'backup');
    assert.equal(ruled(setting, 'fingerprint/x'), 'Q2uTy2CxpUThcAfUAnc8mQ==');
    assert.equal(ruled(setting, 'null/x'), null);
    assert.equal(ruled(setting, 'none/x'), null);
    assert.equal(ruled(setting, 'object/x'), 'backup');
    assert.equal(ruled(setting, 'objectNull/x'), null);
    assert.equal(ruled(setting, 'objectNone/x'), null);
    assert.equal(ruled(setting, 'other'), undefined);
  });

  it('prefers the longest text before the first wildcard, in any order', () => {
    const entries = [
      ['s3://**', 'everything'],
      ['s3://b/**', 'bucket'],
      ['s3://b/a/**', 'prefix'],
      ['s3://b/a/*.log', 'logs'],
      ['s3://b/a/b', 'exact'],
    ] as const;
    for (const setting of [
      Object.fromEntries(entries),
      Object.fromEntries([...entries].reverse()),
    ]) {
      assert.equal(ruled(setting, 'x'), 'bucket');
      assert.equal(ruled(setting, 'a/x'), 'prefix');
      assert.equal(ruled(setting, 'a/b'), 'exact');
    }
  });

  it('prefers, among equals, no wildcard, then a connection, then the later one', () => {
    assert.equal(ruled({ 's3://b/a': 'exact', 's3://b/a*': 'wildcard' }, 'a'), 'exact');
    assert.equal(ruled({ 's3://b/a*': 'wildcard', 's3://b/a': 'exact' }, 'a'), 'exact');
    assert.equal(ruled({ 'ssec://c/b/**': 'one', 's3://b/**': 'all' }, 'a'), 'one');
    assert.equal(ruled({ 's3://b/**': 'all', 'ssec://c/b/**': 'one' }, 'a'), 'one');
    assert.equal(ruled({ 's3://b/**': 'all', 'ssec://c/b/**': 'one' }, 'a', 'd'), 'all');
    assert.equal(ruled({ 's3://b/*': 'earlier', 's3://b/?': 'later' }, 'a'), 'later');
    assert.equal(ruled({ 's3://b/?': 'earlier', 's3://b/*': 'later' }, 'a'), 'later');
  });

  it('lists the rules, the most specific first', () => {
    const { rules } = readKeyRules({ 's3://b/**': 'all', 's3://b/a/**': null });
    assert.deepEqual(
      rules.all().map(({ pattern, customerKey }) => [pattern, customerKey]),
      [
        ['s3://b/a/**', null],
        ['s3://b/**', 'all'],
      ],
    );
  });

  it('lets no broader rule take the place of one whose key cannot be read', () => {
    const setting = { 's3://b/**': null, 's3://b/a/**': 5, 's3://b/b/**': '' };
    assert.equal(readKeyRules(setting).rules.match({ ...at, key: 'a/x' })?.pattern, 's3://b/a/**');
    assert.equal(ruled(setting, 'a/x'), undefined);
    assert.equal(ruled(setting, 'b/x'), undefined);
    assert.equal(ruled(setting, 'c'), null);
  });

  it('refuses a customer key itself and says so', () => {
    const secret = Buffer.alloc(32, 'secret');
    for (const text of [secret.toString('base64'), secret.toString('hex')]) {
      for (const value of [text, { customerKey: text }]) {
        const [problem = '', ...more] = problemsOf({ 's3://b/**': value });
        assert.match(problem, /looks like a customer key itself/);
        assert.ok(!problem.includes(text) && more.length === 0);
        assert.equal(ruled({ 's3://b/**': value }, 'a'), undefined);
      }
    }
  });

  it('keeps the good rules beside the bad ones, and explains these without their values', () => {
    const setting = {
      'b/**': 'x',
      's3://b/[': 'x',
      's3://b/1': 5,
      's3://b/2': '',
      's3://b/3': { customerkey: 's3cr3t' },
      's3://b/4': ['s3cr3t'],
      's3://b/good': 'good',
    };
    const problems = problemsOf(setting);
    assert.equal(problems.length, 6);
    assert.match(problems[0] ?? '', /^b\/\*\*: A pattern starts with s3:\/\/bucket\//);
    assert.match(problems[1] ?? '', /^s3:\/\/b\/\[: A \[ in the pattern has no \]/);
    for (const problem of problems.slice(2))
      assert.match(problem, /A rule names a customer key by/);
    assert.doesNotMatch(problems.join(), /s3cr3t/);
    assert.equal(ruled(setting, 'good'), 'good');
    assert.deepEqual(problemsOf('x'), [
      ': The key rules must be an object of pattern → customer key.',
    ]);
    assert.deepEqual(problemsOf([]), [
      ': The key rules must be an object of pattern → customer key.',
    ]);
  });
});
