import * as v from 'valibot';
import * as vscode from 'vscode';
import type { StateStore } from '../../keys/stores.ts';
import type { SyncOutcome } from './syncOutcome.ts';

const lastSchema = v.object({
  /** In milliseconds since 1970. */
  at: v.number(),
  state: v.picklist(['done', 'waiting', 'failed']),
  /** For people, in a few words. */
  summary: v.string(),
});

/** How the last sync of a pair ended: all done, something waits for a person, or it failed. */
export type LastSync = v.InferOutput<typeof lastSchema>;

const stateName = 'lastSyncs';

/** What is remembered of the syncs of this workspace: of each pair the last one. */
export class SyncHistory {
  readonly #state: StateStore;
  readonly #emitter = new vscode.EventEmitter<string>();
  readonly #last: Map<string, LastSync>;
  readonly #outcomes = new Map<string, SyncOutcome>();

  /** Tells the name of a pair. */
  readonly onDidChange = this.#emitter.event;

  constructor(state: StateStore) {
    this.#state = state;
    const read = v.safeParse(v.record(v.string(), lastSchema), state.get(stateName));
    this.#last = new Map(read.success ? Object.entries(read.output) : []);
  }

  last(name: string): LastSync | undefined {
    return this.#last.get(name);
  }

  /** Which of these pairs was synced last. */
  latest(names: readonly string[]): string | undefined {
    const at = (name: string): number => this.#last.get(name)?.at ?? 0;
    return names.filter((name) => at(name) > 0).sort((one, other) => at(other) - at(one))[0];
  }

  /** The whole outcome, as long as this window is open. */
  outcome(name: string): SyncOutcome | undefined {
    return this.#outcomes.get(name);
  }

  /** The pairs that have an outcome, the last one first. */
  outcomes(): readonly SyncOutcome[] {
    return [...this.#outcomes.values()].reverse();
  }

  keepOutcome(outcome: SyncOutcome): void {
    this.#outcomes.delete(outcome.name);
    this.#outcomes.set(outcome.name, outcome);
  }

  record(name: string, state: LastSync['state'], summary: string): void {
    this.#last.set(name, { at: Date.now(), state, summary });
    this.#emitter.fire(name);
    void this.#state.set(stateName, Object.fromEntries(this.#last));
  }

  dispose(): void {
    this.#emitter.dispose();
  }
}

/** In a line: when it was, and how it ended. */
export function lastSyncText({ at, summary }: LastSync): string {
  const time = new Date(at);
  const isToday = time.toDateString() === new Date().toDateString();
  return `${isToday ? time.toLocaleTimeString() : time.toLocaleString()} · ${summary}`;
}
