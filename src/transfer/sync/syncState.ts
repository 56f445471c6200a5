import { appendFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { compareUtf8 } from '../../core/utf8Order.ts';
import { readLines } from './readLines.ts';
import { checkStateFile, readStateFile, writeStateFile, type StateProblem } from './stateFile.ts';
import {
  formatEntry,
  formatHeader,
  parseEntry,
  parseHeader,
  stateVersion,
  type JournalEntry,
} from './syncStateFormat.ts';
import type { SyncRecord } from './syncRecord.ts';

/** After how many entries a journal is merged into the file. */
const longestJournal = 50_000;

/**
 * What was there at the last sync of a pair, in a file of its own. What a run has done is appended
 * to a journal beside it at once, so that a crash loses nothing; the journal is merged into a new
 * file, which replaces the old one atomically. What is damaged, or of another pair, is treated as
 * absent: a plan then compares instead of trusting it.
 *
 * One run at a time: two would mix their journals.
 */
export class SyncState {
  readonly #file: string;
  readonly #pair: string;
  readonly #longestJournal: number;
  /** Why a state that is there is not used; to be told to the person. */
  readonly problem: StateProblem | undefined;
  #hasFile: boolean;
  /** What is not in the file: loaded from the journal, and written since. */
  readonly #entries: Map<string, JournalEntry>;
  #hasJournal = false;
  /** What is to be appended next, all at once. */
  #batch: { readonly entries: JournalEntry[]; readonly done: Promise<void> } | undefined;
  #last: Promise<void> = Promise.resolve();

  private constructor(
    file: string,
    pair: string,
    found: StateProblem | 'missing' | 'good',
    entries: Map<string, JournalEntry>,
    longestJournal: number,
  ) {
    this.#file = file;
    this.#pair = pair;
    this.problem = found === 'missing' || found === 'good' ? undefined : found;
    this.#hasFile = found === 'good';
    this.#entries = entries;
    this.#longestJournal = longestJournal;
  }

  /**
   * Opens the state of a pair, and checks that the file is whole.
   *
   * @param file an absolute local path; it need not exist
   * @param pair names both sides, so that the state of others is not taken for theirs
   * @throws the file system's error if the file is there and cannot be read
   */
  static async open(
    file: string,
    pair: string,
    options: { readonly longestJournal?: number | undefined } = {},
  ): Promise<SyncState> {
    const found = await checkStateFile(file, pair);
    const isUsed = found === 'good' || found === 'missing';
    const entries = isUsed ? await readJournal(journalOf(file), pair) : new Map<string, never>();
    return new SyncState(file, pair, found, entries, options.longestJournal ?? longestJournal);
  }

  /** The records in the order of UTF-8. Not while something is written. */
  async *records(): AsyncGenerator<SyncRecord, void> {
    await this.#last;
    yield* this.#merged();
  }

  /** Remembers what was synced. @throws the file system's error; the record is not kept then */
  write(record: SyncRecord): Promise<void> {
    return this.#append({ type: 'write', record });
  }

  /** Forgets what is on neither side any more. */
  remove(path: string): Promise<void> {
    return this.#append({ type: 'remove', path });
  }

  /** Merges the journal into the file. What was written is safe without it, too. */
  close(): Promise<void> {
    return this.#queue(async () => {
      if (this.#entries.size > 0) await this.#merge();
    });
  }

  #append(entry: JournalEntry): Promise<void> {
    if (this.#batch === undefined) {
      const entries: JournalEntry[] = [];
      const done = this.#queue(async () => {
        this.#batch = undefined;
        await this.#appendAll(entries);
      });
      this.#batch = { entries, done };
    }
    this.#batch.entries.push(entry);
    return this.#batch.done;
  }

  async #appendAll(entries: readonly JournalEntry[]): Promise<void> {
    const isFound = !this.#hasJournal && this.#entries.size > 0;
    // A crash may have torn the last line of a journal that was found: nothing is appended to it.
    if (isFound || this.#entries.size >= this.#longestJournal) await this.#merge();
    if (!this.#hasJournal) await this.#startJournal();
    await appendFile(journalOf(this.#file), entries.map(formatEntry).join(''));
    for (const entry of entries) {
      this.#entries.set(entry.type === 'write' ? entry.record.path : entry.path, entry);
    }
  }

  /** One after the other. A failure is its caller's; the next goes on. */
  #queue(task: () => Promise<void>): Promise<void> {
    const result = this.#last.then(task);
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #startJournal(): Promise<void> {
    await mkdir(dirname(this.#file), { recursive: true });
    await this.#setAside();
    await writeFile(journalOf(this.#file), formatHeader(this.#pair), { mode: 0o600 });
    this.#hasJournal = true;
  }

  /** Keeps a file that is not used, for whoever wants to know what happened to it. */
  async #setAside(): Promise<void> {
    if (this.problem === undefined || this.#hasFile) return;
    await rename(this.#file, `${this.#file}.unused`).catch(() => undefined);
  }

  async #merge(): Promise<void> {
    await writeStateFile(this.#file, this.#pair, this.#merged());
    this.#hasFile = true;
    this.#hasJournal = false;
    this.#entries.clear();
    // If this fails, the journal is merged once more, to the same effect.
    await rm(journalOf(this.#file), { force: true });
  }

  async *#merged(): AsyncGenerator<SyncRecord, void> {
    const paths = [...this.#entries.keys()].sort(compareUtf8);
    let next = 0;
    for await (const record of this.#hasFile ? readStateFile(this.#file) : []) {
      for (; next < paths.length; next++) {
        const path = paths[next] ?? '';
        if (compareUtf8(path, record.path) > 0) break;
        yield* this.#written(path);
      }
      if (!this.#entries.has(record.path)) yield record;
    }
    for (const path of paths.slice(next)) yield* this.#written(path);
  }

  *#written(path: string): Generator<SyncRecord> {
    const entry = this.#entries.get(path);
    if (entry?.type === 'write') yield entry.record;
  }
}

function journalOf(file: string): string {
  return `${file}.journal`;
}

/** The entries of a journal, as far as they can be read: each stands for itself. */
async function readJournal(file: string, pair: string): Promise<Map<string, JournalEntry>> {
  const entries = new Map<string, JournalEntry>();
  let isHeader = true;
  try {
    for await (const line of readLines(file)) {
      if (isHeader) {
        const header = parseHeader(line);
        if (header?.pair !== pair || header.version !== stateVersion) return entries;
        isHeader = false;
        continue;
      }
      const entry = parseEntry(line);
      if (entry === undefined) continue;
      entries.set(entry.type === 'write' ? entry.record.path : entry.path, entry);
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  return entries;
}
