import { pause, throwIfAborted } from './pause.ts';

/** How much may be taken at once and is paid for afterwards, in milliseconds of the rate. */
const burst = 100;

/**
 * A bound on bytes per second that transfers share: a token bucket that may go into debt, so that
 * whoever comes later waits longer.
 */
export class Bandwidth {
  #bytesPerSecond: number | undefined;
  /** When all that was taken is paid for, on the clock of `performance.now()`. */
  #paidAt = 0;

  /** @param bytesPerSecond undefined for no bound */
  constructor(bytesPerSecond?: number) {
    this.limit = bytesPerSecond;
  }

  get limit(): number | undefined {
    return this.#bytesPerSecond;
  }

  /** Changes the bound for all that is taken from now on; debts are remitted. */
  set limit(bytesPerSecond: number | undefined) {
    const positive = bytesPerSecond !== undefined && bytesPerSecond > 0;
    this.#bytesPerSecond = positive ? bytesPerSecond : undefined;
    this.#paidAt = 0;
  }

  /** Waits until so many bytes may travel. @throws StoreError `aborted` */
  async take(bytes: number, signal?: AbortSignal): Promise<void> {
    throwIfAborted(signal);
    if (this.#bytesPerSecond === undefined) return;
    const now = performance.now();
    const from = Math.max(this.#paidAt, now - burst);
    this.#paidAt = from + (bytes / this.#bytesPerSecond) * 1000;
    if (this.#paidAt > now) await pause(this.#paidAt - now, signal);
  }
}
