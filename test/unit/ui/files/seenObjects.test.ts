import assert from 'node:assert/strict';
import type { ListPage, ListRequest } from '../../../../src/core/objectStore.ts';
import { SeenObjects } from '../../../../src/ui/files/seenObjects.ts';

const where = { connection: 'c', bucket: 'b' };
const state = { size: 1, etag: 'e1', lastModified: new Date(0) };
const ever = Infinity;

describe('SeenObjects', () => {
  let now: number;
  let seen: SeenObjects;
  beforeEach(() => {
    now = 1_000_000;
    seen = new SeenObjects(() => now);
  });

  function page(
    prefix: string,
    {
      objects = [],
      prefixes = [],
      ...more
    }: {
      readonly objects?: readonly string[];
      readonly prefixes?: readonly string[];
      readonly nextToken?: string;
      readonly token?: string;
      readonly delimiter?: '/' | undefined;
    },
  ): void {
    const request: ListRequest = {
      ...{ bucket: 'b', prefix, continuationToken: more.token },
      delimiter: 'delimiter' in more ? more.delimiter : '/',
    };
    const listed: ListPage = {
      objects: objects.map((key) => ({ key, ...state })),
      ...{ prefixes, continuationToken: more.nextToken },
    };
    seen.notePage('c', request, listed);
  }

  const object = (key: string, maxAge = ever): unknown => {
    const found = seen.object({ ...where, key }, maxAge);
    return typeof found === 'object' ? found.etag : found;
  };
  const prefix = (text: string, maxAge = ever): boolean | undefined =>
    seen.prefix({ ...where, prefix: text }, maxAge);

  it('knows nothing at first', () => {
    assert.equal(object('a'), undefined);
    assert.equal(prefix('a/'), undefined);
  });

  it('knows from a complete listing what is there and what is not', () => {
    page('d/', { objects: ['d/a'], prefixes: ['d/sub/'] });
    assert.equal(object('d/a'), 'e1');
    assert.equal(object('d/b'), 'absent');
    assert.equal(object('d/other/x/y'), 'absent');
    assert.equal(object('d/sub/x'), undefined);
    assert.equal(object('e/a'), undefined);
    assert.equal(prefix('d/'), true);
    assert.equal(prefix('d/sub/'), true);
    assert.equal(prefix('d/sub/deeper/'), undefined);
    assert.equal(prefix('d/other/'), false);
  });

  it('denies nothing by a listing that goes on', () => {
    page('d/', { objects: ['d/a'], nextToken: 't' });
    assert.equal(object('d/a'), 'e1');
    assert.equal(object('d/b'), undefined);
    page('d/', { objects: ['d/c'], token: 't' });
    assert.equal(object('d/b'), 'absent');
    assert.equal(object('d/c'), 'e1');
  });

  it('joins only pages of one listing', () => {
    page('d/', { objects: ['d/a'], nextToken: 't' });
    page('d/', { objects: ['d/z'], token: 'another' });
    assert.equal(object('d/b'), undefined);
  });

  it('lets a listing be as old as its first page', () => {
    page('d/', { objects: ['d/a'], nextToken: 't' });
    now += 1000;
    page('d/', { token: 't' });
    assert.equal(object('d/b', 500), undefined);
    assert.equal(object('d/b', 1500), 'absent');
  });

  it('takes an object that a listing of its own key lacks for absent', () => {
    page('a', { objects: ['ab'], delimiter: undefined });
    assert.equal(object('a'), 'absent');
    assert.equal(object('ab'), 'e1');
    page('x', { objects: ['x'], delimiter: undefined });
    assert.equal(object('x'), 'e1');
  });

  it('knows by the listing of a path without slash that nothing stands below it', () => {
    page('d/.git', {});
    assert.equal(object('d/.git/HEAD'), 'absent');
    assert.equal(prefix('d/.git/'), false);
  });

  it('believes the newest', () => {
    page('d/', { objects: ['d/a'] });
    now += 10;
    seen.noteObject({ ...where, key: 'd/new/x' }, { ...state, etag: 'e2' });
    assert.equal(object('d/new/x'), 'e2');
    assert.notEqual(prefix('d/new/'), false);
    now += 10;
    seen.noteDeleted({ ...where, key: 'd/a' });
    assert.equal(object('d/a'), 'absent');
    assert.equal(prefix('d/'), undefined);
    now += 10;
    page('d/', { objects: ['d/a'] });
    assert.equal(object('d/a'), 'e1');
  });

  it('does not let a request that took long undo what was seen meanwhile', () => {
    const sent = now;
    now += 100;
    seen.noteObject({ ...where, key: 'd/a' }, { ...state, etag: 'new' });
    seen.noteObject({ ...where, key: 'd/a' }, { ...state, etag: 'old' }, sent);
    assert.equal(object('d/a'), 'new');
  });

  it('forgets by age, by prefix, and all', () => {
    page('d/', { objects: ['d/a'] });
    now += 1000;
    assert.equal(object('d/a', 500), undefined);
    assert.equal(object('d/b', 500), undefined);
    assert.equal(object('d/a', 2000), 'e1');
    seen.forgetPrefix({ ...where, prefix: 'd/' });
    assert.equal(object('d/a'), undefined);
    assert.equal(prefix('d/'), undefined);
    page('d/', { objects: ['d/a'] });
    seen.clear();
    assert.equal(object('d/a'), undefined);
  });
});
