import type { JobRecord, NotedJob } from '../../transfer/jobFolder.ts';
import type { TreeFailure, TreeTask } from '../../transfer/treeRun.ts';
import type { FileTransferDeps } from './fileTransferDeps.ts';
import type { JobKeeper } from './transferJob.ts';

/** What a job has to do still; noted, so that it outlives the window. */
export class PendingTasks<Task extends TreeTask> {
  readonly #noted: NotedJob | undefined;
  readonly #parse: (value: unknown) => Task | undefined;
  #remaining: ReadonlyMap<Task, number> | undefined;
  readonly #done = new Set<Task>();

  constructor(
    noted: NotedJob | undefined,
    parse: (value: unknown) => Task | undefined,
    tasks?: readonly Task[],
  ) {
    this.#noted = noted;
    this.#parse = parse;
    this.#remaining = tasks && new Map(tasks.map((task, index) => [task, index]));
  }

  async list(): Promise<readonly Task[]> {
    this.#remaining ??= (await this.#noted?.remaining(this.#parse)) ?? new Map<Task, number>();
    return this.known();
  }

  /** The same without looking into the notes: empty if they were not read yet. */
  known(): readonly Task[] {
    return [...(this.#remaining?.keys() ?? [])].filter((task) => !this.#done.has(task));
  }

  done(task: Task): void {
    this.#done.add(task);
    const number = this.#remaining?.get(task);
    if (number !== undefined) this.#noted?.markDone(number);
  }

  /** Ends a run also if another window took it over. */
  signal(own: AbortSignal): AbortSignal {
    const lost = this.#noted?.lost;
    return lost === undefined ? own : AbortSignal.any([own, lost]);
  }

  /** @param discard removes what is left of a task here and on the server */
  keeper(discard: (task: Task) => Promise<void>): JobKeeper | undefined {
    const noted = this.#noted;
    if (noted === undefined) return undefined;
    return {
      id: noted.id,
      begin: async () => {
        if (!(await noted.lock())) return false;
        if (await noted.exists()) {
          await noted.end(undefined);
          return true;
        }
        await noted.unlock();
        return false;
      },
      end: async (ended) => {
        await (ended === undefined ? noted.remove() : noted.end(ended));
        await noted.unlock();
      },
      suspend: () => noted.unlock(),
      discard: async () => {
        if (!(await noted.lock())) return;
        try {
          for (const task of await this.list()) await discard(task);
          await noted.remove();
        } finally {
          await noted.unlock();
        }
      },
    };
  }
}

/**
 * Notes a job before it is begun. Where that is not possible it runs all the same; then it does not
 * outlive the window.
 */
export async function noteJob(
  { jobs, log }: Pick<FileTransferDeps, 'jobs' | 'log'>,
  record: Pick<JobRecord, 'label' | 'what'>,
  problems: readonly TreeFailure[],
  tasks: readonly object[],
): Promise<NotedJob | undefined> {
  try {
    const noted = problems.map(({ address, path, error }) => ({
      ...{ address, path, message: error.message },
    }));
    return await jobs.add({ version: 1, ...record, problems: noted }, tasks);
  } catch (error) {
    log.error(error);
    return undefined;
  }
}

/** The problems of a job as they were noted. */
export function notedProblems({ problems }: JobRecord): readonly TreeFailure[] {
  return problems.map(({ address, path, message }) => ({
    ...{ address, path, error: new Error(message) },
  }));
}
