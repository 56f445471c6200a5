import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { codeOf } from './transferError.ts';

/** Milliseconds; tests take shorter ones. */
export interface LockTimes {
  /** How often an owner shows that it is alive. */
  readonly beat: number;
  /** After how long without that it is looked at closely. */
  readonly quiet: number;
}

const usualTimes: LockTimes = { beat: 5000, quiet: 30_000 };

/** What stands in a lock file. */
export interface LockOwner {
  readonly pid: number;
  readonly host: string;
  readonly token: string;
  /** The window, as people know it. */
  readonly window?: string | undefined;
}

/**
 * A lock file: one holder at a time over all processes, also of several windows. It is made
 * exclusively; its holder touches it now and then. Whoever finds one takes it over if its process
 * is gone, or (of another computer, or a number that was given again) if nobody touches it while
 * it is watched: no clock is trusted.
 */
export class FileLock {
  readonly #file: string;
  readonly #owner: LockOwner;
  readonly #beat: NodeJS.Timeout;
  readonly #lost = new AbortController();

  private constructor(file: string, owner: LockOwner, { beat }: LockTimes) {
    this.#file = file;
    this.#owner = owner;
    this.#beat = setInterval(() => void this.#touch(), beat);
    this.#beat.unref();
  }

  /**
   * @param options.window what others are told that has it
   * @returns the lock, or who has it (undefined where that cannot be read)
   */
  static async acquire(
    file: string,
    options: { readonly times?: LockTimes | undefined; readonly window?: string | undefined } = {},
  ): Promise<FileLock | { readonly holder: LockOwner | undefined }> {
    const { times = usualTimes, window } = options;
    await mkdir(dirname(file), { recursive: true });
    const owner: LockOwner = { pid: process.pid, host: hostname(), token: randomUUID(), window };
    let holder: LockOwner | undefined;
    for (let attempt = 0; attempt < 3; attempt += 1) {
      if (await create(file, owner)) return new FileLock(file, owner, times);
      const found = await readOwner(file);
      if (found === undefined) continue;
      holder = found === 'unreadable' ? undefined : found;
      if (holder !== undefined && isOurs(holder)) break;
      if (!(await isAbandoned(file, found, times))) break;
      await removeAbandoned(file, found);
    }
    return { holder };
  }

  /** Whether somebody has it, this process included. */
  static async isHeld(file: string, times: LockTimes = usualTimes): Promise<boolean> {
    const found = await readOwner(file);
    if (found === undefined) return false;
    return (found !== 'unreadable' && isOurs(found)) || !(await isAbandoned(file, found, times));
  }

  /** Aborted if somebody else took the lock over: this computer slept for long, say. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  async release(): Promise<void> {
    clearInterval(this.#beat);
    if (await this.#isOwn()) await rm(this.#file, { force: true });
  }

  async #touch(): Promise<void> {
    if (await this.#isOwn()) {
      const now = new Date();
      await utimes(this.#file, now, now).catch(() => undefined);
    } else {
      this.#lost.abort();
      clearInterval(this.#beat);
    }
  }

  async #isOwn(): Promise<boolean> {
    const owner = await readOwner(this.#file).catch(() => this.#owner);
    return typeof owner === 'object' && owner.token === this.#owner.token;
  }
}

/** Makes the file with its content at once: nobody sees one without an owner. */
async function create(file: string, owner: LockOwner): Promise<boolean> {
  const draft = `${file}.${owner.token}`;
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(JSON.stringify(owner));
  } finally {
    await handle.close();
  }
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    return await createWithoutLinks(file, owner);
  } finally {
    await rm(draft, { force: true });
  }
}

/** For file systems without hard links. */
async function createWithoutLinks(file: string, owner: LockOwner): Promise<boolean> {
  try {
    const handle = await open(file, 'wx', 0o600);
    await handle.writeFile(JSON.stringify(owner)).finally(() => handle.close());
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

async function readOwner(file: string): Promise<LockOwner | 'unreadable' | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const value = JSON.parse(text) as Partial<LockOwner> | null;
    const { pid, host, token, window } = value ?? {};
    const isOwner =
      typeof pid === 'number' && typeof host === 'string' && typeof token === 'string';
    if (!isOwner) return 'unreadable';
    return { pid, host, token, window: typeof window === 'string' ? window : undefined };
  } catch {
    return 'unreadable';
  }
}

/** Whether this very process has it. */
export function isOurs(owner: LockOwner): boolean {
  return isHere(owner) && owner.pid === process.pid;
}

/** Whether a process of this computer has it. */
export function isHere({ host }: LockOwner): boolean {
  return host === hostname();
}

async function isAbandoned(
  file: string,
  owner: LockOwner | 'unreadable',
  { beat, quiet }: LockTimes,
): Promise<boolean> {
  if (owner !== 'unreadable' && isHere(owner) && !isRunning(owner.pid)) return true;
  const before = await stat(file).catch(() => undefined);
  if (before === undefined) return true;
  if (Date.now() - before.mtimeMs < quiet) return false;
  await wait(beat * 2.5);
  const now = await stat(file).catch(() => undefined);
  return now === undefined || now.mtimeMs === before.mtimeMs;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is there too.
    return codeOf(error) === 'EPERM';
  }
}

/** Of several that do this at once one gets the file; what is not what was found is put back. */
async function removeAbandoned(file: string, found: LockOwner | 'unreadable'): Promise<void> {
  const away = `${file}.${randomUUID()}`;
  try {
    await rename(file, away);
  } catch {
    return;
  }
  const moved = await readOwner(away);
  const same =
    moved === found ||
    (typeof moved === 'object' && typeof found === 'object' && moved.token === found.token);
  if (!same) await link(away, file).catch(() => undefined);
  await rm(away, { force: true });
}
