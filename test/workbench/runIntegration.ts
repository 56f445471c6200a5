import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runTests } from '@vscode/test-electron';
import { keepCounts, lineOf, readCounts } from '../../scripts/counts.ts';
import { shareOf } from '../servers/lane.ts';
import { freePorts } from '../servers/ports.ts';
import { findCommand } from '../servers/processes.ts';
import { createRunFolder, destroyRunFolder } from '../servers/runFolder.ts';
import { follow } from './follow.ts';
import { legs, type Leg } from './install.ts';
import type { Launch } from './launch.ts';

// Runs test/integration (bundled to out/test/integration) inside VS Code's extension host.
//   runIntegration.ts [--leg min|latest]… [--phase main|untrusted|first]… [--grep TEXT]
// `x.test.ts` belongs to the phase `main`, `x.untrusted.test.ts` to a launch without trust in the
// workspace, `x.first.test.ts` and `x.second.test.ts` to two launches that share a profile.
const root = fileURLToPath(new URL('../..', import.meta.url));
const bundles = join(root, 'out/test/integration');
const artifacts = join(root, 'out/artifacts/integration');

/** Launches that share user data and browser profile, in this order. */
const phases = { main: ['main'], untrusted: ['untrusted'], first: ['first', 'second'] } as const;
type Phase = keyof typeof phases;
type Stage = (typeof phases)[Phase][number];

function given(name: string): string[] {
  return process.argv.filter((_, index) => process.argv[index - 1] === `--${name}`);
}

function chosen<T extends string>(name: string, all: readonly T[]): readonly T[] {
  const wanted = given(name);
  const known = all.filter((each) => wanted.includes(each));
  if (known.length < wanted.length) throw new Error(`--${name} is one of ${all.join(', ')}`);
  return known.length > 0 ? known : all;
}

/** The bundled test files of a stage. */
function filesOf(stage: Stage): string[] {
  const stageOf = (name: string): string => /\.(\w+)\.test\.cjs$/.exec(name)?.[1] ?? 'main';
  return readdirSync(bundles)
    .filter((name) => name.endsWith('.test.cjs') && stageOf(name) === stage)
    .map((name) => join(bundles, name));
}

/**
 * Desktop VS Code, where it can be used: `SSEC_VSCODE=desktop`, or anything but Linux. Elsewhere
 * the stand-in, which needs neither a display nor a download from Microsoft.
 */
function isDesktop(): boolean {
  const wish = process.env['SSEC_VSCODE'];
  return wish === 'desktop' || (wish === undefined && process.platform !== 'linux');
}

async function runStage(stage: Stage, leg: Leg, folder: string, port: number): Promise<boolean> {
  const files = filesOf(stage);
  if (files.length === 0) return true;
  const title = `VS Code ${leg}${stage === 'main' ? '' : `, ${stage}`}`;
  const workspace = join(folder, 'workspace');
  mkdirSync(workspace, { recursive: true });
  const launch: Launch = {
    ...{ leg, port, profile: join(folder, 'browser'), workspaceTrust: stage === 'untrusted' },
    logFile: join(folder, `${stage}.log`),
    resultFile: join(folder, `${stage}.json`),
    screenshotFile: join(artifacts, `${leg}-${stage}.png`),
    timeoutMilliseconds: Number(process.env['SSEC_TEST_TIMEOUT_MS'] ?? 2_100_000),
  };
  process.stdout.write(`\n== integration: ${title}\n`);
  writeFileSync(launch.logFile, '');
  const unfollow = follow(launch.logFile, process.stdout);
  let failure: string | undefined;
  try {
    const [grep] = given('grep');
    const environment = {
      SSEC_LAUNCH: JSON.stringify(launch),
      SSEC_TEST_FILES: JSON.stringify(files),
      SSEC_TEST_LOG: launch.logFile,
      SSEC_TEST_RESULT: launch.resultFile,
      SSEC_TEST_LEG: leg,
      ...(grep === undefined ? {} : { SSEC_TEST_GREP: grep }),
    };
    await runTests({
      ...(await executable(leg)),
      extensionDevelopmentPath: root,
      extensionTestsPath: join(bundles, 'index.cjs'),
      extensionTestsEnv: environment,
      launchArgs: [
        ...[workspace, '--disable-extensions', `--user-data-dir=${join(folder, 'user-data')}`],
        `--extensions-dir=${join(folder, 'extensions')}`,
      ],
    });
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  } finally {
    unfollow();
  }
  return judge(title, launch, failure);
}

/** Counts what the tests said; a run that ended otherwise than by its tests is one failure more. */
function judge(title: string, launch: Launch, failure: string | undefined): boolean {
  if (existsSync(launch.resultFile)) {
    const counts = readCounts(launch.resultFile);
    keepCounts('integration', counts);
    process.stdout.write(`${title}: ${lineOf(counts)}\n`);
    if (counts.failed > 0) return false;
    if (failure === undefined) return true;
  }
  process.stdout.write(`${title}: failed outside of a test: ${failure ?? 'no result'}\n`);
  keepCounts('integration', { passed: 0, failed: 1, skipped: 0 });
  copyFileSync(launch.logFile, launch.screenshotFile.replace(/png$/, 'log'));
  return false;
}

async function executable(leg: Leg): Promise<{ vscodeExecutablePath?: string; version?: string }> {
  const own = process.env['VSCODE_LAUNCHER'];
  if (own !== undefined && own !== '') return { vscodeExecutablePath: own };
  if (isDesktop()) return { version: leg === 'min' ? '1.105.1' : 'stable' };
  if ((await findCommand('node')) === undefined) throw new Error('node is not on PATH');
  return { vscodeExecutablePath: fileURLToPath(new URL('launcher.mjs', import.meta.url)) };
}

let good = true;
mkdirSync(artifacts, { recursive: true });
for (const leg of shareOf(chosen('leg', legs))) {
  for (const name of readdirSync(artifacts).filter((each) => each.startsWith(`${leg}-`))) {
    rmSync(join(artifacts, name));
  }
  for (const phase of chosen('phase', Object.keys(phases) as Phase[])) {
    const folder = createRunFolder('integration');
    try {
      const [port = 0] = await freePorts(1);
      for (const stage of phases[phase]) good = (await runStage(stage, leg, folder, port)) && good;
    } finally {
      await destroyRunFolder(folder);
    }
  }
}
process.exit(good ? 0 : 1);
