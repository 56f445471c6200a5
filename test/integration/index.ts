import { appendFileSync, writeFileSync } from 'node:fs';
import { format } from 'node:util';
import type { Counts } from '../../scripts/counts.ts';

/**
 * VS Code's extension host calls this: runs the test files named by the environment with mocha, and
 * writes the counts into the result file, without which the launcher takes the run for failed.
 */
export async function run(): Promise<void> {
  const { default: Mocha } = await import('mocha');
  const logFile = process.env['SSEC_TEST_LOG'];
  if (logFile !== undefined) {
    // The output of an extension host reaches nobody's terminal.
    Object.assign(Mocha.reporters.Base, {
      consoleLog: (...parts: unknown[]) => {
        appendFileSync(logFile, `${format(...parts)}\n`);
      },
    });
  }
  const grep = process.env['SSEC_TEST_GREP'];
  const mocha = new Mocha({
    ui: 'bdd',
    timeout: 120_000,
    reporter: 'spec',
    color: false,
    ...(grep === undefined ? {} : { grep }),
  });
  const files = JSON.parse(process.env['SSEC_TEST_FILES'] ?? '[]') as string[];
  for (const file of files) mocha.addFile(file);
  await mocha.loadFilesAsync();
  const counts = await new Promise<Counts>((resolve) => {
    const runner = mocha.run(() => {
      const { passes = 0, failures = 0, pending = 0 } = runner.stats ?? {};
      resolve({ passed: passes, failed: failures, skipped: pending });
    });
  });
  const resultFile = process.env['SSEC_TEST_RESULT'];
  if (resultFile !== undefined) writeFileSync(resultFile, JSON.stringify(counts));
  if (counts.failed > 0) throw new Error(`${String(counts.failed)} tests failed`);
}
