import assert from 'node:assert/strict';
import fc from 'fast-check';
import { AddressPatternError, compileAddressPattern } from '../../../src/keys/addressPattern.ts';
import { nastyKey } from '../core/nastyKeys.ts';

function matches(pattern: string, key: string, bucket = 'b', connection = 'c'): boolean {
  return compileAddressPattern(pattern).matches({ connection, bucket, key });
}

/** A text with nothing special in a pattern. */
function quoted(text: string): string {
  return text.replace(/[*?[\]{},\\/]/g, (character) =>
    character === '/' ? character : `\\${character}`,
  );
}

/** Pattern → object keys of the bucket `b` that it matches, and that it does not. */
const cases: Record<string, { yes: string[]; no: string[] }> = {
  's3://b/**': { yes: ['a', 'a/b', '/', '.', '../a', 'a\nb'], no: [] },
  's3://b': { yes: ['a', 'a/b'], no: [] },
  's3://b/': { yes: ['a', 'a/b'], no: [] },
  's3://b/a/': { yes: ['a/', 'a/b', 'a//'], no: ['a', 'ab', 'b/a/'] },
  's3://b/a/**': {
    yes: ['a/', 'a/b', 'a/b/c', 'a//b', 'a/.b', 'a/../b', 'a/./b', 'a/x\ny', 'a/\u2028'],
    no: ['a', 'ab', 'A/b', 'x/a/b'],
  },
  's3://b/a/*': { yes: ['a/b', 'a/..', 'a/.b', 'a/', 'a/\n'], no: ['a/b/c', 'a', 'a//'] },
  's3://b/a/**/z': { yes: ['a/z', 'a/b/z', 'a//z', 'a/../z'], no: ['a/bz', 'az', 'a/z/'] },
  's3://b/**/z': { yes: ['z', 'a/z', '/z', 'a/b/z'], no: ['az'] },
  's3://b/a**z': { yes: ['az', 'a/b/z'], no: ['a', 'az/'] },
  's3://b/***': { yes: ['a', 'a/b'], no: [] },
  's3://b/?': { yes: ['a', '😀', '.', '\n'], no: ['', 'ab', '/'] },
  's3://b/*.log': { yes: ['a.log', '.log'], no: ['a/b.log', 'axlog'] },
  's3://b/[a-c]': { yes: ['a', 'c'], no: ['d', '-', '/'] },
  's3://b/[!a-c]': { yes: ['d', '😀', '.'], no: ['a', '/'] },
  's3://b/[^a]': { yes: ['b', '^'], no: ['a'] },
  's3://b/[.^]x': { yes: ['.x', '^x'], no: ['ax'] },
  's3://b/[\\]x': { yes: ['\\x'], no: [']x'] },
  's3://b/{a,b/c}/*': { yes: ['a/x', 'b/c/x'], no: ['b/x', '{a,b/c}/x'] },
  's3://b/{a,b{c,d}}': { yes: ['a', 'bc', 'bd'], no: ['b', 'bcd'] },
  's3://b/{a*,}x': { yes: ['x', 'abx'], no: ['bx'] },
  's3://b/{id}/x': { yes: ['{id}/x'], no: ['id/x'] },
  's3://b/}{': { yes: ['}{'], no: [] },
  's3://b/a,b': { yes: ['a,b'], no: ['a'] },
  's3://b/\\*\\?\\[x]\\{a,b}\\\\': { yes: ['*?[x]{a,b}\\'], no: ['ab'] },
  's3://b/a (x)+(y)|z': { yes: ['a (x)+(y)|z'], no: ['a xy', 'z', 'b/z'] },
  's3://b/!a@(b)$^.#': { yes: ['!a@(b)$^.#'], no: ['!a@b$^x#'] },
  's3://b/a//b': { yes: ['a//b'], no: ['a/b'] },
  's3://b//x': { yes: ['/x'], no: ['x'] },
  's3://b/./x': { yes: ['./x'], no: ['x', 'a/x'] },
  's3://b/../x': { yes: ['../x'], no: ['x'] },
  's3://b/%2F': { yes: ['%2F'], no: ['/'] },
  's3://b/\u00e9': { yes: ['\u00e9'], no: ['e\u0301'] },
};

