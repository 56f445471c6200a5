/** Why a pair is synced without anybody asking for it. */
export type Occasion = 'interval' | 'save';

/** What the schedule has to know of a pair. */
export interface ScheduledPair {
  readonly name: string;
  /** In minutes; undefined for none. */
  readonly interval?: number | undefined;
  readonly pushOnSave: boolean;
}

const minute = 60_000;
/** How long saves have to be over before they are pushed, in milliseconds. */
const saveDelay = 1500;

/**
 * When pairs are synced by themselves: every so many minutes, and after saves. One run at a time;
 * what comes up meanwhile has its turn after it, and an interval begins anew when its run is over.
 */
export class PairSchedule {
  readonly #run: (name: string, occasion: Occasion) => Promise<void>;
  readonly #pairs = new Map<string, ScheduledPair>();
  readonly #intervals = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #saves = new Map<string, ReturnType<typeof setTimeout>>();
  #last: Promise<void> = Promise.resolve();
  #isDisposed = false;

  /** @param run must not throw */
  constructor(run: (name: string, occasion: Occasion) => Promise<void>) {
    this.#run = run;
  }

  /** The pairs that there are now; the intervals of those that are as before go on. */
  update(pairs: readonly ScheduledPair[]): void {
    const names = new Set(pairs.map(({ name }) => name));
    for (const name of this.#pairs.keys()) if (!names.has(name)) this.#drop(name);
    for (const pair of pairs) {
      const before = this.#pairs.get(pair.name);
      this.#pairs.set(pair.name, pair);
      if (before?.interval === pair.interval) continue;
      clearTimeout(this.#intervals.get(pair.name));
      this.#intervals.delete(pair.name);
      this.#startInterval(pair.name);
    }
  }

  /**
   * Something in a pair's folder was saved; it is pushed when nothing more is saved for a while.
   *
   * @param delay how long, in milliseconds
   */
  saved(name: string, delay = saveDelay): void {
    if (this.#pairs.get(name)?.pushOnSave !== true) return;
    clearTimeout(this.#saves.get(name));
    this.#saves.set(
      name,
      setTimeout(() => {
        this.#saves.delete(name);
        void this.#enqueue(name, 'save');
      }, delay),
    );
  }

  dispose(): void {
    this.#isDisposed = true;
    for (const name of [...this.#pairs.keys()]) this.#drop(name);
  }

  #startInterval(name: string): void {
    const interval = this.#pairs.get(name)?.interval;
    if (interval === undefined || this.#isDisposed) return;
    const timer = setTimeout(() => {
      void this.#enqueue(name, 'interval').then(() => {
        // Unless the pair was changed meanwhile and has a timer of its own.
        if (this.#intervals.get(name) === timer) this.#startInterval(name);
      });
    }, interval * minute);
    this.#intervals.set(name, timer);
  }

  #enqueue(name: string, occasion: Occasion): Promise<void> {
    this.#last = this.#last.then(async () => {
      if (this.#pairs.has(name)) await this.#run(name, occasion);
    });
    return this.#last;
  }

  #drop(name: string): void {
    this.#pairs.delete(name);
    for (const timers of [this.#intervals, this.#saves]) {
      clearTimeout(timers.get(name));
      timers.delete(name);
    }
  }
}
