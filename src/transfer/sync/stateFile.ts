import { createHash } from 'node:crypto';
import { open, rename, type FileHandle } from 'node:fs/promises';
import { readLines } from './readLines.ts';
import {
  formatEnd,
  formatEntry,
  formatHeader,
  parseEntry,
  parseHeader,
  stateVersion,
} from './syncStateFormat.ts';
import type { SyncRecord } from './syncRecord.ts';

/**
 * Why a state file is not used:
 *
 * - `damaged`: it is not whole, or is something else.
 * - `otherPair`: it tells what was synced between other sides.
 * - `newer`: a newer version of the extension wrote it.
 */
export type StateProblem = 'damaged' | 'otherPair' | 'newer';

/** How much is gathered before it is written, in UTF-16 units. */
const writeSize = 256 * 1024;

/** Of the last line, in bytes. */
const endLength = formatEnd('0'.repeat(64)).length;

/**
 * Whether a state file can be used: read to its end, since half of it is worse than none.
 *
 * @throws the file system's error if it is there and cannot be read
 */
export async function checkStateFile(
  file: string,
  pair: string,
): Promise<StateProblem | 'missing' | 'good'> {
  let handle: FileHandle;
  try {
    handle = await open(file, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'missing';
    throw error;
  }
  try {
    return await checkHandle(handle, pair);
  } finally {
    await handle.close();
  }
}

async function checkHandle(handle: FileHandle, pair: string): Promise<StateProblem | 'good'> {
  const head = await readBytes(handle, 0, 64 * 1024);
  const header = parseHeader(head.subarray(0, Math.max(0, head.indexOf('\n'))).toString('utf8'));
  if (header === undefined) return 'damaged';
  if (header.version > stateVersion) return 'newer';
  const { size } = await handle.stat();
  const length = Math.max(0, size - endLength);
  const hash = createHash('sha256');
  for (let position = 0; position < length; position += writeSize) {
    hash.update(await readBytes(handle, position, Math.min(writeSize, length - position)));
  }
  const end = await readBytes(handle, length, endLength);
  if (end.toString('utf8') !== formatEnd(hash.digest('hex'))) return 'damaged';
  return header.pair === pair ? 'good' : 'otherPair';
}

/** Fewer at the end of the file. */
async function readBytes(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

/** The records of a file that was checked, in the order of UTF-8. */
export async function* readStateFile(file: string): AsyncGenerator<SyncRecord, void> {
  let previous: string | undefined;
  for await (const line of readLines(file)) {
    // The last line is the end, and the first the header.
    const entry = previous === undefined ? undefined : parseEntry(previous);
    if (entry?.type === 'write') yield entry.record;
    previous = line;
  }
}

/** Replaces a state file atomically: at any failure it is the one before. */
export async function writeStateFile(
  file: string,
  pair: string,
  records: AsyncIterable<SyncRecord>,
): Promise<void> {
  const temporary = `${file}.tmp`;
  const handle = await open(temporary, 'w', 0o600);
  try {
    await writeAll(handle, pair, records);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
}

async function writeAll(
  handle: FileHandle,
  pair: string,
  records: AsyncIterable<SyncRecord>,
): Promise<void> {
  const hash = createHash('sha256');
  let gathered = formatHeader(pair);
  const flush = async (): Promise<void> => {
    hash.update(gathered);
    await handle.appendFile(gathered);
    gathered = '';
  };
  for await (const record of records) {
    gathered += formatEntry({ type: 'write', record });
    if (gathered.length >= writeSize) await flush();
  }
  await flush();
  await handle.appendFile(formatEnd(hash.digest('hex')));
}
