import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compareUtf8 } from '../../../src/core/utf8Order.ts';
import { ListingOrderError, march } from '../../../src/transfer/sync/march.ts';

interface Item {
  readonly path: string;
  readonly from: string;
}

const paths = fc
  .uniqueArray(fc.string({ unit: 'binary', maxLength: 3 }))
  .map((list) => list.sort(compareUtf8));

/** A listing that counts how far it was asked ahead, and whether it was ended. */
class Listing {
  readonly #items: readonly Item[];
  asked = 0;
  ended = false;

  constructor(from: string, list: readonly string[]) {
    this.#items = list.map((path) => ({ path, from }));
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Item> {
    try {
      for (const item of this.#items) {
        this.asked++;
        await Promise.resolve();
        yield item;
      }
    } finally {
      this.ended = true;
    }
  }
}

describe('march', () => {
  it('yields every path once, in order, with what each listing has there', async () => {
    await fc.assert(
      fc.asyncProperty(paths, paths, paths, async (near, far, records) => {
        const listings = {
          near: new Listing('near', near),
          far: new Listing('far', far),
          record: new Listing('record', records),
        };
        const seen: string[] = [];
        for await (const pairing of march(listings)) {
          seen.push(pairing.path);
          for (const [name, list] of Object.entries({ near, far, record: records })) {
            const item = pairing[name as 'near'];
            const expected = list.includes(pairing.path)
              ? { path: pairing.path, from: name }
              : undefined;
            assert.deepEqual(item, expected);
          }
        }
        const union = [...new Set([...near, ...far, ...records])].sort(compareUtf8);
        assert.deepEqual(seen, union);
      }),
    );
  });

  it('holds one element of each listing, however far they are apart', async () => {
    const long = new Listing(
      'long',
      Array.from({ length: 1000 }, (_, index) => `a${String(index).padStart(4, '0')}`),
    );
    const late = new Listing('late', ['b']);
    let count = 0;
    for await (const pairing of march({ long, late })) {
      if (pairing.path !== 'b') assert.ok(long.asked <= ++count + 1);
    }
    assert.equal(count, 1000);
  });

  for (const list of [
    ['b', 'a'],
    ['a', 'a'],
    ['\u{1f600}', '\uffff'],
  ]) {
    it(`refuses the order ${JSON.stringify(list)}`, async () => {
      const good = new Listing('good', ['a', 'b', 'c']);
      const bad = new Listing('bad', list);
      await assert.rejects(async () => {
        for await (const { path } of march({ good, bad })) assert.notEqual(path, '');
      }, ListingOrderError);
      assert.ok(good.ended);
    });
  }

  it('ends every listing when one fails', async () => {
    const failing = {
      async *[Symbol.asyncIterator](): AsyncGenerator<Item> {
        yield { path: 'a', from: 'failing' };
        await Promise.reject(new Error('The folder is gone.'));
      },
    };
    const good = new Listing('good', ['a', 'b', 'c']);
    const seen: string[] = [];
    await assert.rejects(async () => {
      for await (const { path } of march({ good, failing })) seen.push(path);
    }, /The folder is gone/);
    assert.ok(good.ended);
    // Nothing behind the failure may look as if one listing did not have it.
    assert.deepEqual(seen, ['a']);
  });

  it('ends every listing when the consumer stops', async () => {
    const one = new Listing('one', ['a', 'b']);
    const two = new Listing('two', ['a', 'b']);
    for await (const pairing of march({ one, two })) {
      assert.equal(pairing.path, 'a');
      break;
    }
    assert.ok(one.ended && two.ended);
  });
});
