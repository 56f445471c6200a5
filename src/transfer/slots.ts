import { aborted, throwIfAborted } from './pause.ts';

interface Waiting {
  readonly enter: () => void;
}

/** A bound on how much runs at the same time, shared by all transfers; first come, first served. */
export class Slots {
  #count: number;
  #taken = 0;
  readonly #waiting = new Set<Waiting>();

  constructor(count: number) {
    this.#count = Math.max(1, count);
  }

  get count(): number {
    return this.#count;
  }

  /** What runs already goes on. */
  set count(count: number) {
    this.#count = Math.max(1, count);
    this.#admit();
  }

  /** Runs the work as soon as there is a slot. @throws StoreError `aborted` while it waits */
  async run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const release = await this.acquire(signal);
    try {
      return await work();
    } finally {
      release();
    }
  }

  /** Waits for a slot. @returns what gives it back; only its first call counts */
  async acquire(signal?: AbortSignal): Promise<() => void> {
    await this.#enter(signal);
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#taken -= 1;
      this.#admit();
    };
  }

  #enter(signal: AbortSignal | undefined): Promise<void> {
    throwIfAborted(signal);
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.delete(waiting);
        reject(aborted());
      };
      const waiting = {
        enter: () => {
          signal?.removeEventListener('abort', leave);
          resolve();
        },
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.#waiting.add(waiting);
      this.#admit();
    });
  }

  #admit(): void {
    for (const waiting of this.#waiting) {
      if (this.#taken >= this.#count) return;
      this.#waiting.delete(waiting);
      this.#taken += 1;
      waiting.enter();
    }
  }
}
