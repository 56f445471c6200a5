import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signal } from '../test/servers/processes.ts';
import { removeFolder } from '../test/servers/runFolder.ts';
import { countsIn, lineOf, nothing, type Counts } from './counts.ts';

/** What a stage of `npm test` came to. */
export interface StageResult {
  readonly name: string;
  readonly counts: Counts;
  readonly seconds: number;
  /** Why the stage failed other than by a test; counted as one failure. */
  readonly trouble?: string;
}

const limitMinutes = 40;

/** How a stage is to be run. */
export interface StageOptions {
  readonly hasTests: boolean;
  readonly environment: NodeJS.ProcessEnv;
  /** Ends it before its time. */
  readonly stop: AbortSignal;
  /** Whether its output is shown at once; otherwise in one piece, when it has ended. */
  readonly isAlone: boolean;
}

/**
 * Runs the npm script `name`, without its `pre` script, and sums what its mocha runs counted. A
 * stage that ends in failure without a failed test, or that should have counted and hasn't, is a
 * failure itself.
 */
export async function runStage(name: string, options: StageOptions): Promise<StageResult> {
  const start = Date.now();
  const folder = mkdtempSync(join(tmpdir(), 'ssec-results-'));
  try {
    process.stdout.write(options.isAlone ? `\n=== ${name}\n` : `${name} begins\n`);
    const environment = { ...options.environment, SSEC_RESULTS: folder };
    const { code, printed } = await runScript(name, { ...options, environment });
    if (!options.isAlone) process.stdout.write(`\n=== ${name}\n`);
    process.stdout.write(printed);
    const kept = countsIn(folder);
    const counts = kept ?? nothing;
    const seconds = (Date.now() - start) / 1000;
    const trouble = troubleOf(code, kept, options.hasTests);
    if (trouble === undefined) return { name, counts, seconds };
    return { name, counts: { ...counts, failed: counts.failed + 1 }, seconds, trouble };
  } finally {
    removeFolder(folder);
  }
}

function troubleOf(
  code: number | string,
  counts: Counts | undefined,
  hasTests: boolean,
): string | undefined {
  if (code !== 0 && (counts?.failed ?? 0) === 0) return `ended with ${String(code)}`;
  if (hasTests && (counts === undefined || counts.passed + counts.failed === 0)) {
    return 'ran no test';
  }
  return undefined;
}

async function runScript(
  name: string,
  { environment, stop, isAlone }: StageOptions,
): Promise<{ readonly code: number | string; readonly printed: Buffer }> {
  const printed: Buffer[] = [];
  if (stop.aborted) return { code: 'an interruption', printed: Buffer.alloc(0) };
  const output = isAlone ? 'inherit' : 'pipe';
  // In a process group of its own, so that all of it can be ended at once.
  const child = spawn('npm', ['run', '--silent', '--ignore-scripts', name], {
    stdio: ['ignore', output, output],
    env: { ...process.env, ...environment },
    detached: true,
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => printed.push(chunk));
  }
  const end = (): void => {
    if (child.pid !== undefined) signal(child.pid, 'SIGINT');
  };
  stop.addEventListener('abort', end);
  const limit = setTimeout(() => {
    process.stdout.write(`${name} has taken ${String(limitMinutes)} minutes: given up\n`);
    end();
  }, limitMinutes * 60_000);
  try {
    const code = await new Promise<number | string>((resolve) => {
      child.once('error', (error) => {
        resolve(error.message);
      });
      child.once('close', (exit, killedBy) => {
        resolve(exit ?? killedBy ?? 1);
      });
    });
    return { code, printed: Buffer.concat(printed) };
  } finally {
    clearTimeout(limit);
    stop.removeEventListener('abort', end);
  }
}

/** One line about a stage for the summary. */
export function summaryOf({ name, counts, seconds, trouble }: StageResult): string {
  const reason = trouble === undefined ? '' : ` (${trouble})`;
  return `${name.padEnd(18)}${String(Math.round(seconds)).padStart(5)} s   ${lineOf(counts)}${reason}`;
}
