import { mkdir, mkdtemp, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from './processes.ts';
import { removeFolder, unwatchFolder, watchFolder } from './runFolder.ts';
import type { Say } from './say.ts';

/**
 * Where things live that are costly to get and outlast a run: `$SSEC_CACHE`, else
 * `$XDG_CACHE_HOME/ssec-explorer`, else `~/.cache/ssec-explorer`.
 */
export function cacheRoot(environment: NodeJS.ProcessEnv = process.env): string {
  const own = environment['SSEC_CACHE'];
  if (own !== undefined && own !== '') return own;
  const xdg = environment['XDG_CACHE_HOME'];
  return join(xdg !== undefined && xdg !== '' ? xdg : join(homedir(), '.cache'), 'ssec-explorer');
}

/**
 * Gives the folder `name` of the cache, filling it by `install` if it isn't there yet.
 *
 * `install` works in a temporary folder beside the target, which gets its name only when all is
 * done: a half-done install is never taken for a whole one. Other processes wait meanwhile.
 */
export async function installOnce(
  name: string,
  install: (folder: string) => Promise<void>,
  say: Say,
): Promise<string> {
  const root = cacheRoot();
  const target = join(root, name);
  if (await exists(target)) return target;
  await mkdir(root, { recursive: true });
  return withLock(join(root, `${name}.lock`), say, async () => {
    if (await exists(target)) return target;
    const folder = await mkdtemp(join(root, `.${name}-`));
    watchFolder(folder);
    try {
      await install(folder);
      await rename(folder, target);
    } finally {
      removeFolder(folder);
      unwatchFolder(folder);
    }
    return target;
  });
}

/**
 * Runs `action` while holding the lock file, which holds the owner's process id. The lock of a
 * process that has died is taken over.
 */
export async function withLock<T>(file: string, say: Say, action: () => Promise<T>): Promise<T> {
  let waiting = false;
  while (!(await acquire(file))) {
    if (await isStale(file)) {
      await bury(file);
      continue;
    }
    if (!waiting) say(`waiting for another run that holds ${file}`);
    waiting = true;
    await sleep(200);
  }
  try {
    return await action();
  } finally {
    await rm(file, { force: true });
  }
}

async function acquire(file: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx');
    await handle.writeFile(String(process.pid));
    await handle.close();
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/** Removes the lock of a dead process; another waiter may have done so, and taken it, meanwhile. */
async function bury(file: string): Promise<void> {
  const grave = `${file}.${String(process.pid)}`;
  await rename(file, grave).catch(ignoreMissing);
  if ((await exists(grave)) && !(await isStale(grave))) await rename(grave, file);
  await rm(grave, { force: true });
}

async function isStale(file: string): Promise<boolean> {
  try {
    const text = await readFile(file, 'utf8');
    // An empty lock was created this instant, or its owner died right between the two calls.
    if (text === '') return Date.now() - (await stat(file)).mtimeMs > 10_000;
    return !isAlive(Number(text));
  } catch (error) {
    ignoreMissing(error);
    return false;
  }
}

/** Whether a file or folder of that name exists. */
export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function ignoreMissing(error: unknown): void {
  if (!hasCode(error, 'ENOENT')) throw error;
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
