import assert from 'node:assert/strict';
import { pairEntry, readPairs } from '../../../../src/ui/sync/savedPair.ts';

const photos = {
  local: '${workspaceFolder}/photos',
  remote: 's3://pictures/2026/',
  connection: 'my-s3',
  direction: 'both',
};

function problemsOf(setting: unknown): string[] {
  return readPairs(setting).problems.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('readPairs', () => {
  it('has no pairs where there is no setting', () => {
    assert.deepEqual(readPairs(undefined), { pairs: [], problems: [] });
    assert.deepEqual(readPairs({}), { pairs: [], problems: [] });
  });

  it('reads a pair, with defaults that delete and overwrite nothing', () => {
    const { pairs, problems } = readPairs({ photos });
    assert.deepEqual(problems, []);
    assert.deepEqual(pairs, [
      {
        ...{ name: 'photos', local: photos.local, from: undefined, direction: 'both' },
        remote: { connection: 'my-s3', bucket: 'pictures', prefix: '2026/' },
        ...{ include: [], exclude: [], deletions: 'off', targetChanges: 'conflict' },
        ...{ interval: undefined, pushOnSave: false, followSymlinks: false },
      },
    ]);
  });

  it('takes a prefix without its slash, and a whole bucket', () => {
    const prefixOf = (remote: string): string | undefined =>
      readPairs({ photos: { ...photos, remote } }).pairs[0]?.remote.prefix;
    assert.equal(prefixOf('s3://pictures/2026'), '2026/');
    assert.equal(prefixOf('s3://pictures'), '');
    assert.equal(prefixOf('s3://pictures/'), '');
    assert.equal(prefixOf('s3://pictures/a b#?%/'), 'a b#?%/');
  });

  it('copies between prefixes, the source with a connection of its own', () => {
    const copy = { from: 's3://one/a', fromConnection: 'old', remote: 's3://two/a/' };
    const { pairs, problems } = readPairs({ move: { ...copy, connection: 'new' } });
    assert.deepEqual(problems, []);
    assert.equal(pairs[0]?.direction, 'copy');
    assert.deepEqual(pairs[0].from, { connection: 'old', bucket: 'one', prefix: 'a/' });
    assert.deepEqual(pairs[0].remote, { connection: 'new', bucket: 'two', prefix: 'a/' });
  });

  it('names what cannot be used, and keeps the other pairs', () => {
    const setting = {
      photos,
      'no remote': { local: 'a', connection: 'c', direction: 'upload' },
      'both sides': { ...photos, from: 's3://a/' },
      'no way': { ...photos, direction: undefined },
      sideways: { ...photos, direction: 'sideways' },
      copied: { ...photos, direction: 'copy' },
      mirrored: { ...photos, deletions: 'mirror' },
      often: { ...photos, interval: 0 },
      pushed: { ...photos, direction: 'download', pushOnSave: true },
      inside: { from: 's3://a/b/', remote: 's3://a/b/c/', connection: 'c' },
      list: [],
      globs: { ...photos, exclude: '*.tmp' },
      address: { ...photos, remote: 'https://x/y' },
    };
    const { pairs, problems } = readPairs(setting);
    assert.deepEqual(
      pairs.map(({ name }) => name),
      ['photos'],
    );
    for (const name of Object.keys(setting).slice(1)) {
      assert.ok(
        problems.some(({ path }) => path[0] === name),
        name,
      );
    }
    assert.match(
      problemsOf({ a: setting['no remote'] })[0] ?? '',
      /^a(\.remote)?: .*"remote".*missing/,
    );
    assert.match(problemsOf({ a: setting.often })[0] ?? '', /^a\.interval: .*minutes/);
    assert.match(problemsOf({ a: setting.inside })[0] ?? '', /^a\.from: .*inside/);
  });

  it('uses a pair with a field that does not exist, and says so', () => {
    const { pairs, problems } = readPairs({ photos: { ...photos, secretAccessKey: 'x' } });
    assert.equal(pairs.length, 1);
    assert.deepEqual(problems[0]?.path, ['photos', 'secretAccessKey']);
  });

  it('never repeats a value in a problem', () => {
    const secret = 'wJalrXUtnFEMI';
    const setting = Object.fromEntries(
      ['remote', 'direction', 'deletions', 'interval', 'include', 'pushOnSave'].map((field) => [
        field,
        { ...photos, [field]: secret },
      ]),
    );
    const told = problemsOf(setting);
    assert.equal(told.length, 6);
    for (const line of told) assert.ok(!line.includes(secret), line);
  });

  it('refuses a setting that is no object, and names that cannot be shown', () => {
    for (const setting of [[], 'x', 7]) assert.equal(readPairs(setting).problems.length, 1);
    for (const name of ['', ' a', 'a\n', 'a'.repeat(101)]) {
      assert.deepEqual(readPairs({ [name]: photos }).pairs, []);
      assert.equal(readPairs({ [name]: photos }).problems.length, 1);
    }
  });
});

describe('pairEntry', () => {
  it('is the inverse of reading', () => {
    const setting = {
      photos,
      all: {
        ...photos,
        ...{ direction: 'upload', include: ['*.jpg'], exclude: ['build/'], deletions: 'mirror' },
        ...{ targetChanges: 'overwrite', interval: 5, pushOnSave: true, followSymlinks: true },
      },
      copy: {
        ...{ from: 's3://one/', fromConnection: 'old', remote: 's3://two/a/' },
        ...{ connection: 'new', direction: 'copy' },
      },
    };
    const { pairs } = readPairs(setting);
    assert.deepEqual(
      Object.fromEntries(pairs.map((pair) => [pair.name, pairEntry(pair)])),
      setting,
    );
  });
});
