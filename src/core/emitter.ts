/** Something that is to be given back. The same shape as VS Code's. */
export interface Disposable {
  dispose(): void;
}

/** An event: call it with a listener to subscribe. The same shape as VS Code's. */
export type Event<T> = (listener: (value: T) => void) => Disposable;

/** Tells listeners that something happened, in the order in which they subscribed. */
export class Emitter<T> {
  readonly #listeners = new Set<(value: T) => void>();

  readonly event: Event<T> = (listener) => {
    // Wrapped, so that a function that listens twice is called twice.
    const own = (value: T): void => {
      listener(value);
    };
    this.#listeners.add(own);
    return {
      dispose: () => {
        this.#listeners.delete(own);
      },
    };
  };

  fire(value: T): void {
    for (const listener of [...this.#listeners]) listener(value);
  }

  dispose(): void {
    this.#listeners.clear();
  }
}
