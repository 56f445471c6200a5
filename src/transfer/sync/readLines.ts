import { createReadStream } from 'node:fs';

/**
 * The lines of a file that end with a line feed, one by one; what follows the last line feed is no
 * line. (`node:readline` also breaks lines where JSON does not escape: at U+2028.)
 */
export async function* readLines(file: string): AsyncGenerator<string, void> {
  const stream = createReadStream(file, { encoding: 'utf8', highWaterMark: 256 * 1024 });
  let rest = '';
  for await (const chunk of stream) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}
