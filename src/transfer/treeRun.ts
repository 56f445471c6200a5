import pMap from 'p-map';
import type { ObjectAddress } from '../core/address.ts';
import { isStoreError } from '../core/storeError.ts';

/** One file of a tree, and the object that it goes to or comes from. */
export interface TreeTask {
  readonly address: ObjectAddress;
  /** The local file. */
  readonly path: string;
  /** In bytes, as it was found. */
  readonly size: number;
}

/** A file that could not be brought across; the run went on. */
export interface TreeFailure {
  readonly address: ObjectAddress;
  readonly path: string;
  readonly error: Error;
}

/** What came of a tree. */
export interface TreeReport {
  readonly succeeded: number;
  readonly failures: readonly TreeFailure[];
  /** Files that were not begun or were cut off: the run was cancelled, or none can succeed. */
  readonly skipped: number;
  /** Of what succeeded. */
  readonly bytes: number;
}

/** How far a tree is. */
export interface TreeProgress {
  readonly bytes: number;
  readonly totalBytes: number;
  /** Files that are done, the failed ones included. */
  readonly objects: number;
  readonly totalObjects: number;
  /** The local path of one that is on its way. */
  readonly current?: string | undefined;
}

export interface TreeRunOptions<Task> {
  readonly signal?: AbortSignal | undefined;
  /** How many files at a time; what they move is bound by the limits. */
  readonly concurrency: number;
  readonly onProgress?: ((progress: TreeProgress) => void) | undefined;
  /** Told of each file that is across. The run waits for it. */
  readonly onDone?: ((task: Task) => Promise<void> | void) | undefined;
}

/** Without anything having succeeded for so long, in ms, a lost network is taken for lost. */
const longestSilence = 30_000;

/**
 * Does the same with all files of a tree, several at a time. The failure of one does not keep the
 * others from being done, unless it concerns all of them; all failures are collected.
 *
 * @param work gets a function to tell how many of its bytes are across
 */
export async function runTree<Task extends TreeTask>(
  tasks: readonly Task[],
  work: (task: Task, across: (bytes: number) => void) => Promise<void>,
  options: TreeRunOptions<Task>,
): Promise<TreeReport> {
  const { signal, concurrency, onProgress, onDone } = options;
  const totalBytes = tasks.reduce((sum, { size }) => sum + size, 0);
  const failures: TreeFailure[] = [];
  let [succeeded, skipped, bytes, across] = [0, 0, 0, 0];
  let isHopeless = false;
  let lastSuccess = performance.now();
  const tell = (current?: string): void => {
    const objects = succeeded + failures.length;
    onProgress?.({ bytes: across, totalBytes, objects, totalObjects: tasks.length, current });
  };
  const one = async (task: Task): Promise<void> => {
    if (signal?.aborted === true || isHopeless) {
      skipped += 1;
      return;
    }
    const { address, path, size } = task;
    let own = 0;
    const note = (now: number): void => {
      across += now - own;
      own = now;
      tell(path);
    };
    try {
      await work(task, note);
      await onDone?.(task);
      succeeded += 1;
      bytes += size;
      lastSuccess = performance.now();
      note(size);
    } catch (error) {
      if (isStoreError(error, 'aborted')) {
        skipped += 1;
        return;
      }
      isHopeless ||=
        isStoreError(error, 'credentials', 'tls', 'noSuchBucket') ||
        (isStoreError(error, 'network', 'nameResolution') &&
          performance.now() - lastSuccess > longestSilence);
      const failure = error instanceof Error ? error : new Error(String(error));
      failures.push({ address, path, error: failure });
      tell(path);
    }
  };
  tell();
  await pMap(tasks, one, { concurrency });
  return { succeeded, failures, skipped, bytes };
}
