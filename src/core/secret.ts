import { inspect } from 'node:util';

/**
 * A text that cannot be printed by accident: `String()`, templates, `JSON.stringify` and
 * `util.inspect` give `[redacted]`. Only {@link reveal} gives the text.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The text itself; for the one place that sends or stores it. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '[redacted]';
  }

  toJSON(): string {
    return '[redacted]';
  }

  [inspect.custom](): string {
    return '[redacted]';
  }
}
