import { RecentMap } from './recentMap.ts';
import type { SeenObject } from './seenObjects.ts';

/**
 * Gives each state of a file its mtime. VS Code takes an mtime that advanced for a change and one
 * that did not for none, while S3 has whole seconds in some answers and milliseconds in others, and
 * two PUTs may fall into one second. So the ETag decides: the same ETag keeps its mtime, another
 * one gets a later mtime than the one before.
 */
export class MtimeClock {
  readonly #states = new RecentMap<{ readonly etag: string; readonly mtime: number }>(5_000);

  /** In ms since the epoch. @param name what the state is of, for example a URI */
  mtimeOf(name: string, { etag, lastModified }: Omit<SeenObject, 'size'>): number {
    const before = this.#states.get(name);
    const mtime =
      before?.etag === etag
        ? before.mtime
        : Math.max(lastModified.getTime(), (before?.mtime ?? 0) + 1);
    this.#states.set(name, { etag, mtime });
    return mtime;
  }

  /** Goes on from what was told before VS Code was closed. */
  restore(name: string, etag: string, mtime: number): void {
    this.#states.set(name, { etag, mtime });
  }
}
