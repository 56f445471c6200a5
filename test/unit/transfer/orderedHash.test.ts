import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { OrderedHash } from '../../../src/transfer/orderedHash.ts';

// eslint-disable-next-line @typescript-eslint/require-await -- it is a stream by contract
async function* of(text: string): AsyncGenerator<Uint8Array> {
  for (const character of text) yield Buffer.from(character);
}

describe('OrderedHash', () => {
  it('hashes in the order of the places, whichever is there first', async () => {
    const hash = new OrderedHash();
    const [one, two, three] = [hash.place(), hash.place(), hash.place()];
    const adding = [three.add(() => of('ccc')), two.add(() => of('bb'))];
    await new Promise((resolve) => setTimeout(resolve, 5));
    adding.push(one.add(() => of('a')));
    await Promise.all(adding);
    assert.equal(hash.digest(), createHash('md5').update('abbccc').digest('base64'));
  });

  it('forgets a piece that broke off, and adds it anew', async () => {
    const hash = new OrderedHash();
    const place = hash.place();
    const broken = async function* (): AsyncGenerator<Uint8Array> {
      yield* of('a');
      throw new Error('Broken.');
    };
    await assert.rejects(place.add(broken), /Broken/);
    await place.add(() => of('ab'));
    assert.equal(hash.digest(), createHash('md5').update('ab').digest('base64'));
  });

  it('does not keep those behind waiting for one that gave up', async () => {
    const hash = new OrderedHash();
    const [one, two] = [hash.place(), hash.place()];
    one.leave();
    await two.add(() => of('b'));
  });
});
