import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of a suite's own. */
export interface TestFolder {
  /** The path of a file in it. */
  path(name: string): string;
  /** Writes a file; gives its path. */
  write(name: string, content: Uint8Array): Promise<string>;
  /** The names of all files in it. */
  names(): Promise<string[]>;
}

/** Makes a folder before the first test of the suite that calls this, and removes it at the end. */
export function withFolder(): TestFolder {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ssec-test-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));
  return {
    path: (name) => join(folder, name),
    write: async (name, content) => {
      await writeFile(join(folder, name), content);
      return join(folder, name);
    },
    names: async () => (await readdir(folder)).sort(),
  };
}
