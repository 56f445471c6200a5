import { copyFile, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { installOnce } from '../servers/cache.ts';
import { needCommands } from '../servers/debianPackages.ts';
import { findCommand, run } from '../servers/processes.ts';
import { keepSaying, type Say } from '../servers/say.ts';

/** The two ends of the supported range: `engines.vscode` of the manifest, and the newest. */
export const legs = ['min', 'latest'] as const;
export type Leg = (typeof legs)[number];

/** An installed VS Code server with its workbench, from code-server's npm package. */
export interface Workbench {
  readonly leg: Leg;
  readonly vscodeVersion: string;
  /** The node that VS Code of this version ships. */
  readonly node: string;
  /** code-server's entry script. */
  readonly entry: string;
}

interface Recipe {
  readonly codeServer: string;
  readonly vscode: string;
  readonly node: string;
  readonly overrides?: Readonly<Record<string, string>>;
  /** Added when VS Code's own dependencies are installed. */
  readonly extra: readonly string[];
}

const recipes: Record<Leg, Recipe> = {
  min: {
    codeServer: '4.105.1',
    vscode: '1.105.1',
    node: '22.23.3',
    overrides: { argon2: '0.44.0' },
    // VS Code 1.105 takes its watcher from a git repository, which no registry serves.
    extra: ['@parcel/watcher@2.5.6'],
  },
  latest: { codeServer: '4.139.1', vscode: '1.139.1', node: '24.21.0', extra: [] },
};

/** Raised whenever what `install` does changes. */
const revision = 2;

/**
 * Installs the workbench of a leg into the cache, if it isn't there: npm's registry is enough, and
 * nothing is compiled. Chromium and ripgrep come from Debian's packages.
 */
export async function installWorkbench(leg: Leg, say: Say): Promise<Workbench> {
  if (process.platform !== 'linux') throw new Error('The workbench of code-server runs on Linux.');
  await needCommands(['rg'], ['ripgrep'], say);
  if (!process.env['CHROMIUM']) await needCommands(['chromium'], ['chromium'], say);
  const recipe = recipes[leg];
  const name = `vscode-${recipe.vscode}-r${String(revision)}`;
  const folder = await installOnce(name, (target) => install(recipe, target, say), say);
  return {
    leg,
    vscodeVersion: recipe.vscode,
    node: join(folder, 'node_modules', nodePackage, 'bin/node'),
    entry: join(folder, 'node_modules/code-server/out/node/entry.js'),
  };
}

const nodePackage = `node-linux-${process.arch}`;

async function install(recipe: Recipe, folder: string, say: Say): Promise<void> {
  const what = `installing VS Code ${recipe.vscode} (code-server ${recipe.codeServer}), once: 500 MB`;
  say(what);
  const stopSaying = keepSaying(say, what);
  try {
    const manifest = {
      name: 'workbench',
      private: true,
      dependencies: { 'code-server': recipe.codeServer, [nodePackage]: recipe.node },
      overrides: recipe.overrides ?? {},
    };
    await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
    await npmInstall(folder, []);
    const vscode = join(folder, 'node_modules/code-server/lib/vscode');
    // Not `npm ci`: the lock that is shipped is out of step with its manifest.
    await npmInstall(vscode, ['--omit=dev', ...recipe.extra]);
    await placeStubs(vscode);
    await linkRipgrep(vscode);
    await prune(vscode);
  } finally {
    stopSaying();
  }
}

async function npmInstall(folder: string, more: readonly string[]): Promise<void> {
  // Of the npm that may have started this process its settings are kept, its project is not.
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^npm_(package|lifecycle|config_local_prefix|command)/.test(name),
  );
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  await run('npm', ['install', ...quiet, ...more], {
    cwd: folder,
    env: Object.fromEntries(inherited),
  });
}

async function placeStubs(vscode: string): Promise<void> {
  const stub = (name: string): URL => new URL(`stubs/${name}`, import.meta.url);
  for (const [name, file] of [
    ['@vscode/spdlog', 'spdlog.cjs'],
    ['native-watchdog', 'nativeWatchdog.cjs'],
    ['@vscode/native-watchdog', 'nativeWatchdog.cjs'],
  ] as const) {
    const folder = join(vscode, 'node_modules', name);
    await mkdir(folder, { recursive: true });
    await copyFile(stub(file), join(folder, 'index.js'));
    const manifestFile = join(folder, 'package.json');
    const manifest: object = existsSync(manifestFile)
      ? (JSON.parse(await readFile(manifestFile, 'utf8')) as object)
      : { name, version: '0.0.0' };
    const changed = { ...manifest, main: 'index.js', type: 'commonjs' };
    await writeFile(manifestFile, JSON.stringify(changed));
  }
}

/** Old releases come without ripgrep, and then neither quick open nor search finds anything. */
async function linkRipgrep(vscode: string): Promise<void> {
  const target = join(vscode, 'node_modules/@vscode/ripgrep/bin/rg');
  const installed = await findCommand('rg');
  if (existsSync(target) || installed === undefined) return;
  await mkdir(join(target, '..'), { recursive: true });
  await symlink(installed, target);
}

/** What no test needs: a third of the size. */
async function prune(vscode: string): Promise<void> {
  const unneeded = [
    ...['@github', '@microsoft/mxc-sdk', '@devcontainers'].map((name) => `node_modules/${name}`),
    ...['copilot', 'mermaid-markdown-features'].map((name) => `extensions/${name}`),
  ];
  for (const path of unneeded) await rm(join(vscode, path), { recursive: true, force: true });
}
