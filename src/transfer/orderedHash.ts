import { createHash } from 'node:crypto';

/** Hashes the pieces of a whole in their order, whichever is there first. */
export class OrderedHash {
  #hash = createHash('md5');
  #last = Promise.resolve();

  /**
   * Takes a place in the row; call it in the order of the pieces.
   *
   * @returns what waits for the pieces before and adds this one (again, if it failed), and what
   *   gives the place up in any case: call it at the end, or those behind wait for ever
   */
  place(): {
    readonly add: (piece: () => AsyncIterable<Uint8Array>) => Promise<void>;
    readonly leave: () => void;
  } {
    const before = this.#last;
    let leave = (): void => undefined;
    this.#last = new Promise((resolve) => {
      leave = resolve;
    });
    return {
      leave,
      add: async (piece) => {
        await before;
        const trial = this.#hash.copy();
        for await (const bytes of piece()) trial.update(bytes);
        this.#hash = trial;
        leave();
      },
    };
  }

  /** The MD5 of all pieces in base64. */
  digest(): string {
    return this.#hash.digest('base64');
  }
}
