import { prepareServers } from '../test/servers/prepare.ts';
import { sayOnStandardError } from '../test/servers/say.ts';
import { installWorkbench, legs } from '../test/workbench/install.ts';
import { add, lineOf, nothing } from './counts.ts';
import { runStage, summaryOf, type StageResult } from './stage.ts';

// npm test: every stage one after the other, whatever became of the ones before; what the later
// ones need is built and installed meanwhile. Ends with `N passed, N failed, N skipped`.
// Names of stages as parameters limit it to these.
const stages = [
  { name: 'check', hasTests: false, needsServers: false },
  { name: 'test:unit', hasTests: true, needsServers: false },
  { name: 'test:package', hasTests: true, needsServers: false },
  { name: 'test:contract', hasTests: true, needsServers: true },
  { name: 'test:interop', hasTests: true, needsServers: true },
  { name: 'test:integration', hasTests: true, needsServers: true },
  { name: 'test:e2e', hasTests: true, needsServers: true },
];

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
let environment: NodeJS.ProcessEnv = {};
for (const { name, hasTests, needsServers } of chosen) {
  if (isInterrupted()) break;
  if (needsServers && preparation) {
    environment = environmentOf(await Promise.race([preparation, interrupted]));
    if (isInterrupted()) break;
  }
  results.push(await runStage(name, { hasTests, environment, stop: interruption.signal }));
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
