import { aborted, throwIfAborted } from './pause.ts';

/** How much may be taken at once and is paid for afterwards, in milliseconds of the rate. */
const burst = 100;

/** A longer one would fire at once, in milliseconds. */
const longestTimer = 2 ** 31 - 1;

/**
 * A bound on bytes per second that transfers share: a token bucket that may go into debt, so that
 * whoever comes later waits longer.
 */
export class Bandwidth {
  #bytesPerSecond: number | undefined;
  /** When all that was taken is paid for, on the clock of `performance.now()`. */
  #paidAt = 0;
  readonly #waiting = new Set<() => void>();

  /** @param bytesPerSecond undefined for no bound */
  constructor(bytesPerSecond?: number) {
    this.limit = bytesPerSecond;
  }

  get limit(): number | undefined {
    return this.#bytesPerSecond;
  }

  /** Changes the bound, for what waits already too; debts are remitted. */
  set limit(bytesPerSecond: number | undefined) {
    const positive = bytesPerSecond !== undefined && bytesPerSecond > 0;
    this.#bytesPerSecond = positive ? bytesPerSecond : undefined;
    this.#paidAt = 0;
    for (const wake of [...this.#waiting]) wake();
  }

  /** Waits until so many bytes may travel. @throws StoreError `aborted` */
  async take(bytes: number, signal?: AbortSignal): Promise<void> {
    for (;;) {
      throwIfAborted(signal);
      if (this.#bytesPerSecond === undefined) return;
      const now = performance.now();
      const from = Math.max(this.#paidAt, now - burst);
      this.#paidAt = from + (bytes / this.#bytesPerSecond) * 1000;
      // Where the bound changed meanwhile, it is waited for anew.
      if (this.#paidAt <= now || (await this.#wait(this.#paidAt - now, signal))) return;
    }
  }

  /** @returns false if the bound changed before the time was over */
  #wait(milliseconds: number, signal: AbortSignal | undefined): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        signal?.removeEventListener('abort', stop);
        settle();
      };
      const wake = (): void => {
        end(() => {
          resolve(false);
        });
      };
      const stop = (): void => {
        end(() => {
          reject(aborted());
        });
      };
      const timer = setTimeout(
        () => {
          end(() => {
            resolve(true);
          });
        },
        Math.min(milliseconds, longestTimer),
      );
      this.#waiting.add(wake);
      signal?.addEventListener('abort', stop, { once: true });
    });
  }
}
