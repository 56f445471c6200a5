import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatAddress, type ObjectAddress } from '../core/address.ts';
import { codeOf } from './transferError.ts';

/** Where unfinished transfers are noted, so that they can be gone on with. It holds no secrets. */
export interface TransferJournal {
  /** What was written under the id, as JSON gives it; undefined if there is nothing readable. */
  read(id: string): Promise<unknown>;
  /** Replaces what is there; what was written survives the end of the process. */
  write(id: string, record: object): Promise<void>;
  remove(id: string): Promise<void>;
  /** All ids. */
  ids(): Promise<readonly string[]>;
}

/** The id of a transfer: the same for the same file and object. */
export function transferId(
  direction: 'upload' | 'download',
  address: ObjectAddress,
  path: string,
): string {
  const words = [direction, address.connection, formatAddress(address), path];
  const hash = createHash('sha256').update(words.join('\0')).digest('hex');
  return `${direction}-${hash.slice(0, 32)}`;
}

const ending = '.json';

/** A journal in a folder, a file for each transfer. */
export class FolderJournal implements TransferJournal {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async read(id: string): Promise<unknown> {
    try {
      return JSON.parse(await readFile(this.#file(id), 'utf8')) as unknown;
    } catch {
      // Not there, or not whole: then the transfer starts over.
      return undefined;
    }
  }

  async write(id: string, record: object): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    const unfinished = join(this.#folder, `${id}.${randomUUID()}`);
    await writeFile(unfinished, JSON.stringify(record), { mode: 0o600 });
    await rename(unfinished, this.#file(id));
  }

  async remove(id: string): Promise<void> {
    await rm(this.#file(id), { force: true });
  }

  async ids(): Promise<readonly string[]> {
    try {
      const names = await readdir(this.#folder);
      return names
        .filter((name) => name.endsWith(ending))
        .map((name) => name.slice(0, -ending.length));
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return [];
      throw error;
    }
  }

  #file(id: string): string {
    return join(this.#folder, id + ending);
  }
}
