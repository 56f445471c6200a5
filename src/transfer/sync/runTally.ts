import { isStoreError } from '../../core/storeError.ts';
import { bytesOf, type RunnableItem } from './planItem.ts';
import type { Side } from './syncEntry.ts';
import type { SyncedItem, SyncFailure, SyncProgress, SyncReport } from './syncReport.ts';

/** So many items one after the other that the network fails, and it is given up. */
const networkFailures = 8;

/** Counts what becomes of the items of a run, and tells how far it is. */
export class RunTally {
  readonly #onProgress: ((progress: SyncProgress) => void) | undefined;
  readonly #succeeded: SyncedItem[] = [];
  readonly #failures: SyncFailure[] = [];
  readonly #conflicts: string[] = [];
  readonly #short = new Set<Side>();
  /** Of items that are on their way. */
  readonly #moving = new Map<RunnableItem, number>();
  readonly #totalBytes: number;
  readonly #totalObjects: number;
  #bytes = 0;
  #skipped = 0;
  #networkFailures = 0;
  #isHopeless = false;

  constructor(
    items: readonly RunnableItem[],
    onProgress: ((progress: SyncProgress) => void) | undefined,
  ) {
    this.#onProgress = onProgress;
    this.#totalObjects = items.length;
    this.#totalBytes = items.reduce((sum, item) => sum + transferredBytes(item), 0);
  }

  /** Whether no item can succeed any more. */
  get isHopeless(): boolean {
    return this.#isHopeless;
  }

  /** Whether something that was to go to a side is not there. */
  isShort(side: Side): boolean {
    return this.#short.has(side);
  }

  moved(item: RunnableItem, bytes: number): void {
    this.#bytes += bytes - (this.#moving.get(item) ?? 0);
    this.#moving.set(item, bytes);
    this.#tell(item);
  }

  succeeded(item: RunnableItem): void {
    this.#networkFailures = 0;
    this.#succeeded.push({ path: item.path, action: item.action });
    this.#end(item);
  }

  conflict(item: RunnableItem): void {
    this.#conflicts.push(item.path);
    this.#end(item);
  }

  failed(item: RunnableItem, cause: unknown): void {
    const error = cause instanceof Error ? cause : new Error(String(cause));
    this.#failures.push({ path: item.path, action: item.action, error });
    this.#noteShort(item);
    this.#isHopeless ||= isStoreError(error, 'credentials', 'tls', 'noSuchBucket');
    if (isStoreError(error, 'network', 'nameResolution')) {
      this.#networkFailures += 1;
      this.#isHopeless ||= this.#networkFailures >= networkFailures;
    }
    this.#end(item);
  }

  skipped(item: RunnableItem): void {
    this.#skipped += 1;
    this.#noteShort(item);
    this.#moving.delete(item);
  }

  report(planAgain: boolean): SyncReport {
    const isWhole = this.#failures.length === 0 && this.#skipped === 0;
    return {
      succeeded: this.#succeeded,
      failures: this.#failures,
      conflicts: this.#conflicts,
      skipped: this.#skipped,
      bytes: this.#bytes,
      planAgain: planAgain && isWhole,
    };
  }

  #noteShort(item: RunnableItem): void {
    if ('to' in item) this.#short.add(item.to);
    else if (!('from' in item)) this.#short.add('near').add('far');
  }

  #end(item: RunnableItem): void {
    this.#moving.delete(item);
    this.#tell(item);
  }

  #tell({ path }: RunnableItem): void {
    this.#onProgress?.({
      bytes: this.#bytes,
      totalBytes: this.#totalBytes,
      objects: this.#succeeded.length + this.#failures.length + this.#conflicts.length,
      totalObjects: this.#totalObjects,
      current: path,
    });
  }
}

function transferredBytes(item: RunnableItem): number {
  return 'to' in item || item.action === 'reencrypt' ? bytesOf(item) : 0;
}
