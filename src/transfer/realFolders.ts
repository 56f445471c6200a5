import { lstat, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, TransferError, writeFailure } from './transferError.ts';

/**
 * Makes folders below a root. A symbolic link on the way is never followed: it could lead out of
 * the root.
 */
export class RealFolders {
  readonly #root: string;
  /** Those that are known to be there, by their path below the root. */
  readonly #made = new Map<string, Promise<void>>();

  /** @param root an absolute local path; itself it may be, or be reached by, a link */
  constructor(root: string) {
    this.#root = root;
  }

  /**
   * Makes a folder and those above it.
   *
   * @param below its segments, checked to be names and nothing else
   * @throws TransferError `unwritable`, `noSpace`
   */
  ensure(below: readonly string[]): Promise<void> {
    const name = below.join('/');
    let made = this.#made.get(name);
    if (made === undefined) {
      made = this.#make(below);
      this.#made.set(name, made);
      // It is tried again for the next file.
      made.catch(() => this.#made.delete(name));
    }
    return made;
  }

  async #make(below: readonly string[]): Promise<void> {
    const path = join(this.#root, ...below);
    if (below.length === 0) {
      await mkdir(path, { recursive: true }).catch((error: unknown) => {
        throw writeFailure(path, error);
      });
      return;
    }
    await this.ensure(below.slice(0, -1));
    try {
      await mkdir(path);
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw writeFailure(path, error);
      if ((await lstat(path)).isDirectory()) return;
      const message = `${path} is no folder of its own (a file or a symbolic link). Nothing is written through it.`;
      throw new TransferError('unwritable', path, message, error);
    }
  }
}
