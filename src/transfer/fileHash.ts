import { Worker } from 'node:worker_threads';
import type { PartDigest } from '../core/multipartStore.ts';

/** What is hashed: the file as a whole, or each of its parts. */
export interface Hashing {
  readonly algorithm: PartDigest;
  /** Undefined for the whole file. */
  readonly partSize?: number | undefined;
}

/**
 * Runs in a thread of its own: MD5 takes seconds for a gigabyte, and the thread of VS Code's
 * extensions is not to be had for that long. It is text because the extension is one bundle.
 */
const program = `
const { parentPort, workerData } = require('node:worker_threads');
const { createHash } = require('node:crypto');
const { readSync } = require('node:fs');
const { crc32 } = require('node:zlib');
const { fd, partSize, algorithm } = workerData;
const buffer = Buffer.allocUnsafeSlow(1024 * 1024);
const digests = [];
let at = 0;
let part = undefined;
const endPart = () => {
  if (part === undefined) return;
  digests.push(part());
  part = undefined;
};
const takePart = (bytes) => {
  if (part === undefined && algorithm === 'md5') {
    const hash = createHash('md5');
    part = Object.assign(() => hash.digest('base64'), { take: (bytes) => hash.update(bytes) });
  } else if (part === undefined) {
    let sum = 0;
    const end = () => Buffer.from([sum >>> 24, sum >>> 16, sum >>> 8, sum]).toString('base64');
    part = Object.assign(end, { take: (bytes) => { sum = crc32(bytes, sum); } });
  }
  part.take(bytes);
};
parentPort.on('message', ({ to, end }) => {
  while (at < to) {
    const left = partSize === undefined ? Infinity : partSize - (at % partSize);
    const read = readSync(fd, buffer, 0, Math.min(buffer.length, to - at, left), at);
    if (read === 0) throw new RangeError('The file ended after ' + at + ' bytes.');
    const bytes = buffer.subarray(0, read);
    at += read;
    takePart(bytes);
    if (read === left) endPart();
  }
  if (!end) return;
  if (partSize === undefined) takePart(Buffer.alloc(0));
  endPart();
  parentPort.postMessage(digests);
  parentPort.close();
});
`;

/** Hashes a file from its start, as far as it is told to, while it may still grow. */
export class FileHash {
  readonly #worker: Worker;
  readonly #result: Promise<readonly string[]>;
  #told = 0;

  /** @param fd the file's descriptor; it must stay open until the end, or until it was stopped */
  constructor(fd: number, hashing: Hashing) {
    const workerData = { fd, ...hashing };
    // Arguments and environment of the host are not for it.
    this.#worker = new Worker(program, { eval: true, workerData, execArgv: [], env: {} });
    this.#result = new Promise((resolve, reject) => {
      this.#worker.once('message', resolve);
      this.#worker.once('error', reject);
      this.#worker.once('exit', () => {
        reject(new Error('The hashing was stopped.'));
      });
    });
    // Nobody may be waiting when it is stopped.
    this.#result.catch(() => undefined);
    this.#worker.unref();
  }

  /** All bytes before this position may be read. */
  advance(to: number): void {
    if (to <= this.#told) return;
    this.#told = to;
    this.#worker.postMessage({ to, end: false });
  }

  /**
   * Hashes up to the end, if it isn't there yet.
   *
   * @returns the hash of the file, or those of its parts in order, in base64
   * @throws RangeError if the file is shorter
   */
  async finish(size: number): Promise<readonly string[]> {
    this.#worker.ref();
    this.#worker.postMessage({ to: size, end: true });
    return await this.#result;
  }

  /** Ends it; the descriptor is not used afterwards. */
  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}
