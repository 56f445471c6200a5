import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tryRun } from '../servers/processes.ts';
import type { CommandLine } from './peers.ts';

/** What a command took, from the start of its process to its end. */
export interface Measurement {
  /** In seconds. */
  readonly wall: number;
  /** In seconds, all threads together. */
  readonly cpu: number;
  /** The most memory that it had, in MiB. */
  readonly memory: number;
}

/** Runs a command and measures it. @throws with what it said if it fails */
export async function measure(
  { command, parameters, env }: CommandLine,
  folder: string,
): Promise<Measurement> {
  const told = join(folder, 'time');
  const output = await tryRun(
    'time',
    ['--format', '%e %U %S %M', '--output', told, command, ...parameters],
    // The peers have their own ways to be told of the CA, and stumble over this one.
    { env: { ...process.env, AWS_CA_BUNDLE: undefined, ...env }, cwd: folder },
  );
  if (output.code !== 0) {
    throw new Error(`${command} failed: ${(output.stderr || output.stdout).trim().slice(-500)}`);
  }
  const [wall = NaN, user = NaN, system = NaN, kibibytes = NaN] = (await readFile(told, 'utf8'))
    .trim()
    .split(' ')
    .map(Number);
  return { wall, cpu: user + system, memory: kibibytes / 1024 };
}

/** The middle one by wall time. */
export function median(measurements: readonly Measurement[]): Measurement {
  const sorted = measurements.toSorted((one, other) => one.wall - other.wall);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new RangeError('Nothing was measured.');
  return middle;
}
