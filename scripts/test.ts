import { prepareServers } from '../test/servers/prepare.ts';
import { run } from '../test/servers/processes.ts';
import { sayOnStandardError } from '../test/servers/say.ts';
import { installWorkbench, legs } from '../test/workbench/install.ts';
import { add, lineOf, nothing } from './counts.ts';
import { runStage, summaryOf, type StageResult } from './stage.ts';

// npm test: every stage, two at a time, whatever became of the others; what the later ones need is
// built and installed meanwhile. Ends with `N passed, N failed, N skipped`.
// Names of stages as parameters limit it to these.
interface Stage {
  readonly name: string;
  readonly hasTests: boolean;
  readonly needsServers: boolean;
  /** Whether it runs what is built: then that is done once, for all. */
  readonly needsBuild: boolean;
}
const plain = { hasTests: true, needsServers: false, needsBuild: false };
const withServers = { ...plain, needsServers: true };
const inVSCode = { ...withServers, needsBuild: true };
/** In the order in which they begin: first what the others are prepared beside, then the longest; the UI last, when it gets quieter. */
const stages: readonly Stage[] = [
  { ...plain, name: 'test:package' },
  { ...plain, name: 'check', hasTests: false },
  { ...plain, name: 'test:unit' },
  { ...inVSCode, name: 'test:integration' },
  { ...withServers, name: 'test:contract' },
  { ...withServers, name: 'test:interop' },
  { ...inVSCode, name: 'test:e2e' },
];
const atOnce = 2;

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !stages.some((stage) => stage.name === name));
if (unknown.length > 0) {
  throw new Error(`${unknown.join(', ')}: not among ${stages.map(({ name }) => name).join(', ')}`);
}
const chosen = stages.filter(({ name }) => wanted.length === 0 || wanted.includes(name));

const interruption = new AbortController();
const isInterrupted = (): boolean => interruption.signal.aborted;
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => {
    interruption.abort();
  });
}

// What is being prepared ends with this process.
const interrupted = new Promise<Prepared>((resolve) => {
  interruption.signal.addEventListener('abort', () => {
    resolve({ ready: [], missing: [] });
  });
});
const preparation = chosen.some(({ needsServers }) => needsServers) ? prepare() : undefined;
const results: StageResult[] = [];
const waiting = [...chosen];
let build: Promise<unknown> = Promise.resolve();
if (chosen.some(({ needsBuild }) => needsBuild)) {
  // All of these empty dist first, so one after the other; the stage of the package builds it itself.
  await tryToBuild(process.execPath, 'esbuild.mjs', '--tests');
  if (!chosen.some(({ name }) => name === 'test:package'))
    await tryToBuild('npm', 'run', 'package');
}
await Promise.all(Array.from({ length: atOnce }, runWaiting));

async function runWaiting(): Promise<void> {
  for (let stage = waiting.shift(); stage && !isInterrupted(); stage = waiting.shift()) {
    const running = runOne(stage);
    if (stage.name === 'test:package') build = running;
    await running;
  }
}

/** Without it the stages that need it fail. */
async function tryToBuild(command: string, ...parameters: readonly string[]): Promise<void> {
  await run(command, parameters).catch((error: unknown) => {
    sayOnStandardError(String(error));
  });
}

async function runOne({ name, hasTests, needsServers, needsBuild }: Stage): Promise<void> {
  if (needsBuild) await build;
  const prepared = needsServers ? await Promise.race([preparation, interrupted]) : undefined;
  if (isInterrupted()) return;
  const environment = prepared === undefined ? {} : environmentOf(prepared);
  const options = { hasTests, environment, stop: interruption.signal };
  results.push(await runStage(name, { ...options, isAlone: chosen.length === 1 }));
}

const total = results.map(({ counts }) => counts).reduce(add, nothing);
process.stdout.write(`\n${results.map(summaryOf).join('\n')}\n`);
if (isInterrupted()) process.stdout.write('Interrupted.\n');
else {
  for (const { name, reason } of (await preparation)?.missing ?? []) {
    process.stdout.write(`Nothing was tried with ${name}: ${reason}\n`);
  }
}
process.stdout.write(`${lineOf(total)}\n`);
process.exit(total.failed > 0 || isInterrupted() ? 1 : 0);

type Prepared = Awaited<ReturnType<typeof prepareServers>>;

async function prepare(): Promise<Prepared> {
  const [servers] = await Promise.all([
    prepareServers(sayOnStandardError),
    // Without VS Code its stages fail, and tell why.
    installWorkbenches().catch((error: unknown) => {
      sayOnStandardError(String(error));
    }),
  ]);
  return servers;
}

async function installWorkbenches(): Promise<void> {
  if (process.platform !== 'linux') return;
  for (const leg of legs) await installWorkbench(leg, sayOnStandardError);
}

/** A server that can't be had is not tried again by each stage. */
function environmentOf({ ready, missing }: Prepared): NodeJS.ProcessEnv {
  if (missing.length === 0 || process.env['SSEC_TEST_ONLY']) return {};
  return { SSEC_TEST_ONLY: ready.join(',') };
}
