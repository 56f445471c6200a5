import { randomUUID } from 'node:crypto';
import {
  appendFile,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { FileLock, type LockTimes } from './fileLock.ts';
import { readLines } from './sync/readLines.ts';
import { codeOf } from './transferError.ts';
import { addressSchema } from './uploadJournal.ts';

const prefixAddress = v.object({
  connection: v.string(),
  bucket: v.string(),
  prefix: v.string(),
});

const failure = v.object({
  ...{ connection: v.string(), bucket: v.string(), key: v.string() },
  ...{ path: v.optional(v.string()), message: v.string() },
});

const schema = v.object({
  version: v.literal(1),
  label: v.string(),
  what: v.variant('type', [
    v.object({ type: v.literal('put'), target: prefixAddress, given: v.optional(v.unknown()) }),
    v.object({ type: v.literal('get'), folder: v.string() }),
  ]),
  /** What cannot be brought across, whatever is tried. */
  problems: v.array(v.object({ address: addressSchema, path: v.string(), message: v.string() })),
  /** How the last run ended; undefined while one runs, and if nobody lived to tell. */
  ended: v.optional(
    v.object({
      state: v.picklist(['failed', 'cancelled']),
      message: v.optional(v.string()),
      outcome: v.optional(
        v.object({ succeeded: v.number(), failures: v.array(failure), skipped: v.number() }),
      ),
    }),
  ),
});

/** A job as it is noted. It holds no secret. */
export type JobRecord = v.InferOutput<typeof schema>;
export type JobEnd = NonNullable<JobRecord['ended']>;

/** How long what is done may be unnoted, in ms; what is done twice because of it does no harm. */
const notedAfter = 300;

/** A folder with the jobs that are not done, so that they outlive the window. */
export class JobFolder {
  readonly #folder: string;
  readonly #times: LockTimes | undefined;

  constructor(folder: string, times?: LockTimes) {
    this.#folder = folder;
    this.#times = times;
  }

  /** Notes a job with all that it has to do. */
  async add(record: JobRecord, tasks: readonly object[]): Promise<NotedJob> {
    await mkdir(this.#folder, { recursive: true });
    const job = new NotedJob(this.#folder, randomUUID(), record, this.#times);
    await job.writeTasks(tasks);
    await job.end(undefined);
    return job;
  }

  /** The jobs that no window runs now, and how many are being run. */
  async look(): Promise<{ readonly atRest: readonly NotedJob[]; readonly running: number }> {
    const names = await readdir(this.#folder).catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') return [];
      throw error;
    });
    const atRest: NotedJob[] = [];
    let running = 0;
    for (const name of names.filter((each) => each.endsWith('.json'))) {
      const job = await this.get(name.slice(0, -'.json'.length));
      if (job === undefined) continue;
      if (await job.isLocked()) running += 1;
      else atRest.push(job);
    }
    return { atRest, running };
  }

  /** The job of that id; undefined if there is none, or it cannot be read. */
  async get(id: string): Promise<NotedJob | undefined> {
    try {
      const text = await readFile(join(this.#folder, `${id}.json`), 'utf8');
      const parsed = v.safeParse(schema, JSON.parse(text));
      if (!parsed.success) return undefined;
      return new NotedJob(this.#folder, id, parsed.output, this.#times);
    } catch {
      return undefined;
    }
  }
}

/** One job in a {@link JobFolder}. */
export class NotedJob {
  readonly id: string;
  readonly #start: string;
  readonly #times: LockTimes | undefined;
  #record: JobRecord;
  #lock: FileLock | undefined;
  #unnoted: number[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #noting: Promise<void> = Promise.resolve();

  constructor(folder: string, id: string, record: JobRecord, times?: LockTimes) {
    this.id = id;
    this.#times = times;
    this.#start = join(folder, id);
    this.#record = record;
  }

  get record(): JobRecord {
    return this.#record;
  }

  /** Makes this process the only one that runs it. @returns false if another one does */
  async lock(): Promise<boolean> {
    if (this.#lock !== undefined) return true;
    const lock = await FileLock.acquire(`${this.#start}.lock`, { times: this.#times });
    if (lock instanceof FileLock) this.#lock = lock;
    return this.#lock !== undefined;
  }

  /** Aborted if another process took it over while this one had it: this computer slept for long. */
  get lost(): AbortSignal | undefined {
    return this.#lock?.lost;
  }

  async unlock(): Promise<void> {
    await this.#flush();
    await this.#lock?.release();
    this.#lock = undefined;
  }

  isLocked(): Promise<boolean> {
    return FileLock.isHeld(`${this.#start}.lock`, this.#times);
  }

  /** Whether it is noted still: another window may have done it. */
  async exists(): Promise<boolean> {
    const found = await readFile(`${this.#start}.json`).catch(() => undefined);
    return found !== undefined;
  }

  async writeTasks(tasks: readonly object[]): Promise<void> {
    const file = await open(`${this.#start}.tasks`, 'w', 0o600);
    try {
      for (let at = 0; at < tasks.length; at += 1000) {
        const lines = tasks.slice(at, at + 1000).map((task) => `${JSON.stringify(task)}\n`);
        await file.appendFile(lines.join(''));
      }
    } finally {
      await file.close();
    }
  }

  /**
   * What is not done, by its number. @param parse gives undefined for what is none
   */
  async remaining<Task>(
    parse: (value: unknown) => Task | undefined,
  ): Promise<ReadonlyMap<Task, number>> {
    const done = new Set<number>();
    try {
      for await (const line of readLines(`${this.#start}.done`)) done.add(Number(line));
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
    }
    const remaining = new Map<Task, number>();
    let number = 0;
    for await (const line of readLines(`${this.#start}.tasks`)) {
      const task = done.has(number) ? undefined : parse(JSON.parse(line));
      if (task !== undefined) remaining.set(task, number);
      number += 1;
    }
    return remaining;
  }

  /** Notes soon that a task is done. */
  markDone(number: number): void {
    this.#unnoted.push(number);
    this.#timer ??= setTimeout(() => void this.#flush(), notedAfter);
  }

  /** Notes how a run ended; undefined when one begins. */
  async end(ended: JobEnd | undefined): Promise<void> {
    await this.#flush();
    // Then it is the other one's to note.
    if (this.lost?.aborted === true) return;
    this.#record = { ...this.#record, ended };
    const unfinished = `${this.#start}.${randomUUID()}`;
    await writeFile(unfinished, JSON.stringify(this.#record), { mode: 0o600 });
    await rename(unfinished, `${this.#start}.json`);
  }

  /** Forgets it. */
  async remove(): Promise<void> {
    await this.#flush();
    if (this.lost?.aborted === true) return;
    for (const ending of ['json', 'tasks', 'done']) {
      await rm(`${this.#start}.${ending}`, { force: true });
    }
  }

  async #flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#noting = this.#noting.then(async () => {
      const lines = this.#unnoted.splice(0).map((number) => `${number}\n`);
      // Not noted is done again, and found to be there.
      if (lines.length > 0) {
        await appendFile(`${this.#start}.done`, lines.join('')).catch(() => undefined);
      }
    });
    await this.#noting;
  }
}
