interface Sample {
  readonly at: number;
  readonly bytes: number;
}

/** Over how long the rate is taken, and how far apart what it is taken from is, in ms. */
const span = 10_000;
const step = 200;
/** A rate over less than this says nothing. */
const shortest = 500;

/** How fast bytes travel lately. Times are in milliseconds of any one clock. */
export class TransferMeter {
  #samples: Sample[] = [];

  /** @param bytes that are across; what a resumed transfer had before is included */
  note(bytes: number, at: number): void {
    const last = this.#samples.at(-1);
    // Fewer than before: something is sent again.
    if (last !== undefined && bytes < last.bytes) this.#samples = [];
    else if (this.#samples.length > 1 && at - (this.#samples.at(-2)?.at ?? at) < step) {
      this.#samples.pop();
    }
    this.#samples.push({ at, bytes });
    while (at - (this.#samples[1]?.at ?? at) > span) this.#samples.shift();
  }

  /** Bytes per second; undefined if it is too early to tell. It falls while nothing arrives. */
  rate(now: number): number | undefined {
    const [first] = this.#samples;
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || now - first.at < shortest) return undefined;
    return (1000 * (last.bytes - first.bytes)) / (now - first.at);
  }

  /** How long the rest takes at this rate, in seconds; undefined if there is no telling. */
  secondsLeft(total: number, now: number): number | undefined {
    const rate = this.rate(now);
    const last = this.#samples.at(-1);
    if (rate === undefined || rate <= 0 || last === undefined) return undefined;
    return Math.max(0, total - last.bytes) / rate;
  }
}

/** A duration as clocks show it: `0:07`, `12:05`, `1:02:03`. */
export function durationText(seconds: number): string {
  const whole = Math.ceil(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const two = (value: number): string => String(value).padStart(2, '0');
  return hours === 0
    ? `${minutes}:${two(whole % 60)}`
    : `${hours}:${two(minutes)}:${two(whole % 60)}`;
}
