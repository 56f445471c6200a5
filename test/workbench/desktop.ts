import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { findCommand, run, signal, waitUntilGone } from '../servers/processes.ts';
import { createRunFolder, destroyRunFolder } from '../servers/runFolder.ts';
import { writeSettings } from './settings.ts';

/** A desktop VS Code with a profile of its own. */
export interface DesktopVSCode {
  /** Resolves when its window has been closed. */
  readonly closed: Promise<void>;
  stop(): Promise<void>;
}

/**
 * The command of a desktop VS Code: `$SSEC_VSCODE_BIN`, else `code` on PATH where there is a
 * display. Undefined where there is none.
 */
export async function findDesktop(): Promise<string | undefined> {
  const given = process.env['SSEC_VSCODE_BIN'];
  if (given !== undefined && given !== '') return given;
  const isLinux = process.platform === 'linux';
  const hasDisplay = Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
  return isLinux && !hasDisplay ? undefined : findCommand('code');
}

/** Opens a folder in a desktop VS Code that has its own profile, settings and extensions. */
export async function startDesktop(options: {
  readonly command: string;
  readonly workspace: string;
  readonly vsixFiles: readonly string[];
  readonly settings: Readonly<Record<string, unknown>>;
  readonly environment: NodeJS.ProcessEnv;
}): Promise<DesktopVSCode> {
  const folder = createRunFolder('desktop');
  try {
    const userDataFolder = join(folder, 'user-data');
    writeSettings(userDataFolder, options.settings);
    const own = ['--user-data-dir', userDataFolder, '--extensions-dir', join(folder, 'extensions')];
    // VS Code refuses to run as root otherwise.
    if (process.getuid?.() === 0) own.push('--no-sandbox');
    const installs = options.vsixFiles.flatMap((file) => ['--install-extension', file]);
    await run(options.command, [...own, ...installs]);
    const child = spawn(
      options.command,
      [...own, '--new-window', '--wait', '--disable-workspace-trust', options.workspace],
      { env: { ...process.env, ...options.environment }, stdio: 'ignore', detached: true },
    );
    const closed = new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', () => {
        resolve();
      });
    });
    return {
      closed,
      stop: async () => {
        // The command starts VS Code's own processes apart from itself.
        const pids = await processesOf(folder);
        for (const pid of pids) signal(pid, 'SIGTERM');
        for (const pid of pids) {
          if (!(await waitUntilGone(pid, 5000))) signal(pid, 'SIGKILL');
        }
        await destroyRunFolder(folder);
      },
    };
  } catch (error) {
    await destroyRunFolder(folder);
    throw error;
  }
}

/** The processes whose command line names the folder. */
async function processesOf(folder: string): Promise<number[]> {
  const listed = await run('ps', ['-axww', '-o', 'pid=,command=']);
  return listed
    .split('\n')
    .filter((line) => line.includes(folder))
    .map((line) => Number.parseInt(line, 10))
    .filter((pid) => pid !== process.pid);
}
