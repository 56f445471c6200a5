import { isStoreError, type StoreErrorKind } from '../../core/storeError.ts';

/** Failures that are the connection's: they would be the same for each of its objects. */
const ofConnection: readonly StoreErrorKind[] = [
  'credentials',
  'nameResolution',
  'tls',
  'network',
  'invalid',
  'insecureEndpoint',
];

/** For how long a failure is not shown again, in ms. */
const quiet = { ofObject: 3_000, ofConnection: 30_000 };

/**
 * Shows why something could not be read. VS Code itself hides the message, and asks twice for what
 * a person opened once, so that each failure is shown once.
 */
export class FailureReports {
  readonly #shown = new Map<string, number>();
  readonly #show: (error: unknown) => void;

  constructor(show: (error: unknown) => void) {
    this.#show = show;
  }

  /** @param name what was to be read */
  ofRead(error: unknown, name: string): void {
    // VS Code says itself that something is not there.
    if (isStoreError(error, 'notFound')) return;
    if (isStoreError(error, ...ofConnection)) this.ofStat(error);
    else this.#once(`${name} ${kindOf(error)}`, quiet.ofObject, error);
  }

  /** A stat is often a probe: only what keeps the person from reading anything is shown. */
  ofStat(error: unknown): void {
    if (!isStoreError(error, ...ofConnection)) return;
    const { connection = '', host = '' } = error.details;
    this.#once(`${connection} ${host} ${error.kind}`, quiet.ofConnection, error);
  }

  #once(what: string, milliseconds: number, error: unknown): void {
    const now = Date.now();
    for (const [name, until] of this.#shown) if (until < now) this.#shown.delete(name);
    if (this.#shown.has(what)) return;
    this.#shown.set(what, now + milliseconds);
    this.#show(error);
  }
}

function kindOf(error: unknown): string {
  if (isStoreError(error)) return error.kind;
  return error instanceof Error ? error.message : String(error);
}
