import { Turns } from '../../keys/turns.ts';

/** Lets pieces of work with one name take turns, and those with different names run at once. */
export class TurnsByName {
  readonly #waiting = new Map<string, { readonly turns: Turns; count: number }>();

  async take<T>(name: string, work: () => Promise<T>): Promise<T> {
    const queue = this.#waiting.get(name) ?? { turns: new Turns(), count: 0 };
    this.#waiting.set(name, queue);
    queue.count += 1;
    try {
      return await queue.turns.take(work);
    } finally {
      queue.count -= 1;
      if (queue.count === 0) this.#waiting.delete(name);
    }
  }
}
