import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { codeOf } from './transferError.ts';

/** In milliseconds: how often a holder says that it is alive, and when it is taken for dead. */
const beat = 5000;
const dead = 20_000;

/** A lock that is held. */
export interface HeldLock {
  release(): Promise<void>;
}

/**
 * Takes a lock that is a file, so that of all processes that know its path one does something. The
 * lock of a process that ended, or that has not shown for long that it is alive, is taken over.
 *
 * @returns undefined if another process (or this one) has it
 */
export async function takeLock(path: string): Promise<HeldLock | undefined> {
  const token = `${hostname()}\n${process.pid}\n${randomUUID()}`;
  await mkdir(dirname(path), { recursive: true });
  if (!(await create(path, token))) {
    const holder = await readFile(path, 'utf8').catch(() => undefined);
    if (holder !== undefined && (await isAlive(path, holder))) return undefined;
    if (holder !== undefined && !(await removeStale(path, holder))) return undefined;
    if (!(await create(path, token))) return undefined;
  }
  const timer = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined);
  }, beat);
  timer.unref();
  return {
    release: async () => {
      clearInterval(timer);
      const holder = await readFile(path, 'utf8').catch(() => undefined);
      if (holder === token) await rm(path, { force: true });
    },
  };
}

/** Whether a live process has the lock. */
export async function isLocked(path: string): Promise<boolean> {
  const holder = await readFile(path, 'utf8').catch(() => undefined);
  return holder !== undefined && (await isAlive(path, holder));
}

async function create(path: string, token: string): Promise<boolean> {
  // Written first and linked then: nobody sees a lock without its holder.
  const own = `${path}.${randomUUID()}`;
  try {
    await writeFile(own, token, { mode: 0o600 });
    await link(own, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    // A file system without hard links.
    return await writeFile(path, token, { flag: 'wx', mode: 0o600 }).then(
      () => true,
      () => false,
    );
  } finally {
    await rm(own, { force: true });
  }
}

async function isAlive(path: string, holder: string): Promise<boolean> {
  const [host, pid] = holder.split('\n');
  if (host === hostname() && !isProcess(Number(pid))) return false;
  const stats = await stat(path).catch(() => undefined);
  return stats !== undefined && Date.now() - stats.mtimeMs < dead;
}

function isProcess(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** Removes the lock of a dead holder, and nobody else's who took it over meanwhile. */
async function removeStale(path: string, holder: string): Promise<boolean> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch {
    return true;
  }
  const isIt = (await readFile(aside, 'utf8').catch(() => undefined)) === holder;
  if (!isIt) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
  return isIt;
}