describe('addressPattern', () => {
  for (const [pattern, { yes, no }] of Object.entries(cases)) {
    it(`matches ${JSON.stringify(pattern)} with what it says`, () => {
      for (const key of yes) assert.ok(matches(pattern, key), `not ${JSON.stringify(key)}`);
      for (const key of no) assert.ok(!matches(pattern, key), `also ${JSON.stringify(key)}`);
    });
  }

  it('takes every object key for itself', () => {
    fc.assert(
      fc.property(nastyKey, nastyKey, (key, other) => {
        fc.pre(!key.endsWith('/'));
        const pattern = `s3://b/${quoted(key)}`;
        assert.ok(matches(pattern, key));
        assert.equal(matches(pattern, other), key === other);
        assert.equal(compileAddressPattern(pattern).hasWildcard, false);
      }),
    );
  });

  it('takes a prefix and ** for everything that starts with the prefix', () => {
    fc.assert(
      fc.property(nastyKey, nastyKey, nastyKey, (prefix, rest, other) => {
        const pattern = `s3://b/${quoted(prefix)}/**`;
        assert.ok(matches(pattern, `${prefix}/${rest}`));
        assert.ok(matches(pattern, `${prefix}/`));
        assert.equal(matches(pattern, other), other.startsWith(`${prefix}/`));
      }),
    );
  });

  it('holds for its bucket, and for its connection if it names one', () => {
    assert.ok(!matches('s3://b/**', 'a', 'bb'));
    assert.ok(!matches('s3://b/**', 'a', 'a/b'));
    assert.ok(matches('s3://team-*/x', 'x', 'team-1'));
    assert.ok(!matches('s3://*/x', 'y/x', 'b'));
    assert.ok(matches('s3://**', 'a/b', 'any'));
    assert.ok(matches('ssec://c/b/**', 'a'));
    assert.ok(matches('ssec://c/b', 'a'));
    assert.ok(!matches('ssec://c/b/**', 'a', 'b', 'd'));
    assert.ok(!matches('ssec://c/b/**', 'a', 'bb'));
  });

  it('counts what stands before the first wildcard', () => {
    const lengthOf = (pattern: string): number => compileAddressPattern(pattern).literalLength;
    assert.equal(lengthOf('s3://b/a/**'), 'b/a/'.length);
    assert.equal(lengthOf('ssec://c/b/a/**'), 'b/a/'.length);
    assert.equal(lengthOf('s3://b/a/x?y'), 'b/a/x'.length);
    assert.equal(lengthOf('s3://b/{a,b}'), 'b/'.length);
    assert.equal(lengthOf('s3://b/{id}/[a]'), 'b/{id}/'.length);
    assert.equal(lengthOf('s3://b/\\*a'), 'b/*a'.length);
    assert.equal(lengthOf('s3://b'), 'b/'.length);
  });

  for (const pattern of ['', 'b/**', 's3:/b', 's3://', 's3:///x', 'https://b/x', 'ssec://C/b/x']) {
    it(`refuses ${JSON.stringify(pattern)}, which is no address`, () => {
      assert.throws(() => compileAddressPattern(pattern), /starts with s3:\/\/bucket\//);
    });
  }

  it('refuses what is not complete', () => {
    assert.throws(() => compileAddressPattern('s3://b/[a'), /has no \]/);
    assert.throws(() => compileAddressPattern('s3://b/a\\'), /ends with a backslash/);
    assert.throws(() => compileAddressPattern('s3://b/[z-a]'), AddressPatternError);
  });

  it('compiles or refuses any text', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^([a/*?[\]{},\\!^-]|😀){0,12}$/), nastyKey, (text, key) => {
        try {
          compileAddressPattern(`s3://b/${text}`).matches({ connection: 'c', bucket: 'b', key });
        } catch (error) {
          assert.ok(error instanceof AddressPatternError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
