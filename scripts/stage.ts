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

/**
 * Runs the npm script `name`, its output to this terminal, and sums what its mocha runs counted. A
 * stage that ends in failure without a failed test, or that should have counted and hasn't, is a
 * failure itself. `stop` ends it before its time.
 */
export async function runStage(
  name: string,
  options: {
    readonly hasTests: boolean;
    readonly environment: NodeJS.ProcessEnv;
    readonly stop: AbortSignal;
  },
): Promise<StageResult> {
  const start = Date.now();
  const folder = mkdtempSync(join(tmpdir(), 'ssec-results-'));
  try {
    process.stdout.write(`\n=== ${name}\n`);
    const code = await runScript(
      name,
      { ...options.environment, SSEC_RESULTS: folder },
      options.stop,
    );
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
  environment: NodeJS.ProcessEnv,
  stop: AbortSignal,
): Promise<number | string> {
  if (stop.aborted) return 'an interruption';
  // In a process group of its own, so that all of it can be ended at once.
  const child = spawn('npm', ['run', '--silent', name], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...environment },
    detached: true,
  });
  const end = (): void => {
    if (child.pid !== undefined) signal(child.pid, 'SIGINT');
  };
  stop.addEventListener('abort', end);
  const limit = setTimeout(() => {
    process.stdout.write(`${name} has taken ${String(limitMinutes)} minutes: given up\n`);
    end();
  }, limitMinutes * 60_000);
  try {
    return await new Promise<number | string>((resolve) => {
      child.once('error', (error) => {
        resolve(error.message);
      });
      child.once('close', (code, killedBy) => {
        resolve(code ?? killedBy ?? 1);
      });
    });
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
