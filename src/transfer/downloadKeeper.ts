import type { ObjectStore } from '../core/objectStore.ts';
import { isReplaced, type BegunDownload } from './begunDownload.ts';
import { formatDone, type DownloadJournal, type DownloadRecord } from './downloadJournal.ts';
import type { DownloadFileOptions } from './downloadOptions.ts';
import { TransferError } from './transferError.ts';

/** How much may have to come again after a crash, in bytes. */
const notedEvery = 64 * 1024 * 1024;

/** Notes how far a download is, and decides what is kept of one that failed. */
export class DownloadKeeper {
  readonly #begun: BegunDownload;
  readonly #options: DownloadFileOptions;
  readonly #journal: DownloadJournal;
  readonly #record: Omit<DownloadRecord, 'done'>;
  readonly #isKept: boolean;
  #unnoted = 0;
  #noting: Promise<void> = Promise.resolve();

  constructor(
    store: ObjectStore,
    begun: BegunDownload,
    options: DownloadFileOptions,
    journal: DownloadJournal,
  ) {
    const { info, plan, partial } = begun;
    this.#begun = begun;
    this.#options = options;
    this.#journal = journal;
    // One request is not worth it.
    this.#isKept = journal.keeps && plan.count > 1;
    this.#record = {
      ...{ version: 1, host: store.host, address: info.address, versionId: options.versionId },
      ...{ path: partial.target, partial: partial.name, etag: info.etag, size: info.size },
      ...{ partSize: plan.partSize, fingerprint: options.customerKey?.fingerprint },
    };
  }

  /** Notes what is done, now and then. */
  async partDone(): Promise<void> {
    this.#unnoted += this.#begun.plan.partSize;
    if (this.#unnoted < notedEvery) return;
    this.#unnoted = 0;
    await this.note();
  }

  /** Notes what is done, after it has reached the disk. */
  async note(): Promise<void> {
    if (!this.#isKept) return;
    const { done, plan, partial } = this.#begun;
    // One after the other: the last one written has to be the last one taken.
    this.#noting = this.#noting.then(async () => {
      const record = { ...this.#record, done: formatDone(done, plan.count) };
      if (done.size > 0) await partial.sync();
      await this.#journal.write(record);
    });
    await this.#noting;
  }

  /** Keeps what can be gone on with, removes what can't. Never throws. */
  async settle(error: unknown): Promise<void> {
    const { signal, onAbort } = this.#options;
    const isUseless =
      !this.#isKept ||
      (signal?.aborted === true && onAbort === 'discard') ||
      (error instanceof TransferError && error.reason === 'contentMismatch') ||
      isReplaced(error);
    const { partial } = this.#begun;
    // What failed before is what the caller has to hear.
    const ignore = (): undefined => undefined;
    if (isUseless) {
      await partial.discard().catch(ignore);
      await this.#journal.remove().catch(ignore);
    } else {
      await this.note().catch(ignore);
      await partial.close();
    }
  }
}
