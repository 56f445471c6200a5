import { spawn, type ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isAlive, mentions, signal, waitUntilGone } from './processes.ts';

/**
 * A run's folder: everything of one started server in one temporary place, process ids as `*.pid`.
 * Whoever started it destroys it; if this process dies before (even by SIGKILL), the sentinel does.
 */
export function createRunFolder(kind: string): string {
  const folder = mkdtempSync(join(tmpdir(), `ssec-${kind}-`));
  watchFolder(folder);
  return folder;
}

/** Has the sentinel remove any folder if this process dies before `unwatchFolder`. */
export function watchFolder(folder: string): void {
  tellSentinel(`+${folder}\n`);
}

/** The folder is removed or belongs to somebody else from now on. */
export function unwatchFolder(folder: string): void {
  tellSentinel(`-${folder}\n`);
}

/** Notes a process as part of the run in `folder`. It must name the folder in its arguments or environment. */
export function notePid(folder: string, name: string, pid: number): void {
  writeFileSync(join(folder, `${name}.pid`), String(pid));
}

/** Ends the processes noted in the folder, if they are really ours, and removes it. */
export async function destroyRunFolder(
  folder: string,
  how: NodeJS.Signals = 'SIGKILL',
): Promise<void> {
  const pids = ownPids(folder);
  for (const pid of pids) signal(pid, how);
  for (const pid of pids) {
    if (await waitUntilGone(pid, 5000)) continue;
    signal(pid, 'SIGKILL');
    await waitUntilGone(pid, 5000);
  }
  removeFolder(folder);
  unwatchFolder(folder);
}

/** Process ids noted in the folder that run and name it. */
export function ownPids(folder: string): number[] {
  let names: string[];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith('.pid'));
  } catch {
    return [];
  }
  return names
    .map((name) => Number(readFileSync(join(folder, name), 'utf8').trim()))
    .filter((pid) => isAlive(pid) && mentions(pid, folder));
}

/** Removes a folder; a process that is just going may still write into it, so a few tries are allowed. */
export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
}

let sentinel: ChildProcess | undefined;

/** The sentinel is a process of its own that cleans up when the pipe from this one closes. */
function tellSentinel(line: string): void {
  if (!sentinel) {
    const file = fileURLToPath(new URL('sentinel.ts', import.meta.url));
    // Mocha loads test files as CommonJS, where import.meta has no resolve.
    const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
    sentinel = spawn(process.execPath, ['--import', tsx, file], {
      detached: true,
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    sentinel.unref();
    if (sentinel.stdin instanceof Socket) sentinel.stdin.unref();
  }
  sentinel.stdin?.write(line);
}
