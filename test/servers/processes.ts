import { spawn, spawnSync, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Whether a process of that id runs. A zombie doesn't: nobody may ever reap an orphan in a container. */
export function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  if (process.platform === 'linux') {
    try {
      const state = /^State:\t(.)/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1];
      return state !== undefined && state !== 'Z' && state !== 'X';
    } catch {
      return false;
    }
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Whether the process names `text` in its command line or environment: ids are reused, folders of a run are not. */
export function mentions(pid: number, text: string): boolean {
  if (process.platform === 'linux') {
    return ['cmdline', 'environ'].some((file) => {
      try {
        return readFileSync(`/proc/${String(pid)}/${file}`, 'utf8').includes(text);
      } catch {
        return false;
      }
    });
  }
  const listed = spawnSync('ps', ['-E', '-ww', '-o', 'command=', '-p', String(pid)]);
  return listed.stdout.toString().includes(text);
}

/** Sends a signal to the process and, if it leads one, its group. A process that has gone is no error. */
export function signal(pid: number, name: NodeJS.Signals): void {
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, name);
    } catch {
      // gone, or not a group leader
    }
  }
}

/** Resolves to true when the process is gone, to false if it still runs after `milliseconds`. */
export async function waitUntilGone(pid: number, milliseconds: number): Promise<boolean> {
  const end = Date.now() + milliseconds;
  while (isAlive(pid)) {
    if (Date.now() > end) return false;
    await sleep(10);
  }
  return true;
}

/** What a finished command said. */
export interface Output {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill();
});

/**
 * Runs a command without a shell and standard input; resolves whatever its exit code is. It ends
 * with this process, if it hasn't before.
 */
export async function tryRun(
  command: string,
  parameters: readonly string[],
  options: SpawnOptions = {},
): Promise<Output> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, parameters, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(child);
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.once('error', reject);
    child.once('close', (code, killedBy) => {
      running.delete(child);
      resolve({ code: code ?? 1, stdout, stderr: killedBy ? `${stderr}[${killedBy}]` : stderr });
    });
  });
}

/** Runs a command and gives its standard output; throws with the end of its error output if it fails. */
export async function run(
  command: string,
  parameters: readonly string[],
  options: SpawnOptions = {},
): Promise<string> {
  const output = await tryRun(command, parameters, options);
  if (output.code === 0) return output.stdout;
  const said = (output.stderr.trim() || output.stdout.trim()).slice(-2000);
  throw new Error(`${command} ${parameters.join(' ')} failed (${String(output.code)}): ${said}`);
}

/** The full path of a command on PATH, or undefined. */
export async function findCommand(name: string): Promise<string | undefined> {
  const output = await tryRun('/bin/sh', ['-c', 'command -v -- "$1"', 'sh', name]);
  const path = output.stdout.trim();
  return output.code === 0 && path.startsWith('/') ? path : undefined;
}
