import type { StateStore } from '../../keys/stores.ts';
import type { OpenedObject } from '../../transfer/openObject.ts';

/** The state of an object that an editor's content is based on. */
export interface FileBase {
  readonly etag: string;
  readonly mtime: number;
  readonly size: number;
  /** The rest; unknown after VS Code was closed and restored an editor's unsaved changes. */
  readonly opened?: OpenedObject | undefined;
}

/** The name under which the state store has the bases of the files that are open. */
const stateName = 'openFiles';
const capacity = 1_000;
const writeDelay = 500;

/**
 * Which state of its object each file was read or saved as, so that a save can say what it expects
 * to replace. VS Code does not tell the file system who reads: a read while an editor has unsaved
 * changes (for a comparison, for a search) is none that the editor is based on.
 */
export class FileBases {
  readonly #bases = new Map<string, FileBase>();
  readonly #state: StateStore;
  readonly #isOpen: (uri: string) => boolean;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param isOpen whether an editor shows a file: its base is kept, also beyond this session */
  constructor(state: StateStore, isOpen: (uri: string) => boolean) {
    this.#state = state;
    this.#isOpen = isOpen;
    for (const [uri, base] of readState(state.get(stateName))) this.#bases.set(uri, base);
  }

  get(uri: string): FileBase | undefined {
    return this.#bases.get(uri);
  }

  set(uri: string, base: FileBase): void {
    this.#bases.delete(uri);
    this.#bases.set(uri, base);
    for (const oldest of this.#bases.keys()) {
      if (this.#bases.size <= capacity) break;
      if (!this.#isOpen(oldest)) this.#bases.delete(oldest);
    }
    this.#writeSoon();
  }

  delete(uri: string): void {
    if (this.#bases.delete(uri)) this.#writeSoon();
  }

  entries(): readonly [uri: string, base: FileBase][] {
    return [...this.#bases];
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  #writeSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const open = [...this.#bases].filter(([uri]) => this.#isOpen(uri));
      void this.#state.set(
        stateName,
        open.map(([uri, { etag, mtime, size }]) => [uri, etag, mtime, size]),
      );
    }, writeDelay);
  }
}

function readState(stored: unknown): readonly [string, FileBase][] {
  if (!Array.isArray(stored)) return [];
  return stored.flatMap((entry: unknown): [string, FileBase][] => {
    if (!Array.isArray(entry)) return [];
    const [uri, etag, mtime, size] = entry as unknown[];
    const isValid =
      typeof uri === 'string' &&
      typeof etag === 'string' &&
      typeof mtime === 'number' &&
      typeof size === 'number';
    return isValid ? [[uri, { etag, mtime, size }]] : [];
  });
}
