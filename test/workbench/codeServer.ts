import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '../servers/processes.ts';
import { createRunFolder, destroyRunFolder, notePid } from '../servers/runFolder.ts';
import type { Workbench } from './install.ts';
import { writeSettings } from './settings.ts';

/** How a server is to be started; whatever isn't given is fresh and goes away with it. */
export interface CodeServerOptions {
  readonly workbench: Workbench;
  /** Default: any free one. Browsers keep secrets by origin, and so by port. */
  readonly port?: number;
  readonly userDataFolder?: string;
  readonly extensionsFolder?: string;
  /** The user's, over those of settings.json here. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Extensions to install first, as `.vsix` files. */
  readonly vsixFiles?: readonly string[];
  /** Whether folders have to be trusted first. Default: all are trusted. */
  readonly workspaceTrust?: boolean;
  /** Whether the workbench honours tests in its URL; hides notifications and modals in new versions. */
  readonly testDriver?: boolean;
  /** Added to the environment of the server and so of the extension host. */
  readonly environment?: NodeJS.ProcessEnv;
}

/** A running VS Code server. */
export interface CodeServer {
  /** `http://127.0.0.1:port`. */
  readonly origin: string;
  /** The run's folder, removed by `stop`. */
  readonly folder: string;
  readonly userDataFolder: string;
  /** What the server has said so far. */
  log(): string;
  stop(): Promise<void>;
}

/** Starts one VS Code server on loopback and resolves when it listens. */
export async function startCodeServer(options: CodeServerOptions): Promise<CodeServer> {
  const { workbench } = options;
  const folder = createRunFolder('vscode');
  const userDataFolder = options.userDataFolder ?? join(folder, 'user-data');
  const extensionsFolder = options.extensionsFolder ?? join(folder, 'extensions');
  const common = [
    ...[workbench.entry, '--user-data-dir', userDataFolder],
    ...['--extensions-dir', extensionsFolder, '--config', join(folder, 'config.yaml')],
  ];
  const env = {
    ...process.env,
    EXTENSIONS_GALLERY: '{}',
    XDG_DATA_HOME: join(folder, 'data'),
    ...options.environment,
  };
  try {
    mkdirSync(extensionsFolder, { recursive: true });
    writeSettings(userDataFolder, {
      ...(options.workspaceTrust === true ? { 'security.workspace.trust.enabled': true } : {}),
      ...options.settings,
    });
    await installExtensions(workbench, extensionsFolder, options.vsixFiles ?? []);
    const logFile = join(folder, 'server.log');
    const log = openSync(logFile, 'w');
    const child = spawn(
      workbench.node,
      [...common, ...flagsFor(options), '--bind-addr', `127.0.0.1:${String(options.port ?? 0)}`],
      { cwd: folder, env, detached: true, stdio: ['ignore', log, log] },
    );
    closeSync(log);
    child.unref();
    if (child.pid === undefined) throw new Error(`${workbench.node} could not be started`);
    notePid(folder, 'code-server', child.pid);
    const port = await listeningPort(logFile, () => child.exitCode !== null);
    return {
      origin: `http://127.0.0.1:${port}`,
      ...{ folder, userDataFolder },
      log: () => readFileSync(logFile, 'utf8'),
      stop: () => destroyRunFolder(folder, 'SIGTERM'),
    };
  } catch (error) {
    await destroyRunFolder(folder);
    throw error;
  }
}

/** Installs `.vsix` files into a folder of extensions. */
export async function installExtensions(
  workbench: Workbench,
  extensionsFolder: string,
  vsixFiles: readonly string[],
): Promise<void> {
  const scratch = createRunFolder('install');
  try {
    for (const file of vsixFiles) {
      await run(
        workbench.node,
        [
          ...[workbench.entry, '--extensions-dir', extensionsFolder, '--install-extension', file],
          ...['--user-data-dir', scratch, '--config', join(scratch, 'config.yaml')],
        ],
        { env: { ...process.env, EXTENSIONS_GALLERY: '{}', XDG_DATA_HOME: scratch } },
      );
    }
  } finally {
    await destroyRunFolder(scratch);
  }
}

function flagsFor({ workbench, workspaceTrust, testDriver }: CodeServerOptions): string[] {
  const flags = ['--auth', 'none', '--disable-telemetry', '--disable-update-check'];
  flags.push('--disable-getting-started-override');
  if (workspaceTrust !== true) flags.push('--disable-workspace-trust');
  if (workbench.leg === 'latest') {
    // Otherwise the extension host of a closed page lives on for hours.
    flags.push('--reconnection-grace-time', '1');
    if (testDriver === true) flags.push('--vscode-option', 'enable-smoke-test-driver');
  }
  return flags;
}

async function listeningPort(logFile: string, hasEnded: () => boolean): Promise<string> {
  const end = Date.now() + 60_000;
  for (;;) {
    const text = await readFile(logFile, 'utf8');
    const port = /HTTP server listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(text)?.[1];
    if (port !== undefined) return port;
    if (hasEnded() || Date.now() > end) throw new Error(`VS Code's server didn't start:\n${text}`);
    await sleep(20);
  }
}
