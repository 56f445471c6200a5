import { setMaxListeners } from 'node:events';
import { mkdir, realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { isStoreError } from '../../core/storeError.ts';
import type { FileLock } from '../fileLock.ts';
import { askingUntilGivenUp } from '../givingUp.ts';
import { aborted } from '../pause.ts';
import { withRecentKey } from '../recentKey.ts';
import type { TransferContext } from '../transferContext.ts';
import { codeOf, readFailure } from '../transferError.ts';
import type { TransferJournal } from '../transferJournal.ts';
import type { TransferLimits } from '../transferLimits.ts';
import { LocalFolder, localSystem } from './localFolder.ts';
import { localNames, remoteNames } from './nameRules.ts';
import { lockPair } from './pairLock.ts';
import { PathFilter } from './pathFilter.ts';
import { compareSides } from './compareSides.ts';
import type { PlanItem } from './planItem.ts';
import { planSync } from './planSync.ts';
import { RemotePrefix } from './remotePrefix.ts';
import { runPlan } from './runPlan.ts';
import type { StateProblem } from './stateFile.ts';
import { SyncError } from './syncError.ts';
import type { FileEntry, ObjectEntry, ObstacleEntry } from './syncEntry.ts';
import type { SyncOptions } from './syncOptions.ts';
import { checkPair, isInside, pairName, type HostedPrefix, type SyncPair } from './syncPair.ts';
import type { SyncPlan } from './syncPlan.ts';
import type { SyncReport, SyncRunOptions } from './syncReport.ts';
import { SyncState } from './syncState.ts';
import type { SyncTask } from './syncTask.ts';
import type { DescribeUpload } from '../uploadOptions.ts';
import { walkLocal } from './walkLocal.ts';

/** Where a session keeps what it has to remember, and what it shares with other transfers. */
export interface SyncPlace {
  /** An absolute path outside of the pair; a lock and a journal stand beside it. No secrets. */
  readonly stateFile: string;
  /** For large files, to be gone on with. */
  readonly journal?: TransferJournal | undefined;
  readonly limits: TransferLimits;
  /** What other windows are told of this one while it has the pair: its title, say. */
  readonly window?: string | undefined;
  /** What the upload rules say about new objects; default what the context says. */
  readonly describeUpload?: DescribeUpload | undefined;
  /** How local files are deleted, for example into the trash; default for good. */
  readonly removeFile?: ((path: string) => Promise<void>) | undefined;
  /** Whether files get the mode that s3cmd noted; default false. */
  readonly restoreMode?: boolean | undefined;
}

/** How a plan is made. */
export interface SyncPlanOptions {
  /** A person said that a side that has nothing any more is meant so. */
  readonly acceptVanished?: boolean | undefined;
  /** Whether the plan names what is unchanged as well. */
  readonly listUnchanged?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  /** How many entries were listed so far, on both sides together. */
  readonly onProgress?: ((entries: number) => void) | undefined;
}

/** What this extension leaves in folders while it downloads, or when it mistrusts what came. */
const ownFiles = ['.*.????????.ssec-part', '*.md5-mismatch', '*.md5-mismatch-*'];

/**
 * Opens a pair for planning and running; close it afterwards. One session at a time over all
 * windows.
 *
 * @throws SyncError `inUse`, `overlap`, `invalid`; StoreError if there is no such connection
 */
export async function openSync(
  context: TransferContext,
  pair: SyncPair,
  place: SyncPlace,
): Promise<SyncSession> {
  checkPair(pair);
  const far = new RemotePrefix(await context.stores.get(pair.far.connection), pair.far);
  const near =
    pair.near.type === 'local'
      ? new LocalFolder(await realFolder(pair.near.folder), pair.followSymlinks ?? false)
      : new RemotePrefix(await context.stores.get(pair.near.address.connection), pair.near.address);
  const name = pairName(near.type === 'local' ? near.root : hosted(near), hosted(far));
  if (near.type === 'local') {
    const stateFile = join(await realFolder(dirname(place.stateFile)), basename(place.stateFile));
    if (isInside(stateFile, near.root)) {
      throw new SyncError(
        'overlap',
        `${near.root} cannot be synced: the extension keeps its own files in it.`,
      );
    }
  }
  await mkdir(dirname(place.stateFile), { recursive: true });
  const lock = await lockPair(`${place.stateFile}.lock`, place.window);
  try {
    const state = await SyncState.open(place.stateFile, name);
    return new SyncSession(context, pair, place, near, far, state, lock);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** An open pair. Its methods run one after the other. */
export class SyncSession {
  readonly #context: TransferContext;
  readonly #pair: SyncPair;
  readonly #place: SyncPlace;
  readonly #near: LocalFolder | RemotePrefix;
  readonly #far: RemotePrefix;
  readonly #state: SyncState;
  readonly #lock: FileLock;
  /** How the plans were made. */
  readonly #made = new WeakMap<SyncPlan, SyncOptions>();
  #last: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  /** Use {@link openSync}. */
  constructor(
    context: TransferContext,
    pair: SyncPair,
    place: SyncPlace,
    near: LocalFolder | RemotePrefix,
    far: RemotePrefix,
    state: SyncState,
    lock: FileLock,
  ) {
    this.#context = context;
    this.#pair = pair;
    this.#place = place;
    this.#near = near;
    this.#far = far;
    this.#state = state;
    this.#lock = lock;
  }

  /** Why what is remembered of the last sync is not used: everything is compared then. */
  get stateProblem(): StateProblem | undefined {
    return this.#state.problem;
  }

  /**
   * Lists both sides and says what a sync would do; nothing is changed. One LIST for 1,000 objects
   * and no other request.
   *
   * @throws SyncError `noFolder`, `inUse`; StoreError; TransferError `unreadable`
   */
  plan(options: SyncPlanOptions = {}): Promise<SyncPlan> {
    return this.#inTurn(async () => {
      const { signal } = options;
      try {
        return await this.#plan(options);
      } catch (error) {
        if (signal?.aborted === true) throw aborted();
        if (isStoreError(error) || error instanceof SyncError) throw error;
        throw this.#near.type === 'local' ? readFailure(this.#near.root, error) : error;
      }
    });
  }

  /**
   * Runs a plan of this session. What changed since it was made is left as it is and reported; so is
   * every other failure of an item. What the plan's confirmations ask must have been asked before.
   *
   * @throws SyncError `inUse` if another window took the pair over meanwhile
   */
  run(plan: SyncPlan, options: SyncRunOptions = {}): Promise<SyncReport> {
    return this.#inTurn(async () => {
      this.#requireLock();
      const report = await runPlan(this.#taskOf(plan, options), plan, options);
      this.#requireLock();
      return report;
    });
  }

  /**
   * Whether both sides of an item have the same content as they stand now; nothing is changed. What
   * has to be read goes through memory in pieces, whatever the size.
   *
   * @throws StoreError, TransferError, also if they changed since the plan was made
   */
  isSame(
    plan: SyncPlan,
    { path, near, far }: PlanItem,
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<boolean> {
    return this.#inTurn(async () => {
      this.#requireLock();
      const { finding } = await compareSides(this.#taskOf(plan, options), { path, near, far });
      return finding === 'same';
    });
  }

  /** What working on a plan takes. */
  #taskOf(plan: SyncPlan, options: Pick<SyncRunOptions, 'signal' | 'mayAsk'>): SyncTask {
    const made = this.#made.get(plan);
    if (made === undefined) throw new TypeError('The plan is not one of this session.');
    const signals = [this.#lock.lost, ...(options.signal === undefined ? [] : [options.signal])];
    const signal = AbortSignal.any(signals);
    // Every transfer listens, and there are many at a time.
    setMaxListeners(0, signal);
    const { journal, limits, removeFile, restoreMode } = this.#place;
    return {
      ...{ context: this.#runContext(), near: this.#near, far: this.#far },
      ...{ options: made, state: this.#state, journal, limits, removeFile, restoreMode },
      ...{ describeUpload: this.#describeUpload, mayAsk: options.mayAsk ?? true, signal },
    };
  }

  /** Ends the session, after what is still on its way; again it does nothing. */
  close(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#isClosed) return;
      this.#isClosed = true;
      try {
        if (!this.#lock.lost.aborted) await this.#state.close();
      } finally {
        await this.#lock.release();
      }
    });
  }

  async #plan(options: SyncPlanOptions): Promise<SyncPlan> {
    this.#requireLock();
    const { signal, onProgress } = options;
    const { direction, deletions, targetChanges, include, exclude = [] } = this.#pair;
    const ruleKeys = await this.#context.keys.ruleKeys();
    const isLocal = this.#near.type === 'local';
    const filter = new PathFilter({
      include,
      exclude: [...exclude, ...(isLocal ? ownFiles : [])],
      ignoreCase: isLocal && localSystem() !== 'posix',
    });
    const made: SyncOptions = {
      ...{ direction, deletions, targetChanges },
      includes: (path) => filter.includes(path),
      names: { near: this.#nearNames(), far: remoteNames(this.#far.address.prefix) },
      wantedKey: (path) => ruleKeys(this.#far.addressOf(path)),
      isSealed: (path) => this.#isSealed(path),
      acceptVanished: options.acceptVanished,
      listUnchanged: options.listUnchanged,
    };
    let entries = 0;
    const counted = async function* <T>(listing: AsyncIterable<T>): AsyncGenerator<T, void> {
      for await (const entry of listing) {
        entries += 1;
        onProgress?.(entries);
        yield entry;
      }
    };
    const listings = {
      near: counted(await this.#listNear(filter, signal)),
      far: counted(this.#far.list(signal)),
      records: this.#state.records(),
    };
    const plan = await planSync(listings, made);
    this.#made.set(plan, made);
    return plan;
  }

  async #listNear(
    filter: PathFilter,
    signal: AbortSignal | undefined,
  ): Promise<AsyncGenerator<FileEntry | ObjectEntry | ObstacleEntry, void>> {
    if (this.#near.type === 'remote') return this.#near.list(signal);
    const { root, followSymlinks } = this.#near;
    if (await this.#near.exists()) return walkLocal({ root, filter, followSymlinks, signal });
    if (this.#pair.direction !== 'localToRemote' && !(await this.#hasRecords())) return nothing();
    const message = `There is no folder ${root}. If it was moved, change the pair; if a disk is missing, connect it.`;
    throw new SyncError('noFolder', message);
  }

  async #hasRecords(): Promise<boolean> {
    const records = this.#state.records();
    const first = await records.next();
    await records.return();
    return first.done !== true;
  }

  #isSealed(path: string): boolean {
    try {
      return this.#describeUpload?.(this.#far.addressOf(path)).gpg !== undefined;
    } catch {
      // A rule that cannot be followed keeps from storing; an upload says so.
      return false;
    }
  }

  get #describeUpload(): DescribeUpload | undefined {
    return this.#place.describeUpload ?? this.#context.describeUpload;
  }

  #nearNames(): SyncOptions['names']['near'] {
    return this.#near.type === 'local'
      ? localNames(this.#near.system, Buffer.byteLength(this.#near.root))
      : remoteNames(this.#near.address.prefix);
  }

  /** Asks for customer keys as little as it can. */
  #runContext(): TransferContext {
    const context = askingUntilGivenUp(this.#context);
    return { ...context, keys: withRecentKey(context.keys) };
  }

  #requireLock(): void {
    if (this.#isClosed) throw new TypeError('The session was closed.');
    if (!this.#lock.lost.aborted) return;
    throw new SyncError('inUse', 'Another window has begun to sync this pair. Try again later.');
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }
}

function hosted({ store, address }: RemotePrefix): HostedPrefix {
  return { host: store.host, bucket: address.bucket, prefix: address.prefix };
}

/** A folder's path without links; as far as it exists. */
async function realFolder(folder: string): Promise<string> {
  try {
    return await realpath(folder);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw readFailure(folder, error);
    const parent = dirname(folder);
    return parent === folder ? resolve(folder) : join(await realFolder(parent), basename(folder));
  }
}

// eslint-disable-next-line @typescript-eslint/require-await, require-yield -- an empty stream
async function* nothing(): AsyncGenerator<never, void> {
  return;
}
