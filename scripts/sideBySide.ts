import { spawn } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { laneVariable, shareOf } from '../test/servers/lane.ts';

// sideBySide.ts COUNT [--tests FOLDER] COMMAND [PARAMETER…]: runs the command so many times at once;
// each takes its share of the work: by $SSEC_LANE, or of the test files below a folder, which become
// its last parameters. What the first one prints is seen at once, of the others when they have ended.
const [count = '', ...rest] = process.argv.slice(2);
const folder = rest[0] === '--tests' ? rest.splice(0, 2)[1] : undefined;
const [command, ...parameters] = rest;
if (command === undefined || !/^[1-9]$/.test(count)) {
  throw new Error('usage: sideBySide.ts COUNT [--tests FOLDER] COMMAND [PARAMETER…]');
}
const lanes = Number(count);
const files = folder === undefined ? [] : testFiles(folder);
const results = await Promise.all(Array.from({ length: lanes }, (_, index) => runLane(index)));
for (const { printed } of results) process.stdout.write(printed);
const codes = results.map(({ code }) => code);
process.exitCode = codes.find((code) => code !== 0) ?? 0;

async function runLane(
  index: number,
): Promise<{ readonly code: number; readonly printed: Buffer }> {
  const isFirst = index === 0;
  const environment = {
    ...process.env,
    [laneVariable]: `${String(index + 1)}/${String(lanes)}`,
  };
  const child = spawn(command ?? '', [...parameters, ...shareOf(files, environment)], {
    stdio: ['ignore', isFirst ? 'inherit' : 'pipe', isFirst ? 'inherit' : 'pipe'],
    env: environment,
  });
  const printed: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => printed.push(chunk));
  }
  // Ctrl+C reaches the children from the terminal; a signal sent to this process alone is handed on.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => child.kill(name));
  }
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exit) => {
      resolve(exit ?? 1);
    });
  });
  return { code, printed: Buffer.concat(printed) };
}

/** The largest first: they are likely to take the longest. */
function testFiles(place: string): string[] {
  return readdirSync(place, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join(place, name))
    .map((path) => ({ path, size: statSync(path).size }))
    .sort((one, other) => other.size - one.size)
    .map(({ path }) => path);
}
