import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** How many tests of a run passed, failed and were skipped. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const nothing: Counts = { passed: 0, failed: 0, skipped: 0 };

/** The sum of two runs. */
export function add(one: Counts, other: Counts): Counts {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: one.skipped + other.skipped,
  };
}

/** The line that ends a run. */
export function lineOf({ passed, failed, skipped }: Counts): string {
  return `${String(passed)} passed, ${String(failed)} failed, ${String(skipped)} skipped`;
}

/** Keeps a run's counts as a file of its own in the folder `$SSEC_RESULTS`, if that is set. */
export function keepCounts(name: string, counts: Counts): void {
  const folder = process.env['SSEC_RESULTS'];
  if (folder === undefined || folder === '') return;
  mkdirSync(folder, { recursive: true });
  const unique = `${name}-${String(process.pid)}-${String(Date.now())}.json`;
  writeFileSync(join(folder, unique), JSON.stringify(counts));
}

/** Reads counts that `keepCounts` or the runner in the extension host wrote. */
export function readCounts(file: string): Counts {
  return JSON.parse(readFileSync(file, 'utf8')) as Counts;
}

/** All counts kept in a folder, or undefined if there are none. */
export function countsIn(folder: string): Counts | undefined {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  if (files.length === 0) return undefined;
  return files.map((name) => readCounts(join(folder, name))).reduce(add, nothing);
}
